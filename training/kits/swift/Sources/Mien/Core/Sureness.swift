import Foundation

/// When an answer is given rather than "not sure"; both 0…1.
struct Sureness: Sendable, Equatable {
    /// The least gap between the two highest probabilities.
    let margin: Double
    /// The least quality score.
    let quality: Double

    /// Why an answer is not sure: "too dark", "fear or surprise". Nil where it is.
    /// - Parameter probabilities: those of `labels`.
    func doubt(probabilities: [Double], quality: FaceQuality, labels: [String]) -> String? {
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
