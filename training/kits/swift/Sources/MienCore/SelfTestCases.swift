import Foundation

/// Pictures that Mien made (noise, gradients, drawn faces) with what the trained network said of them before it became a
/// Core ML model.
public struct SelfTestCases: Unisolated.Value, Decodable {
    public struct Picture: Unisolated.Value, Decodable {
        public let name: String
        /// `side` × `side` grey pixels, row after row.
        public let grey: Data
        /// One for each of `labels`, in their order.
        public let probabilities: [Double]
    }

    public let side: Int
    /// The greatest difference in any probability that is no fault.
    public let allowed: Double
    public let labels: [String]
    public let pictures: [Picture]

    /// - Throws: `ExpressionError.modelUnavailable` where they are damaged.
    public init(json: Data) throws {
        do {
            self = try JSONDecoder().decode(SelfTestCases.self, from: json)
        } catch {
            throw ExpressionError.modelUnavailable("its self-test cannot be read.")
        }
        guard side > 0, !pictures.isEmpty,
            pictures.allSatisfy({ $0.grey.count == side * side && $0.probabilities.count == labels.count })
        else {
            throw ExpressionError.modelUnavailable("its self-test is incomplete.")
        }
    }

    /// The picture as the model takes it.
    public func crop(of picture: Picture) -> PixelGrid {
        PixelGrid(width: side, height: side, channels: 1, bytes: [UInt8](picture.grey))
    }

    /// What the network said of each picture, in the order of `ExpressionLabel.allCases`.
    /// - Throws: `ExpressionError.labelMismatch` or `.modelFailed`.
    public func expected() throws -> [ExpressionProbabilities] {
        try ExpressionLabel.require(labels)
        return try pictures.map {
            try ExpressionProbabilities(named: Dictionary(uniqueKeysWithValues: zip(labels, $0.probabilities)))
        }
    }

    /// How far a model's answers, one a picture, are from what the network said.
    /// - Throws: `ExpressionError.labelMismatch` or `.modelFailed`.
    public func compare(
        _ answers: [ExpressionProbabilities], on processors: String, seconds: TimeInterval
    ) throws -> SelfTestRun {
        precondition(answers.count == pictures.count)
        let differences = zip(try expected(), answers).map { expected, answer in
            zip(expected.values, answer.values).reduce(0) { greatest, pair in
                let difference = abs(pair.0 - pair.1)
                return difference.isFinite ? max(greatest, difference) : .infinity
            }
        }
        let worst = differences.indices.reduce(0) { differences[$1] > differences[$0] ? $1 : $0 }
        return SelfTestRun(
            processors: processors, difference: differences[worst], picture: pictures[worst].name,
            milliseconds: 1000 * seconds / Double(pictures.count), holds: differences[worst] <= allowed)
    }
}

/// What the model answered on some of the device's processors.
public struct SelfTestRun: Unisolated.Value, Equatable, Identifiable {
    /// Which of Core ML's compute units: "cpuOnly", "all".
    public let processors: String
    /// The greatest difference in any probability, 0…1; infinite where an answer is no number.
    public let difference: Double
    /// The picture where it is greatest.
    public let picture: String
    /// For one face.
    public let milliseconds: Double
    /// Whether no difference is greater than allowed.
    public let holds: Bool

    public var id: String { processors }

    public var summary: String {
        let verdict = holds ? "as trained" : "NOT as trained"
        let number = difference.formatted(.number.precision(.fractionLength(5)))
        let time = milliseconds.formatted(.number.precision(.fractionLength(2)))
        return "\(processors): \(verdict), greatest difference \(number) (\(picture)), \(time) ms a face"
    }
}

/// A self-test's runs, for a person to read and to send.
public struct SelfTestReport: Unisolated.Value, Equatable {
    /// The model's version, as in its compiled name.
    public let model: String
    /// The device and its system.
    public let device: String
    public let runs: [SelfTestRun]

    public init(model: String, device: String, runs: [SelfTestRun]) {
        self.model = model
        self.device = device
        self.runs = runs
    }

    public var holds: Bool { runs.allSatisfy(\.holds) }

    public var text: String {
        (["Mien self-test, model \(model)", device] + runs.map(\.summary)).joined(separator: "\n")
    }
}
