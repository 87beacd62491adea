// Declarations in meaning after Apple's documentation of UIKit; see README.md.
@_exported import AVFoundation
@_exported import CoreGraphics

@MainActor open class UIView: NSObject {
    open class var layerClass: AnyClass { CALayer.self }
    public init(frame: CGRect) {}
    public var layer: CALayer { CALayer() }
    open func layoutSubviews() {}
    open func setNeedsLayout() {}
}
@MainActor open class UIApplication: NSObject {
    public nonisolated static let openSettingsURLString = "app-settings:"
}
open class UIImage: NSObject, @unchecked Sendable {
    public init?(data: Data) {}
}
