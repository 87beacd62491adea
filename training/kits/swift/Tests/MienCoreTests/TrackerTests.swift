import Foundation
import XCTest

@testable import MienCore

final class TrackerTests: XCTestCase {
    private struct Film: Decodable {
        let margin: Double
        let quality: Double
        let frames: [Frame]
    }

    private struct Frame: Decodable {
        let time: Double
        let boxes: [[Double]]
        let points: [[[Double]]]
        let probabilities: [[Double]]
        let scores: [Double]
        let told: [Told]
    }

    private struct Told: Decodable {
        let id: Int
        let box: [Double]
        let points: [[Double]]
        let probabilities: [Double]
        let doubt: String
    }

    func testFacesAreFollowedAndSmoothedAsMienDoes() throws {
        let film: Film = try Vectors.read("Film")
        XCTAssertFalse(film.frames.isEmpty)
        var tracker = FaceTracker()
        var doubts = SteadyDoubts(
            Sureness(margin: film.margin, quality: film.quality), labels: ExpressionLabel.names)
        for frame in film.frames {
            let found = zip(frame.boxes, frame.points).map {
                FoundFace(box: Vectors.box($0), points: Vectors.points($1))
            }
            let places = tracker.steadied(found, at: frame.time)
            let tracks = tracker.update(places, probabilities: frame.probabilities, at: frame.time)
            doubts.forgetOthers(than: tracks.map(\.id))
            XCTAssertEqual(tracks.map(\.id), frame.told.map(\.id))
            for ((track, told), score) in zip(zip(tracks, frame.told), frame.scores) {
                let box = track.face.box
                assertEqual([box.x, box.y, box.width, box.height], told.box, accuracy: 1e-3)
                assertEqual(track.face.points, told.points, accuracy: 1e-3)
                assertEqual(track.probabilities, told.probabilities, accuracy: 1e-5)
                let quality = FaceQuality(score: score, faults: score < 1 ? [.dark] : [])
                let doubt = doubts.update(
                    face: track.id, probabilities: track.probabilities, quality: quality, at: frame.time)
                XCTAssertEqual(doubt ?? "", told.doubt)
            }
        }
    }
}
