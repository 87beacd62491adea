import Foundation

/// The face as the model takes it: its square turned upright, edge pixels repeated beyond the picture.
///
/// Mien cuts out the faces that it trains on in the very same way, to the grey value.
public enum FaceCrop: Unisolated.Value {
    /// The pixels of a square, `side` × `side`, grey. Where the square has more than that, they are averaged.
    /// - Parameter part: where in the whole picture, in which `square` is, `pixels` lie; see `FaceSquare.part`.
    public static func cut(_ pixels: PixelGrid, at part: PicturePart, square: FaceSquare, side: Int) -> PixelGrid {
        var pixels = pixels
        var x = square.x - Double(part.left)
        var y = square.y - Double(part.top)
        var ratio = square.side / Double(side)
        while ratio > Double(samples) {
            x *= pixels.width > 1 ? 0.5 : 1
            y *= pixels.height > 1 ? 0.5 : 1
            ratio /= 2
            pixels = pixels.halved
        }
        let fine = ratio > 1 ? samples : 1
        let crop = sampled(pixels.grey, x: x, y: y, step: ratio / Double(fine), angle: square.angle, side: side * fine)
        return fine > 1 ? crop.halved : crop
    }

    /// `side` × `side` samples around a place, `step` pixels apart, each between the four pixels around it.
    private static func sampled(
        _ picture: PixelGrid, x: Double, y: Double, step: Double, angle: Double, side: Int
    ) -> PixelGrid {
        let cosine = step * cos(angle)
        let sine = step * sin(angle)
        let middle = Double(side - 1) / 2
        let left = x - 0.5 - middle * (cosine - sine)
        let top = y - 0.5 - middle * (cosine + sine)
        // Places are of whole 32nds of a pixel, as OpenCV's are.
        let acrossX = (0..<side).map { Self.rounded(cosine * Double($0)) }
        let acrossY = (0..<side).map { Self.rounded(sine * Double($0)) }
        var samples: [UInt8] = []
        samples.reserveCapacity(side * side)
        for row in 0..<side {
            let startX = Self.rounded(left - sine * Double(row)) + 16
            let startY = Self.rounded(top + cosine * Double(row)) + 16
            for column in 0..<side {
                samples.append(
                    sample(picture, x: (startX + acrossX[column]) >> 5, y: (startY + acrossY[column]) >> 5))
            }
        }
        return PixelGrid(width: side, height: side, channels: 1, bytes: samples)
    }

    /// The grey between the four pixels around a place, which is given in 32nds of a pixel.
    private static func sample(_ picture: PixelGrid, x: Int, y: Int) -> UInt8 {
        let right = x & 31
        let below = y & 31
        let left = 32 - right
        let above = 32 - below
        let column = inside(x >> 5, picture.width)
        let nextColumn = inside((x >> 5) + 1, picture.width)
        let row = inside(y >> 5, picture.height) * picture.width
        let nextRow = inside((y >> 5) + 1, picture.height) * picture.width
        let upperLeft = Int(picture.bytes[row + column])
        let upperRight = Int(picture.bytes[row + nextColumn])
        let lowerLeft = Int(picture.bytes[nextRow + column])
        let lowerRight = Int(picture.bytes[nextRow + nextColumn])
        let upper: Int = upperLeft * left + upperRight * right
        let lower: Int = lowerLeft * left + lowerRight * right
        let sum: Int = upper * above + lower * below
        return UInt8((sum + 512) >> 10)
    }

    private static func inside(_ place: Int, _ length: Int) -> Int {
        min(max(place, 0), length - 1)
    }

    /// Pixels as whole 1024ths.
    private static func rounded(_ pixels: Double) -> Int {
        Int((1024 * pixels).rounded(.toNearestOrEven))
    }
}
