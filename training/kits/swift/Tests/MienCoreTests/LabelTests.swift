import Foundation
import XCTest

@testable import MienCore

final class LabelTests: XCTestCase {
    func testAModelOfTheSameLabelsFitsInAnyOrder() throws {
        XCTAssertNoThrow(try ExpressionLabel.require(ExpressionLabel.names.reversed()))
    }

    func testAModelOfOtherLabelsIsRefusedWithBothLists() {
        for model in [ExpressionLabel.names + ["a new one"], Array(ExpressionLabel.names.dropLast()), []] {
            XCTAssertThrowsError(try ExpressionLabel.require(model)) { error in
                let mismatch = ExpressionError.labelMismatch(model: model, code: ExpressionLabel.names)
                XCTAssertEqual(error as? ExpressionError, mismatch)
                for label in model + ExpressionLabel.names {
                    XCTAssertTrue(error.localizedDescription.contains(label), error.localizedDescription)
                }
            }
        }
    }

    func testAnAnswerThatLacksALabelIsRefused() {
        XCTAssertThrowsError(try ExpressionProbabilities(named: [:]))
    }
}
