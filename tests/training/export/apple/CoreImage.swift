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
    init(extent: CGRect) { self.extent = extent }
    public init(cgImage image: CGImage) { extent = .zero }
    public init(cvPixelBuffer pixelBuffer: CVPixelBuffer) { extent = .zero }
    // A picture, here, is "width height orientation", the last as EXIF counts it.
    public init?(data: Data, options: [CIImageOption: Any]? = nil) {
        let words = String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        guard words.count == 3 else { return nil }
        let turned = words[2] >= 5 && options?[.applyOrientationProperty] as? Bool == true
        extent = CGRect(x: 0, y: 0, width: words[turned ? 1 : 0], height: words[turned ? 0 : 1])
    }
    public let extent: CGRect
    public func oriented(_ orientation: CGImagePropertyOrientation) -> CIImage { self }
    public func transformed(by matrix: CGAffineTransform) -> CIImage { CIImage(extent: extent.applying(matrix)) }
    public func transformed(by matrix: CGAffineTransform, highQualityDownsample: Bool) -> CIImage {
        transformed(by: matrix)
    }
    public func clampedToExtent() -> CIImage { self }
}
open class CIContext: NSObject {
    public init(options: [CIContextOption: Any]? = nil) {}
    public func render(_ image: CIImage, to buffer: CVPixelBuffer, bounds: CGRect, colorSpace: CGColorSpace?) {}
}
