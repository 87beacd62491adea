#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import CoreImage
@preconcurrency import CoreML
@preconcurrency import CoreVideo
import Foundation
import ImageIO

/// Names the expression of every face in a picture. Everything happens on the device.
///
///     let classifier = try await ExpressionClassifier()
///     let faces = try await classifier.faces(in: photo)
public actor ExpressionClassifier {
    private let reader: FaceReader

    /// Loads the model.
    /// - Throws: `ExpressionError.modelMissing`, `.modelUnavailable` or `.labelMismatch`.
    public init(computeUnits: MLComputeUnits = .all) async throws {
        let url = try await ExpressionModel.compiledURL()
        reader = try FaceReader(modelURL: url, computeUnits: computeUnits)
    }

    /// The faces of a still image, the largest first; none where there are none.
    /// - Parameter orientation: how the image is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func faces(
        in image: CGImage, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try reader.faces(in: CIImage(cgImage: image).oriented(orientation))
    }

    /// The faces of the image in encoded data (JPEG, HEIC, PNG…); its own orientation is honoured, and what is larger
    /// than 4096 pixels is reduced.
    /// - Throws: `ExpressionError.unreadableImage`, `.visionFailed` or `.modelFailed`.
    public func faces(in data: Data) throws -> [FaceExpression] {
        guard let image = CIImage(data: data, options: [.applyOrientationProperty: true]) else {
            throw ExpressionError.unreadableImage
        }
        return try reader.faces(in: image)
    }

    /// The faces of a single camera frame.
    /// - Parameter orientation: how the frame is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func faces(
        in frame: CVPixelBuffer, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try reader.faces(in: CIImage(cvPixelBuffer: frame).oriented(orientation))
    }

    /// The faces of a camera's next frame, followed from those before: each keeps its `id`, and what is said of it does
    /// not tremble. A camera needs a classifier of its own.
    /// - Parameters:
    ///   - orientation: how the frame is to be turned to stand upright.
    ///   - time: when the frame was taken, in seconds of any clock.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func followedFaces(
        in frame: CVPixelBuffer, orientation: CGImagePropertyOrientation = .up, at time: TimeInterval
    ) throws -> [FaceExpression] {
        try reader.followedFaces(in: CIImage(cvPixelBuffer: frame).oriented(orientation), at: time)
    }
}
#endif
