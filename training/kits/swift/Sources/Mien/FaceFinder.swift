#if canImport(CoreImage) && canImport(Vision)
@preconcurrency import CoreImage
import Foundation
@preconcurrency import Vision

extension ExpressionClassifier {
    /// Finds faces with Vision, and their eyes, nose and mouth.
    enum FaceFinder {
        /// The faces of a picture, in its pixels from the upper left corner, the largest first.
        static func faces(in picture: Picture) throws -> [FoundFace] {
            let request = VNDetectFaceLandmarksRequest()
            do {
                try VNImageRequestHandler(ciImage: picture.image).perform([request])
            } catch {
                throw ExpressionError.visionFailed(error.localizedDescription)
            }
            let found = (request.results ?? []).map { face in
                FoundFace(
                    box: picture.box(ofNormalized: face.boundingBox),
                    points: face.landmarks.flatMap { points(of: $0, in: picture) })
            }
            return found.sorted { $0.box.area > $1.box.area }
        }

        private static func points(of landmarks: VNFaceLandmarks2D, in picture: Picture) -> FacePoints? {
            func places(_ region: VNFaceLandmarkRegion2D?) -> [PicturePoint] {
                let size = CGSize(width: picture.width, height: picture.height)
                return (region?.pointsInImage(imageSize: size) ?? []).map {
                    PicturePoint(x: Double($0.x), y: Double(size.height - $0.y))
                }
            }
            guard let pupil = places(landmarks.leftPupil).first, let other = places(landmarks.rightPupil).first else {
                return nil
            }
            let crest = places(landmarks.noseCrest)
            return FacePoints(
                pupils: (pupil, other), nose: crest.isEmpty ? places(landmarks.nose) : crest,
                lips: places(landmarks.outerLips))
        }
    }
}
#endif
