import CoreImage
import CoreML
import CoreVideo
import Foundation
import ImageIO
import Vision

/// One face of a picture and what it shows.
public struct FaceExpression: Identifiable, Sendable, Equatable {
    public let id: UUID
    /// The face in fractions of the upright picture, origin at the upper left.
    public let box: CGRect
    /// The most probable expression.
    public let expression: Expression
    /// The probability of every expression; they add up to 1.
    public let probabilities: [Expression: Double]

    /// How certain the model is of `expression`, 0…1.
    public var certainty: Double { probabilities[expression] ?? 0 }
}

/// Names the expression of every face in a picture. Everything happens on the device.
///
///     let classifier = try await ExpressionClassifier()
///     let faces = try await classifier.faces(in: photo)
public actor ExpressionClassifier {
    private let model: VNCoreMLModel

    /// Loads the model.
    /// - Throws: `ExpressionError.modelUnavailable` or `.labelMismatch`.
    public init(configuration: MLModelConfiguration = MLModelConfiguration()) async throws {
        model = try await ExpressionModel.load(configuration: configuration)
    }

    /// The faces of a still image, the largest first.
    /// - Parameter orientation: how the image is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed`.
    public func faces(
        in image: CGImage, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try faces(in: CIImage(cgImage: image).oriented(orientation))
    }

    /// The faces of the image in encoded data (JPEG, HEIC, PNG…); its own orientation is honoured.
    /// - Throws: `ExpressionError.unreadableImage` or `.visionFailed`.
    public func faces(in data: Data) throws -> [FaceExpression] {
        guard let image = CIImage(data: data, options: [.applyOrientationProperty: true]) else {
            throw ExpressionError.unreadableImage
        }
        return try faces(in: image)
    }

    /// The faces of a camera frame.
    /// - Parameter orientation: how the frame is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed`.
    public func faces(
        in frame: CVPixelBuffer, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try faces(in: CIImage(cvPixelBuffer: frame).oriented(orientation))
    }

    private func faces(in image: CIImage) throws -> [FaceExpression] {
        guard !image.extent.isEmpty, !image.extent.isInfinite else {
            throw ExpressionError.unreadableImage
        }
        let boxes = try findFaces(in: image)
        return try boxes.map { try classify(image, box: $0) }
    }

    private func findFaces(in image: CIImage) throws -> [CGRect] {
        let request = VNDetectFaceRectanglesRequest()
        try perform(request, on: image)
        let boxes = (request.results ?? []).map(\.boundingBox)
        return boxes.sorted { $0.width * $0.height > $1.width * $1.height }
    }

    private func classify(_ image: CIImage, box: CGRect) throws -> FaceExpression {
        let request = VNCoreMLRequest(model: model)
        request.imageCropAndScaleOption = .scaleFill
        try perform(request, on: FaceCrop.crop(image, to: box))
        var probabilities: [Expression: Double] = [:]
        for answer in request.results as? [VNClassificationObservation] ?? [] {
            guard let expression = Expression(rawValue: answer.identifier) else {
                throw ExpressionError.labelMismatch([answer.identifier])
            }
            probabilities[expression] = Double(answer.confidence)
        }
        guard let best = probabilities.max(by: { $0.value < $1.value })?.key else {
            throw ExpressionError.visionFailed("the model gave no answer.")
        }
        let upright = CGRect(x: box.minX, y: 1 - box.maxY, width: box.width, height: box.height)
        return FaceExpression(id: UUID(), box: upright, expression: best, probabilities: probabilities)
    }

    private func perform(_ request: VNRequest, on image: CIImage) throws {
        do {
            try VNImageRequestHandler(ciImage: image).perform([request])
        } catch {
            throw ExpressionError.visionFailed(error.localizedDescription)
        }
    }
}
