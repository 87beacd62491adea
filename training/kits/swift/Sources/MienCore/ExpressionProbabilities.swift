import Foundation

/// The probability of each expression for one face.
public struct ExpressionProbabilities: Unisolated.Value, Equatable {
    /// Those of `ExpressionLabel.allCases`, in their order; they add up to 1.
    public let values: [Double]

    /// - Parameter values: one for each of `ExpressionLabel.allCases`, in their order.
    public init(_ values: [Double]) {
        precondition(values.count == ExpressionLabel.allCases.count)
        self.values = values
    }

    /// What a model says, by its labels' names.
    /// - Throws: `ExpressionError.modelFailed` where one is missing.
    public init(named: [String: Double]) throws {
        values = try ExpressionLabel.allCases.map { label in
            guard let probability = named[label.rawValue] else {
                throw ExpressionError.modelFailed("it gave no probability of \(label.rawValue).")
            }
            return probability
        }
    }

    /// The most probable expression; of those that are equally so, the first.
    public var best: ExpressionLabel {
        let labels = ExpressionLabel.allCases
        let place = values.indices.reduce(0) { values[$1] > values[$0] ? $1 : $0 }
        return labels[labels.index(labels.startIndex, offsetBy: place)]
    }

    public var byLabel: [ExpressionLabel: Double] {
        Dictionary(uniqueKeysWithValues: zip(ExpressionLabel.allCases, values))
    }
}

extension ExpressionLabel {
    /// The labels' names, in the model's order.
    public static var names: [String] { allCases.map(\.rawValue) }

    /// - Throws: `ExpressionError.labelMismatch` unless a model with these labels, in any order, fits this code.
    public static func require(_ model: [String]) throws {
        guard model.count == names.count, Set(model) == Set(names) else {
            throw ExpressionError.labelMismatch(model: model, code: names)
        }
    }
}
