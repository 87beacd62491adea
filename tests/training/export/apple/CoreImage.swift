// Declarations in meaning after Apple's documentation of Core Image; see README.md.
@_exported import CoreVideo
@_exported import ImageIO

public struct CIImageOption: Hashable, Sendable {
    public static let applyOrientationProperty = CIImageOption()
}
public struct CIContextOption: Hashable, Sendable {
    public static let workingColorSpace = CIContextOption()
}
open class CIImage: NSObject {
    public init(cgImage image: CGImage) {}
    public init(cvPixelBuffer pixelBuffer: CVPixelBuffer) {}
    public init?(data: Data, options: [CIImageOption: Any]? = nil) {}
    public var extent: CGRect { .zero }
    public func oriented(_ orientation: CGImagePropertyOrientation) -> CIImage { self }
    public func transformed(by matrix: CGAffineTransform) -> CIImage { self }
    public func transformed(by matrix: CGAffineTransform, highQualityDownsample: Bool) -> CIImage { self }
    public func clampedToExtent() -> CIImage { self }
}
open class CIContext: NSObject {
    public init(options: [CIContextOption: Any]? = nil) {}
    public func render(_ image: CIImage, to buffer: CVPixelBuffer, bounds: CGRect, colorSpace: CGColorSpace?) {}
}
