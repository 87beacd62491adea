import Foundation

/// The pixels of a picture, 0…255, row after row from the upper left corner: of one channel (grey), or of four (blue,
/// green, red and another).
public struct PixelGrid: Unisolated.Value, Equatable {
    public let width: Int
    public let height: Int
    public let channels: Int
    public let bytes: [UInt8]

    public init(width: Int, height: Int, channels: Int, bytes: [UInt8]) {
        precondition(width > 0 && height > 0 && bytes.count == width * height * channels)
        self.width = width
        self.height = height
        self.channels = channels
        self.bytes = bytes
    }

    /// The picture in grey, by the weights of ITU-R BT.601.
    public var grey: PixelGrid {
        if channels == 1 {
            return self
        }
        let greys = stride(from: 0, to: bytes.count, by: channels).map { place -> UInt8 in
            let blue = 3735 * Int(bytes[place])
            let green = 19235 * Int(bytes[place + 1])
            let red = 9798 * Int(bytes[place + 2])
            let sum: Int = blue + green + red
            return UInt8((sum + 16384) >> 15)
        }
        return PixelGrid(width: width, height: height, channels: 1, bytes: greys)
    }

    /// Half the width and height, each pixel the mean of four; an odd last row or column goes.
    public var halved: PixelGrid {
        let right = width > 1 ? channels : 0
        let below = height > 1 ? width * channels : 0
        let newWidth = max(1, width / 2)
        let newHeight = max(1, height / 2)
        var half: [UInt8] = []
        half.reserveCapacity(newWidth * newHeight * channels)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let first = (y * 2 * width + x * 2) * channels
                for place in first..<first + channels {
                    let upper = Int(bytes[place]) + Int(bytes[place + right])
                    let lower = Int(bytes[place + below]) + Int(bytes[place + right + below])
                    half.append(UInt8((upper + lower + 2) >> 2))
                }
            }
        }
        return PixelGrid(width: newWidth, height: newHeight, channels: channels, bytes: half)
    }
}
