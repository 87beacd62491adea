import Foundation

/// A face's rectangle in pixels of its picture; `x`, `y` is the upper left corner. It may reach over the edge.
public struct FaceBox: Unisolated.Value, Equatable {
    public let x: Double
    public let y: Double
    public let width: Double
    public let height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }

    public var centre: PicturePoint { PicturePoint(x: x + width / 2, y: y + height / 2) }
    public var area: Double { width * height }

    /// Intersection over union, 0…1.
    public func overlap(_ other: FaceBox) -> Double {
        let across = min(x + width, other.x + other.width) - max(x, other.x)
        let down = min(y + height, other.y + other.height) - max(y, other.y)
        return across <= 0 || down <= 0 ? 0 : across * down / (area + other.area - across * down)
    }

    /// Pixels between an edge of this box and the same one of `other`, where they are farthest apart.
    public func distance(to other: FaceBox) -> Double {
        let right = abs(x + width - other.x - other.width)
        let bottom = abs(y + height - other.y - other.height)
        return max(abs(x - other.x), abs(y - other.y), right, bottom)
    }

    /// This box moved `share` (0…1) of the way to `other`.
    public func towards(_ other: FaceBox, share: Double) -> FaceBox {
        FaceBox(
            x: x + share * (other.x - x), y: y + share * (other.y - y), width: width + share * (other.width - width),
            height: height + share * (other.height - height))
    }
}

/// A face where it was found in a picture. `points` is nil where its eyes, nose and mouth were not.
public struct FoundFace: Unisolated.Value, Equatable {
    public let box: FaceBox
    public let points: FacePoints?

    public init(box: FaceBox, points: FacePoints?) {
        self.box = box
        self.points = points
    }

    /// What is cut out of it.
    public var square: FaceSquare { .around(points, box: box) }

    /// Pixels between an edge or a point of this face and the same one of `other`, where they are farthest apart.
    public func distance(to other: FoundFace) -> Double {
        guard let points, let others = other.points else {
            return box.distance(to: other.box)
        }
        let ways = zip(points.all, others.all).map { max(abs($0.x - $1.x), abs($0.y - $1.y)) }
        return ways.reduce(box.distance(to: other.box), max)
    }

    /// This face moved `share` (0…1) of the way to `other`; what only one of them has is that of `other`.
    public func towards(_ other: FoundFace, share: Double) -> FoundFace {
        var between = other.points
        if let points, let others = other.points {
            between = points.towards(others, share: share)
        }
        return FoundFace(box: box.towards(other.box, share: share), points: between)
    }
}
