import Foundation
import XCTest

@testable import MienCore

final class FaceTests: XCTestCase {
    private struct Content: Decodable {
        let faces: [Face]
    }

    private struct Face: Decodable {
        let width: Int
        let height: Int
        let channels: Int
        let pixels: Data
        let box: [Double]
        let points: [[Double?]]?
        let crop: Data
        let score: Double
        let faults: [String]
        let margin: Double
        let quality: Double
        let probabilities: [Double]
        let label: String
        let doubt: String

        var facePoints: FacePoints? { points.map(Vectors.points) }
        var square: FaceSquare { .around(facePoints, box: Vectors.box(box)) }

        /// Cut out as an app does: of the part of the picture around the square.
        func cut() -> PixelGrid {
            let part = square.part(width: width, height: height)
            let rows = part.top..<part.top + part.height
            let bytes = rows.flatMap { row in
                pixels[channels * (row * width + part.left)..<channels * (row * width + part.left + part.width)]
            }
            let around = PixelGrid(width: part.width, height: part.height, channels: channels, bytes: bytes)
            return FaceCrop.cut(around, at: part, square: square, side: FaceQuality.side)
        }

        func judged(_ crop: PixelGrid) -> FaceQuality {
            FaceQuality(crop: crop, square: square, points: facePoints, width: width, height: height)
        }
    }

    private func faces() throws -> [Face] {
        let content: Content = try Vectors.read("Faces")
        XCTAssertFalse(content.faces.isEmpty)
        return content.faces
    }

    func testTheCropIsMiensWithinOneGreyLevel() throws {
        for face in try faces() {
            let crop = face.cut()
            XCTAssertEqual(crop.bytes.count, face.crop.count)
            let differences = zip(crop.bytes, face.crop).map { abs(Int($0) - Int($1)) }
            XCTAssertLessThanOrEqual(differences.max() ?? 255, 1)
        }
    }

    func testQualityIsMiens() throws {
        for face in try faces() {
            let quality = face.judged(face.cut())
            XCTAssertEqual(quality.score, face.score, accuracy: 0.01)
            XCTAssertEqual(quality.faults.map(\.rawValue), face.faults)
        }
    }

    func testLabelAndDoubtAreMiens() throws {
        for face in try faces() {
            let named = Dictionary(uniqueKeysWithValues: zip(ExpressionLabel.names, face.probabilities))
            let probabilities = try ExpressionProbabilities(named: named)
            XCTAssertEqual(probabilities.best.rawValue, face.label)
            let limits = Sureness(margin: face.margin, quality: face.quality)
            let doubt = limits.doubt(
                probabilities: probabilities.values, quality: face.judged(face.cut()), labels: ExpressionLabel.names)
            XCTAssertEqual(doubt ?? "", face.doubt)
        }
    }

    func testThePointsComeFromWhatVisionOutlines() throws {
        struct Content: Decodable {
            let outlines: [Outline]
        }
        struct Outline: Decodable {
            let pupils: [[Double]]
            let nose: [[Double]]
            let lips: [[Double]]
            let points: [[Double]]?
        }
        let content: Content = try Vectors.read("Outlines")
        XCTAssertFalse(content.outlines.isEmpty)
        for outline in content.outlines {
            let points = FacePoints(
                pupils: (Vectors.place(outline.pupils[0]), Vectors.place(outline.pupils[1])),
                nose: outline.nose.map(Vectors.place), lips: outline.lips.map(Vectors.place))
            assertEqual(points, outline.points, accuracy: 1e-9)
        }
    }
}
