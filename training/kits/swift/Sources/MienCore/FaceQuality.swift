import Foundation

/// How fit a face is to be named: what in its picture speaks against an answer, and how much.
public struct FaceQuality: Unisolated.Value, Equatable {
    /// 1 where nothing speaks against an answer, 0 where none can be given.
    public let score: Double
    /// What speaks against it, worst first.
    public let faults: [FaceFault]

    public init(score: Double, faults: [FaceFault]) {
        self.score = score
        self.faults = faults
    }
}

/// A measure up to `fine` is no fault, from `hopeless` on nothing can be told; the order may be either way.
struct QualityLimits: Unisolated.Value {
    let fine: Double
    let hopeless: Double

    /// How far, 0…1, a value is from fine to hopeless; what is no number is hopeless.
    func passed(by value: Double) -> Double {
        let share = (value - fine) / (hopeless - fine)
        return share.isFinite ? min(1, max(0, share)) : 1
    }
}

extension FaceQuality {
    /// The quality of a face in a picture of `width` × `height` pixels.
    /// - Parameters:
    ///   - crop: `square` cut out, `FaceQuality.side` pixels a side.
    ///   - points: nil where none were found: such a face is turned away.
    public init(crop: PixelGrid, square: FaceSquare, points: FacePoints?, width: Int, height: Int) {
        precondition(crop.width == Self.side && crop.height == Self.side)
        let detail = CropDetail(crop)
        let middle = FaceSquare(x: square.x, y: square.y, side: square.side * Self.faceShare, angle: square.angle)
        var passed: [(fault: FaceFault, share: Double)] = [
            (.small, QualityLimits.small.passed(by: square.side)),
            (.dark, QualityLimits.dark.passed(by: detail.brightness)),
            (.noisy, QualityLimits.noisy.passed(by: detail.noise)),
            (.covered, QualityLimits.covered.passed(by: detail.weakestBand)),
            (.cutOff, QualityLimits.cutOff.passed(by: middle.outside(width: width, height: height))),
        ]
        if passed[0].share == 0 {  // a small face is blurred because it is small
            passed.append((.blurred, QualityLimits.blurred.passed(by: detail.sharpness)))
        }
        passed.append((.turnedAway, points.map(Self.turned) ?? 1))
        let faults = passed.enumerated().filter { $0.element.share > 0 }.sorted {
            ($1.element.share, $0.offset) < ($0.element.share, $1.offset)
        }
        self.init(
            score: passed.reduce(1) { $0 * (1 - $1.share) }, faults: faults.map(\.element.fault))
    }

    /// How far a face is turned away, 0…1. In units of the way from between the eyes to the mouth's middle: how far to
    /// the side the nose's tip is, how far apart the eyes are, how far down the nose is.
    private static func turned(_ points: FacePoints) -> Double {
        let way = points.mouth - points.eyes
        guard points.areFinite, way.length >= 1e-3 else {
            return 1
        }
        let down = (1 / way.length) * way
        let across = PicturePoint(x: down.y, y: -down.x)
        let sideways = abs((points.nose - 0.5 * (points.eyes + points.mouth)).dot(across)) / way.length
        let apart = abs((points.otherEye - points.eye).dot(across)) / way.length
        let nose = (points.nose - points.eyes).dot(down) / way.length
        return [
            QualityLimits.sideways.passed(by: sideways), QualityLimits.narrow.passed(by: apart),
            QualityLimits.noseHigh.passed(by: nose), QualityLimits.noseLow.passed(by: nose),
        ].max() ?? 1
    }
}
