import Foundation

/// A face that is followed: its number, and its place and probabilities smoothed over time.
public struct FaceTrack: Unisolated.Value, Equatable {
    public let id: Int
    public let face: FoundFace
    public let probabilities: [Double]
    public let seen: TimeInterval
}

/// Follows faces from frame to frame by overlap and smooths where they are and what is said of them, as Mien's live
/// view does.
///
/// Of moves below `trembling` less comes through, the smaller they are: a still face stays still, and so do its crop and
/// what is said of it. A face that is away for longer than `patience` seconds comes back as another one.
public struct FaceTracker: Unisolated.Value {
    private var tracks: [FaceTrack] = []
    private var lastID = 0

    public init() {}

    /// The faces of a frame where they are to be shown and cut out; `time` in seconds.
    public func steadied(_ found: [FoundFace], at time: TimeInterval) -> [FoundFace] {
        let matches = Self.match(waiting(time), to: found)
        return found.enumerated().map { index, face in
            guard let old = matches[index] else {
                return face
            }
            let gap = max(0, time - old.seen)
            let moving = min(1, old.face.distance(to: face) / (Self.trembling * max(1, old.face.box.height)))
            return old.face.towards(face, share: moving * (1 - exp(-gap / Self.settlePlace)))
        }
    }

    /// The tracks of a frame's faces, in the order of `faces`, which are `steadied`, with the probabilities of each.
    public mutating func update(_ faces: [FoundFace], probabilities: [[Double]], at time: TimeInterval) -> [FaceTrack] {
        let waiting = waiting(time)
        let matches = Self.match(waiting, to: faces)
        var updated: [FaceTrack] = []
        for (index, face) in faces.enumerated() {
            guard let old = matches[index] else {
                lastID += 1
                updated.append(FaceTrack(id: lastID, face: face, probabilities: probabilities[index], seen: time))
                continue
            }
            let share = 1 - exp(-max(0, time - old.seen) / Self.settle)
            let smooth = zip(old.probabilities, probabilities[index]).map { $0 + share * ($1 - $0) }
            updated.append(FaceTrack(id: old.id, face: face, probabilities: smooth, seen: time))
        }
        let current = Set(updated.map(\.id))
        tracks = updated + waiting.filter { !current.contains($0.id) }
        return updated
    }

    private func waiting(_ time: TimeInterval) -> [FaceTrack] {
        tracks.filter { time - $0.seen <= Self.patience }
    }

    /// For each face that continues a track, by its index, the track: best overlap first, each used once.
    private static func match(_ tracks: [FaceTrack], to found: [FoundFace]) -> [Int: FaceTrack] {
        var pairs: [(overlap: Double, index: Int, track: FaceTrack)] = []
        for track in tracks {
            for (index, face) in found.enumerated() {
                let overlap = track.face.box.overlap(face.box)
                if overlap > leastOverlap {
                    pairs.append((overlap, index, track))
                }
            }
        }
        var matches: [Int: FaceTrack] = [:]
        var taken: Set<Int> = []
        for pair in pairs.sorted(by: { $0.overlap > $1.overlap })
        where matches[pair.index] == nil && !taken.contains(pair.track.id) {
            matches[pair.index] = pair.track
            taken.insert(pair.track.id)
        }
        return matches
    }
}
