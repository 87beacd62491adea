// Declarations in meaning after Apple's documentation of Vision; see README.md.
@_exported import CoreImage

public struct VNImageOption: Hashable, Sendable {}
open class VNRequest: NSObject {}
open class VNFaceLandmarkRegion2D: NSObject {
    public func pointsInImage(imageSize: CGSize) -> [CGPoint] { [] }
}
open class VNFaceLandmarks2D: NSObject {
    public var leftPupil: VNFaceLandmarkRegion2D? { nil }
    public var rightPupil: VNFaceLandmarkRegion2D? { nil }
    public var noseCrest: VNFaceLandmarkRegion2D? { nil }
    public var nose: VNFaceLandmarkRegion2D? { nil }
    public var outerLips: VNFaceLandmarkRegion2D? { nil }
}
open class VNFaceObservation: NSObject {
    public init(boundingBox: CGRect) { self.boundingBox = boundingBox }
    public let boundingBox: CGRect
    public var landmarks: VNFaceLandmarks2D? { nil }
}
open class VNDetectFaceLandmarksRequest: VNRequest {
    public nonisolated(unsafe) static var pretendedResults: [VNFaceObservation]?
    public override init() {}
    public var results: [VNFaceObservation]? { Self.pretendedResults }
}
open class VNImageRequestHandler: NSObject {
    public nonisolated(unsafe) static var fault: (any Error)?
    public nonisolated(unsafe) static var lastExtent = CGRect.zero
    public init(ciImage image: CIImage, options: [VNImageOption: Any] = [:]) { Self.lastExtent = image.extent }
    public func perform(_ requests: [VNRequest]) throws {
        if let fault = Self.fault { throw fault }
    }
}
