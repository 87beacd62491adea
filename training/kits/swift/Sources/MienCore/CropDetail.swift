import Foundation

/// What the pixels of a face crop say of the picture that it is from.
struct CropDetail: Unisolated.Value {
    private let grey: [Float]
    private let side: Int

    init(_ crop: PixelGrid) {
        precondition(crop.width == FaceQuality.side && crop.height == FaceQuality.side)
        grey = crop.bytes.map { Float($0) }
        side = crop.width
    }

    /// Grey value, 0…255, of the brightest tenth's darkest pixel, in the middle: behind it there may be a window.
    var brightness: Double {
        let middle = (8..<40).flatMap { row in (10..<38).map { grey[row * side + $0] } }
        return Double(middle.sorted()[middle.count * 9 / 10])
    }

    /// Standard deviation of the noise over that of the picture.
    ///
    /// Second differences across, and of these down, see noise but no planes and no edges along the axes (Immerkær, 1996).
    var noise: Double {
        var found: [Float] = []
        for row in 1..<side - 1 {
            for column in 1..<side - 1 {
                let above = secondDifference((row - 1) * side + column)
                let below = secondDifference((row + 1) * side + column)
                found.append(abs(above + below - 2 * secondDifference(row * side + column)))
            }
        }
        let count = Double(grey.count)
        let mean = grey.reduce(0.0) { $0 + Double($1) } / count
        let variance = grey.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        return Double(found.sorted()[found.count / 2]) * FaceQuality.toSigma / (variance.squareRoot() + 1)
    }

    /// How much of the difference between pixels six apart there is between pixels two apart, beyond the ninth that a
    /// smooth slope has; in the direction that has less, since a camera that moves blurs only one.
    var sharpness: Double {
        let near = differences(2)
        let far = differences(6)
        let across = (near.across + 0.01) / (far.across + 0.1)
        let down = (near.down + 0.01) / (far.down + 0.1)
        return min(across, down) - 1.0 / 9
    }

    /// Detail of the six rows that have least of it, over that of all; a bar, dark glasses or a mask have hardly any.
    var weakestBand: Double {
        let rows = (6..<44).map(detail)
        let bands = (0...rows.count - 6).map { first in rows[first..<first + 6].reduce(0, +) }
        let mean = rows.reduce(0, +) / Double(rows.count)
        return (bands.min() ?? 0) / 6 / (mean + 0.5)
    }

    /// The mean difference of neighbours in the middle of a row.
    private func detail(_ row: Int) -> Double {
        let places = row * side + 6..<row * side + 41
        var sum: Float = 0
        for place in places {
            sum += abs(grey[place + 1] - grey[place])
        }
        return Double(sum) / Double(places.count)
    }

    private func secondDifference(_ place: Int) -> Float {
        grey[place - 1] + grey[place + 1] - 2 * grey[place]
    }

    /// The mean squared difference of pixels that are `step` apart.
    private func differences(_ step: Int) -> (across: Double, down: Double) {
        var across = 0.0
        var down = 0.0
        for first in 0..<side {
            for second in 0..<side - step {
                let right = Double(grey[first * side + second + step] - grey[first * side + second])
                let below = Double(grey[(second + step) * side + first] - grey[second * side + first])
                across += right * right
                down += below * below
            }
        }
        let count = Double(side * (side - step))
        return (across / count, down / count)
    }
}
