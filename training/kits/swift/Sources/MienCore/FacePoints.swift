import Foundation

/// A place in a picture, or the way between two, in pixels from the upper left corner: (0.5, 0.5) is the first pixel's
/// middle.
public struct PicturePoint: Unisolated.Value, Equatable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }

    public static func + (first: PicturePoint, second: PicturePoint) -> PicturePoint {
        PicturePoint(x: first.x + second.x, y: first.y + second.y)
    }

    public static func - (first: PicturePoint, second: PicturePoint) -> PicturePoint {
        PicturePoint(x: first.x - second.x, y: first.y - second.y)
    }

    public static func * (times: Double, point: PicturePoint) -> PicturePoint {
        PicturePoint(x: times * point.x, y: times * point.y)
    }

    public func dot(_ other: PicturePoint) -> Double { x * other.x + y * other.y }
    public func cross(_ other: PicturePoint) -> Double { x * other.y - y * other.x }
    public var length: Double { dot(self).squareRoot() }
}

/// Five points of a face. `eye` is the one on the left where the face is turned upright, and so is `mouthCorner`.
public struct FacePoints: Unisolated.Value, Equatable {
    public let eye: PicturePoint
    public let otherEye: PicturePoint
    public let nose: PicturePoint
    public let mouthCorner: PicturePoint
    public let otherMouthCorner: PicturePoint

    public init(
        eye: PicturePoint, otherEye: PicturePoint, nose: PicturePoint, mouthCorner: PicturePoint,
        otherMouthCorner: PicturePoint
    ) {
        self.eye = eye
        self.otherEye = otherEye
        self.nose = nose
        self.mouthCorner = mouthCorner
        self.otherMouthCorner = otherMouthCorner
    }

    public var all: [PicturePoint] { [eye, otherEye, nose, mouthCorner, otherMouthCorner] }
    /// The middle between the eyes.
    public var eyes: PicturePoint { 0.5 * (eye + otherEye) }
    /// The middle between the mouth's corners.
    public var mouth: PicturePoint { 0.5 * (mouthCorner + otherMouthCorner) }
    public var areFinite: Bool { all.allSatisfy { $0.x.isFinite && $0.y.isFinite } }

    /// These points moved `share` (0…1) of the way to others.
    public func towards(_ other: FacePoints, share: Double) -> FacePoints {
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
    public init?(pupils: (PicturePoint, PicturePoint), nose: [PicturePoint], lips: [PicturePoint]) {
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
