// Declarations in meaning after Apple's documentation of Core Graphics; see README.md.
@_exported import Foundation

public struct CGAffineTransform: Sendable {
    public init(translationX: CGFloat, y: CGFloat) {}
    public init(scaleX: CGFloat, y: CGFloat) {}
}
public final class CGImage {}
public final class CGColorSpace {}
