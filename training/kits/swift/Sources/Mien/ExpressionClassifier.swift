import CoreImage
import CoreML
import CoreVideo
import Foundation
import ImageIO

/// Names the expression of every face in a picture. Everything happens on the device.
///
///     let classifier = try await ExpressionClassifier()
///     let faces = try await classifier.faces(in: photo)
public actor ExpressionClassifier {
    private let model: ExpressionModel
    private let expressions = Array(Expression.allCases)

    /// Loads the model.
    /// - Throws: `ExpressionError.modelUnavailable` or `.labelMismatch`.
    public init(configuration: MLModelConfiguration = MLModelConfiguration()) async throws {
        model = try await ExpressionModel(configuration: configuration)
    }

    /// The faces of a still image, the largest first.
    /// - Parameter orientation: how the image is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func faces(
        in image: CGImage, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try faces(in: CIImage(cgImage: image).oriented(orientation))
    }

    /// The faces of the image in encoded data (JPEG, HEIC, PNG…); its own orientation is honoured.
    /// - Throws: `ExpressionError.unreadableImage`, `.visionFailed` or `.modelFailed`.
    public func faces(in data: Data) throws -> [FaceExpression] {
        guard let image = CIImage(data: data, options: [.applyOrientationProperty: true]) else {
            throw ExpressionError.unreadableImage
        }
        return try faces(in: image)
    }

    /// The faces of a camera frame.
    /// - Parameter orientation: how the frame is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func faces(
        in frame: CVPixelBuffer, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try faces(in: CIImage(cvPixelBuffer: frame).oriented(orientation))
    }

    private func faces(in image: CIImage) throws -> [FaceExpression] {
        let picture = try Picture(image)
        return try FaceFinder.faces(in: picture).map { try classify($0, in: picture) }
    }

    private func classify(_ face: FoundFace, in picture: Picture) throws -> FaceExpression {
        let square = face.square
        let crop = try picture.crop(square, side: model.side)
        let judged = model.side == FaceQuality.side ? crop : try picture.crop(square, side: FaceQuality.side)
        let quality = FaceQuality(
            crop: judged, square: square, points: face.points, width: picture.width, height: picture.height)
        let probabilities = try model.probabilities(of: crop)
        let doubt = Sureness.ofModel?.doubt(
            probabilities: probabilities, quality: quality, labels: expressions.map(\.rawValue))
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return FaceExpression(
            id: UUID(), box: picture.fractions(of: face.box), expression: expressions[best],
            probabilities: Dictionary(uniqueKeysWithValues: zip(expressions, probabilities)), quality: quality,
            doubt: doubt)
    }
}
