import Foundation
import XCTest

@testable import MienCore

final class SelfTestTests: XCTestCase {
    private func cases(_ rows: [[Double]]) throws -> SelfTestCases {
        let pictures = rows.enumerated().map { index, row in
            ["name": "picture \(index)", "grey": Data([0, 255, 3, 9]).base64EncodedString(), "probabilities": row]
                as [String: Any]
        }
        let content: [String: Any] = [
            "side": 2, "allowed": 0.01, "labels": ExpressionLabel.names, "pictures": pictures,
        ]
        return try SelfTestCases(json: JSONSerialization.data(withJSONObject: content))
    }

    private let even = ExpressionLabel.names.map { _ in 1 / Double(ExpressionLabel.names.count) }

    func testItShowsTheGreatestDifferenceAndWhereItIs() throws {
        var other = even
        other[0] += 0.02
        let cases = try cases([even, even, even])
        let answers = [even, other, even].map(ExpressionProbabilities.init)
        let run = try cases.compare(answers, on: "cpuOnly", seconds: 0.3)
        XCTAssertEqual(run.difference, 0.02, accuracy: 1e-9)
        XCTAssertEqual(run.picture, "picture 1")
        XCTAssertEqual(run.milliseconds, 100, accuracy: 1e-9)
        XCTAssertFalse(run.holds)
        let same = try cases.compare([even, even, even].map(ExpressionProbabilities.init), on: "all", seconds: 0.3)
        XCTAssertTrue(same.holds)
        let report = SelfTestReport(model: "v", device: "a phone", runs: [same, run])
        XCTAssertFalse(report.holds)
        XCTAssertTrue(report.text.contains("cpuOnly: NOT as trained"), report.text)
        XCTAssertTrue(report.text.contains("all: as trained"), report.text)
    }

    func testAnAnswerThatIsNoNumberIsAFault() throws {
        let run = try cases([even]).compare(
            [ExpressionProbabilities(even.map { _ in .nan })], on: "all", seconds: 0.1)
        XCTAssertFalse(run.holds)
    }

    func testADamagedOneIsRefused() throws {
        let lacksOne = Array(even.dropLast())
        XCTAssertThrowsError(try cases([lacksOne])) { XCTAssertTrue($0 is ExpressionError) }
        XCTAssertThrowsError(try cases([])) { XCTAssertTrue($0 is ExpressionError) }
        XCTAssertThrowsError(try SelfTestCases(json: Data("{".utf8))) { XCTAssertTrue($0 is ExpressionError) }
    }

    func testThePicturesPixelsAreTheModelsInput() throws {
        let cases = try cases([even])
        XCTAssertEqual(
            cases.crop(of: cases.pictures[0]), PixelGrid(width: 2, height: 2, channels: 1, bytes: [0, 255, 3, 9]))
    }
}
