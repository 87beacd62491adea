#if canImport(CoreML)
import Mien
import XCTest

/// Runs where Core ML is: on a device, in the simulator, on a Mac.
final class DeviceTests: XCTestCase {
    func testTheModelAnswersAsItWasTrained() async throws {
        let report = try await SelfTest().run()
        XCTAssertEqual(report.runs.map(\.processors), ["cpuOnly", "all"])
        XCTAssertTrue(report.holds, report.text)
    }
}
#endif
