import Foundation

/// A square in a picture: centre and side in pixels, and the angle in radians by which its upper edge falls to the right.
public struct FaceSquare: Unisolated.Value, Equatable {
    public let x: Double
    public let y: Double
    public let side: Double
    public let angle: Double

    /// What is cut out of a face: the square of its points or, where they give none, the upright one of its box's height
    /// around the box's middle.
    public static func around(_ points: FacePoints?, box: FaceBox) -> FaceSquare {
        points.flatMap(FaceSquare.init(points:))
            ?? FaceSquare(x: box.centre.x, y: box.centre.y, side: max(1, box.height), angle: 0)
    }

    /// The square around a face by its eyes and mouth alone. Nil where they give none of at least a pixel.
    public init?(points: FacePoints) {
        let places = [points.eye, points.otherEye, points.mouthCorner, points.otherMouthCorner]
        guard places.allSatisfy({ abs($0.x) <= Self.farthest && abs($0.y) <= Self.farthest }) else {
            return nil
        }
        let across = points.otherEye - points.eye
        let down = points.mouth - points.eyes
        // Where the head turns aside eyes draw together, and mouths; the way down to the mouth hardly changes.
        let right = across + (points.otherMouthCorner - points.mouthCorner) + PicturePoint(x: down.y, y: -down.x)
        let side = Self.sideOfFace * (across.dot(across) + down.dot(down)).squareRoot()
        guard side >= 1 else {
            return nil
        }
        let centre = points.eyes + Self.wayDown * down
        self.init(x: centre.x, y: centre.y, side: side, angle: atan2(right.y, right.x))
    }

    public init(x: Double, y: Double, side: Double, angle: Double) {
        self.x = x
        self.y = y
        self.side = side
        self.angle = angle
    }

    /// The part of a picture in which the square lies; where it lies outside, what is nearest to it.
    public func part(width: Int, height: Int) -> PicturePart {
        let reach = side / 2 * (abs(cos(angle)) + abs(sin(angle))) + 1
        let columns = Self.inside(x - reach, x + reach, limit: width)
        let rows = Self.inside(y - reach, y + reach, limit: height)
        return PicturePart(left: columns.lowerBound, top: rows.lowerBound, width: columns.count, height: rows.count)
    }

    /// The share of the square, 0…1, that lies outside of a picture.
    public func outside(width: Int, height: Int) -> Double {
        let steps = 16
        let cosine = side * cos(angle)
        let sine = side * sin(angle)
        var inside = 0
        for row in 0..<steps {
            for column in 0..<steps {
                let across = (Double(column) + 0.5) / Double(steps) - 0.5
                let down = (Double(row) + 0.5) / Double(steps) - 0.5
                let placeX = x + across * cosine - down * sine
                let placeY = y + across * sine + down * cosine
                if placeX >= 0, placeX < Double(width), placeY >= 0, placeY < Double(height) {
                    inside += 1
                }
            }
        }
        return 1 - Double(inside) / Double(steps * steps)
    }

    private static func inside(_ first: Double, _ end: Double, limit: Int) -> Range<Int> {
        let start = Int(min(max(0, first.rounded(.down)), Double(limit - 1)))
        return start..<max(start + 1, Int(min(Double(limit), max(0, end.rounded(.up)))))
    }
}

/// A rectangle of whole pixels, from the picture's upper left corner.
public struct PicturePart: Unisolated.Value, Equatable {
    public let left: Int
    public let top: Int
    public let width: Int
    public let height: Int
}
