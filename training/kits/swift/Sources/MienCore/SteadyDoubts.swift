import Foundation

/// Whether faces that are followed are named for sure, without flicker: a doubt is told only once it has lasted.
public struct SteadyDoubts: Unisolated.Value {
    private let labels: [String]
    private let limits: Sureness
    private let stricter: Sureness
    private var told: [Int: Told] = [:]

    private struct Told: Unisolated.Value {
        var doubt: String?
        var confirmed: TimeInterval
    }

    public init(_ limits: Sureness, labels: [String]) {
        self.labels = labels
        self.limits = limits
        stricter = Sureness(
            margin: min(1, limits.margin * Self.surer), quality: min(1, limits.quality * Self.surer))
    }

    /// The doubt to tell of a face, by its number, now; nil for none. `time` in seconds.
    public mutating func update(
        face: Int, probabilities: [Double], quality: FaceQuality, at time: TimeInterval
    ) -> String? {
        let before = told[face]
        let now = (before?.doubt == nil ? limits : stricter).doubt(
            probabilities: probabilities, quality: quality, labels: labels)
        guard let before else {
            told[face] = Told(doubt: now, confirmed: time)
            return now
        }
        let lasted = time - before.confirmed >= (before.doubt == nil ? Self.comes : Self.goes)
        if now == before.doubt || lasted {
            told[face] = Told(doubt: now, confirmed: time)
        }
        return told[face]?.doubt
    }

    /// Forgets all faces but these.
    public mutating func forgetOthers(than faces: [Int]) {
        told = told.filter { faces.contains($0.key) }
    }
}
