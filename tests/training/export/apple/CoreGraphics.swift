// Declarations in meaning after Apple's documentation of Core Graphics; see README.md.
@_exported import Foundation

public struct CGAffineTransform: Sendable {
    var scale = CGSize(width: 1, height: 1)
    var way = CGPoint.zero
    public init(translationX: CGFloat, y: CGFloat) { way = CGPoint(x: translationX, y: y) }
    public init(scaleX: CGFloat, y: CGFloat) { scale = CGSize(width: scaleX, height: y) }
}
extension CGRect {
    public func applying(_ t: CGAffineTransform) -> CGRect {
        CGRect(
            x: minX * t.scale.width + t.way.x, y: minY * t.scale.height + t.way.y, width: width * t.scale.width,
            height: height * t.scale.height)
    }
}
public final class CGImage {}
public final class CGColorSpace {}
