#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import CoreImage
@preconcurrency import CoreML
import Foundation

extension ExpressionClassifier {
    /// Finds the faces of pictures and reads what they show. Whoever holds it uses it from one place at a time.
    final class FaceReader {
        private let model: ExpressionModel
        private let context = Picture.makeContext()
        private var tracker = FaceTracker()
        private var doubts = Sureness.ofModel.map { SteadyDoubts($0, labels: ExpressionLabel.names) }

        /// - Parameter url: of the compiled model.
        /// - Throws: `ExpressionError.modelUnavailable` or `.labelMismatch`.
        init(modelURL url: URL, computeUnits: MLComputeUnits = .all) throws {
            model = try ExpressionModel(contentsOf: url, computeUnits: computeUnits)
        }

        /// The faces of a still picture, the largest first.
        func faces(in image: CIImage) throws -> [FaceExpression] {
            let picture = try Picture(image, context: context)
            return try FaceFinder.faces(in: picture).enumerated().map { index, face in
                let reading = try read(face, in: picture)
                let doubt = Sureness.ofModel?.doubt(
                    probabilities: reading.probabilities.values, quality: reading.quality, labels: ExpressionLabel.names
                )
                return reading.named(id: index + 1, box: picture.fractions(of: face.box), doubt: doubt)
            }
        }

        /// The faces of a camera's next frame, followed from those before.
        /// - Parameter time: when it was taken, in seconds of any clock.
        func followedFaces(in image: CIImage, at time: TimeInterval) throws -> [FaceExpression] {
            let picture = try Picture(image, context: context)
            let places = tracker.steadied(try FaceFinder.faces(in: picture), at: time)
            let readings = try places.map { try read($0, in: picture) }
            let tracks = tracker.update(places, probabilities: readings.map(\.probabilities.values), at: time)
            doubts?.forgetOthers(than: tracks.map(\.id))
            return zip(tracks, readings).map { track, reading in
                let doubt = doubts?.update(
                    face: track.id, probabilities: track.probabilities, quality: reading.quality, at: time)
                let smooth = Reading(
                    probabilities: ExpressionProbabilities(track.probabilities), quality: reading.quality)
                return smooth.named(id: track.id, box: picture.fractions(of: track.face.box), doubt: doubt ?? nil)
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
    }

    /// What a face's pixels say, and how fit they are.
    fileprivate struct Reading {
        let probabilities: ExpressionProbabilities
        let quality: FaceQuality

        func named(id: Int, box: CGRect, doubt: String?) -> FaceExpression {
            FaceExpression(
                id: id, box: box, label: probabilities.best, probabilities: probabilities.byLabel, quality: quality,
                doubt: doubt)
        }
    }
}
#endif
