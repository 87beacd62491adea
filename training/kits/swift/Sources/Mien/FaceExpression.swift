import Foundation

/// One face of a picture and what it shows.
public struct FaceExpression: Identifiable, Unisolated.Value, Equatable {
    /// Its number: the same from frame to frame where faces are followed, else its place in the picture's list.
    public let id: Int
    /// The face in fractions of the upright picture, origin at the upper left.
    public let box: CGRect
    /// The most probable expression; believe it only where there is no `doubt`.
    public let label: ExpressionLabel
    /// The probability of every expression; they add up to 1.
    public let probabilities: [ExpressionLabel: Double]
    /// What in the picture speaks against naming this face.
    public let quality: FaceQuality
    /// Why `label` is not sure, such as "too dark" or "fear or surprise". Nil where it is sure.
    public let doubt: String?

    /// How certain the model is of `label`, 0…1.
    public var certainty: Double { probabilities[label] ?? 0 }

    /// What a person is told: "happiness 97%", or "Not sure: too dark".
    public var summary: String {
        if let doubt {
            return "Not sure: \(doubt)"
        }
        return "\(label.rawValue) \(certainty.formatted(.percent.precision(.fractionLength(0))))"
    }
}
