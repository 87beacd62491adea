import Foundation
import XCTest

@testable import MienCore

/// What Mien, in Python, made of pictures, faces and films: the tests' resources.
enum Vectors {
    static func read<Content: Decodable>(_ name: String) throws -> Content {
        let file = try XCTUnwrap(Bundle.module.url(forResource: name, withExtension: "json"))
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }

    static func box(_ values: [Double]) -> FaceBox {
        FaceBox(x: values[0], y: values[1], width: values[2], height: values[3])
    }

    static func place(_ values: [Double?]) -> PicturePoint {
        PicturePoint(x: values[0] ?? .nan, y: values[1] ?? .nan)
    }

    static func points(_ values: [[Double?]]) -> FacePoints {
        let places = values.map(place)
        return FacePoints(
            eye: places[0], otherEye: places[1], nose: places[2], mouthCorner: places[3], otherMouthCorner: places[4])
    }
}

func assertEqual(
    _ first: FacePoints?, _ second: [[Double]]?, accuracy: Double, file: StaticString = #filePath, line: UInt = #line
) {
    let values = first.map { $0.all.flatMap { [$0.x, $0.y] } }
    assertEqual(values, second.map { $0.flatMap { $0 } }, accuracy: accuracy, file: file, line: line)
}

func assertEqual(
    _ first: [Double]?, _ second: [Double]?, accuracy: Double, file: StaticString = #filePath, line: UInt = #line
) {
    XCTAssertEqual(first?.count, second?.count, file: file, line: line)
    for (one, other) in zip(first ?? [], second ?? []) {
        XCTAssertEqual(one, other, accuracy: accuracy, file: file, line: line)
    }
}
