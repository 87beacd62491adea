import Foundation

/// A place in a picture, or the way between two, in pixels from the upper left corner: (0.5, 0.5) is the first pixel's
/// middle.
struct PicturePoint: Sendable, Equatable {
    let x: Double
    let y: Double

    static func + (first: PicturePoint, second: PicturePoint) -> PicturePoint {
        PicturePoint(x: first.x + second.x, y: first.y + second.y)
    }

    static func - (first: PicturePoint, second: PicturePoint) -> PicturePoint {
        PicturePoint(x: first.x - second.x, y: first.y - second.y)
    }

    static func * (times: Double, point: PicturePoint) -> PicturePoint {
        PicturePoint(x: times * point.x, y: times * point.y)
    }

    func dot(_ other: PicturePoint) -> Double { x * other.x + y * other.y }
    func cross(_ other: PicturePoint) -> Double { x * other.y - y * other.x }
    var length: Double { dot(self).squareRoot() }
}

/// Five points of a face. `eye` is the one on the left where the face is turned upright, and so is `mouthCorner`.
struct FacePoints: Sendable, Equatable {
    let eye: PicturePoint
    let otherEye: PicturePoint
    let nose: PicturePoint
    let mouthCorner: PicturePoint
    let otherMouthCorner: PicturePoint

    var all: [PicturePoint] { [eye, otherEye, nose, mouthCorner, otherMouthCorner] }
    /// The middle between the eyes.
    var eyes: PicturePoint { 0.5 * (eye + otherEye) }
    /// The middle between the mouth's corners.
    var mouth: PicturePoint { 0.5 * (mouthCorner + otherMouthCorner) }
    var areFinite: Bool { all.allSatisfy { $0.x.isFinite && $0.y.isFinite } }

    /// These points moved `share` (0…1) of the way to others.
    func towards(_ other: FacePoints, share: Double) -> FacePoints {
        func between(_ point: KeyPath<FacePoints, PicturePoint>) -> PicturePoint {
            self[keyPath: point] + share * (other[keyPath: point] - self[keyPath: point])
        }
        return FacePoints(
            eye: between(\.eye), otherEye: between(\.otherEye), nose: between(\.nose),
            mouthCorner: between(\.mouthCorner), otherMouthCorner: between(\.otherMouthCorner))
    }
}

extension FacePoints {
    /// The five points of a face whose pupils are known, in either order, the points along the nose's ridge, and those
    /// around the lips. Nil where something is missing, or the mouth lies on the line of the eyes.
    init?(pupils: (PicturePoint, PicturePoint), nose: [PicturePoint], lips: [PicturePoint]) {
        guard !nose.isEmpty, !lips.isEmpty else {
            return nil
        }
        let mouth = (1 / Double(lips.count)) * lips.reduce(PicturePoint(x: 0, y: 0), +)
        let down = mouth - 0.5 * (pupils.0 + pupils.1)
        let turn = (pupils.1 - pupils.0).cross(down)
        guard turn.isFinite, turn != 0 else {
            return nil
        }
        // Upright, the mouth lies below the way from the left eye to the right one.
        let (eye, otherEye) = turn > 0 ? pupils : (pupils.1, pupils.0)
        let fromLeft = lips.sorted { $0.dot(otherEye - eye) < $1.dot(otherEye - eye) }
        let fromAbove = nose.sorted { $0.dot(down) < $1.dot(down) }
        self.init(
            eye: eye, otherEye: otherEye, nose: fromAbove[nose.count - 1], mouthCorner: fromLeft[0],
            otherMouthCorner: fromLeft[lips.count - 1])
    }
}
