import Foundation

/// When an answer is given rather than "not sure"; both 0…1.
public struct Sureness: Unisolated.Value, Equatable {
    /// The least gap between the two highest probabilities.
    public let margin: Double
    /// The least quality score.
    public let quality: Double

    public init(margin: Double, quality: Double) {
        self.margin = margin
        self.quality = quality
    }

    /// Why an answer is not sure: "too dark", "fear or surprise". Nil where it is.
    /// - Parameter probabilities: those of `labels`.
    public func doubt(probabilities: [Double], quality: FaceQuality, labels: [String]) -> String? {
        if quality.score < self.quality, let worst = quality.faults.first {
            return worst.reason
        }
        let ranked = probabilities.indices.sorted {
            (probabilities[$1], $1) < (probabilities[$0], $0)
        }
        guard ranked.count > 1 else {
            return nil
        }
        let sure = probabilities[ranked[0]] - probabilities[ranked[1]] >= margin
        return sure ? nil : "\(labels[ranked[0]]) or \(labels[ranked[1]])"
    }
}
