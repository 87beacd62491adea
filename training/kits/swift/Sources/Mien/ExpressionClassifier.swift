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
    private let context = Picture.makeContext()
    private let expressions = Array(Expression.allCases)
    private var tracker = FaceTracker()
    private var doubts = Sureness.ofModel.map { SteadyDoubts($0, labels: Expression.allCases.map(\.rawValue)) }

    /// Loads the model.
    /// - Throws: `ExpressionError.modelUnavailable` or `.labelMismatch`.
    public init(configuration: MLModelConfiguration = MLModelConfiguration()) async throws {
        model = try ExpressionModel(contentsOf: try await ExpressionModel.compiledURL(), configuration: configuration)
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

    /// The faces of a single camera frame.
    /// - Parameter orientation: how the frame is to be turned to stand upright.
    /// - Throws: `ExpressionError.visionFailed` or `.modelFailed`.
    public func faces(
        in frame: CVPixelBuffer, orientation: CGImagePropertyOrientation = .up
    ) throws -> [FaceExpression] {
        try faces(in: CIImage(cvPixelBuffer: frame).oriented(orientation))
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
        let picture = try Picture(CIImage(cvPixelBuffer: frame).oriented(orientation), context: context)
        let places = tracker.steadied(try FaceFinder.faces(in: picture), at: time)
        let readings = try places.map { try read($0, in: picture) }
        let tracks = tracker.update(places, probabilities: readings.map(\.probabilities), at: time)
        doubts?.forgetOthers(than: tracks.map(\.id))
        return zip(tracks, readings).map { track, reading in
            let doubt = doubts?.update(
                face: track.id, probabilities: track.probabilities, quality: reading.quality, at: time)
            let smooth = Reading(probabilities: track.probabilities, quality: reading.quality)
            return named(smooth, id: track.id, box: picture.fractions(of: track.face.box), doubt: doubt ?? nil)
        }
    }

    private func faces(in image: CIImage) throws -> [FaceExpression] {
        let picture = try Picture(image, context: context)
        return try FaceFinder.faces(in: picture).enumerated().map { index, face in
            let reading = try read(face, in: picture)
            let doubt = Sureness.ofModel?.doubt(
                probabilities: reading.probabilities, quality: reading.quality, labels: expressions.map(\.rawValue))
            return named(reading, id: index + 1, box: picture.fractions(of: face.box), doubt: doubt)
        }
    }

    private func read(_ face: FoundFace, in picture: Picture) throws -> Reading {
        let square = face.square
        let crop = try picture.crop(square, side: model.side)
        let judged = model.side == FaceQuality.side ? crop : try picture.crop(square, side: FaceQuality.side)
        let quality = FaceQuality(
            crop: judged, square: square, points: face.points, width: picture.width, height: picture.height)
        return Reading(probabilities: try model.probabilities(of: crop), quality: quality)
    }

    private func named(_ reading: Reading, id: Int, box: CGRect, doubt: String?) -> FaceExpression {
        let probabilities = reading.probabilities
        let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
        return FaceExpression(
            id: id, box: box, expression: expressions[best],
            probabilities: Dictionary(uniqueKeysWithValues: zip(expressions, probabilities)),
            quality: reading.quality, doubt: doubt)
    }
}

/// What a face's pixels say: the probability of each of `Expression.allCases`, and how fit they are.
private struct Reading {
    let probabilities: [Double]
    let quality: FaceQuality
}
