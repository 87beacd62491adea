#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import CoreML
import Foundation

/// Whether the model answers on this device as it did where it was trained.
public actor SelfTest {
    private typealias Model = ExpressionClassifier.ExpressionModel

    public init() {}

    /// Runs the pictures that came with the model on the processor alone, and on all that Core ML chooses from.
    /// - Throws: `ExpressionError`, where the model or its pictures cannot be had.
    public func run() async throws -> SelfTestReport {
        let cases = try Self.loadCases()
        let url = try await Model.compiledURL()
        var runs: [SelfTestRun] = []
        for (name, units) in [("cpuOnly", MLComputeUnits.cpuOnly), ("all", .all)] {
            let model = try Model(contentsOf: url, computeUnits: units)
            let crops = cases.pictures.map(cases.crop)
            let start = ContinuousClock.now
            let answers = try crops.map(model.probabilities)
            let time = ContinuousClock.now - start
            let seconds = Double(time.components.seconds) + 1e-18 * Double(time.components.attoseconds)
            runs.append(try cases.compare(answers, on: name, seconds: seconds))
        }
        let system = ProcessInfo.processInfo.operatingSystemVersionString
        return SelfTestReport(
            model: ExpressionClassifier.modelVersion, device: "\(Self.machine), \(system)", runs: runs)
    }

    private static func loadCases() throws -> SelfTestCases {
        for bundle in Model.bundles {
            if let file = bundle.url(forResource: "SelfTest", withExtension: "json") {
                guard let json = try? Data(contentsOf: file) else {
                    throw ExpressionError.modelUnavailable("its self-test cannot be read.")
                }
                return try SelfTestCases(json: json)
            }
        }
        throw ExpressionError.modelMissing("SelfTest.json")
    }

    /// Such as "iPhone16,1".
    private static var machine: String {
        var system = utsname()
        uname(&system)
        return withUnsafeBytes(of: &system.machine) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
#endif
