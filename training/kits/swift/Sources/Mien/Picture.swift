#if canImport(CoreImage) && canImport(CoreVideo)
@preconcurrency import CoreImage
@preconcurrency import CoreVideo
import Foundation

extension ExpressionClassifier {
    /// An upright picture, whose pixels are counted from its upper left corner.
    struct Picture {
        let image: CIImage
        let width: Int
        let height: Int

        /// A larger one is reduced: a face needs far fewer pixels.
        private static let longestSide: CGFloat = 4096
        private let context: CIContext

        /// What renders pictures: it takes colours as they are stored, as Mien does when it trains.
        static func makeContext() -> CIContext {
            CIContext(options: [.workingColorSpace: NSNull()])
        }

        /// - Throws: `ExpressionError.unreadableImage`.
        init(_ image: CIImage, context: CIContext) throws {
            guard !image.extent.isEmpty, !image.extent.isInfinite else {
                throw ExpressionError.unreadableImage
            }
            let scale = Self.longestSide / max(image.extent.width, image.extent.height)
            let sized =
                scale < 1
                ? image.transformed(by: CGAffineTransform(scaleX: scale, y: scale), highQualityDownsample: true) : image
            let extent = sized.extent
            self.context = context
            self.image = sized.transformed(by: CGAffineTransform(translationX: -extent.minX, y: -extent.minY))
            width = max(1, Int(extent.width.rounded()))
            height = max(1, Int(extent.height.rounded()))
        }

        /// Vision's box, in fractions from the lower left corner, in pixels from the upper left one.
        func box(ofNormalized box: CGRect) -> FaceBox {
            FaceBox(
                x: Double(box.minX) * Double(width), y: Double(1 - box.maxY) * Double(height),
                width: Double(box.width) * Double(width), height: Double(box.height) * Double(height))
        }

        /// A box in pixels as fractions of the picture, from the upper left corner.
        func fractions(of box: FaceBox) -> CGRect {
            CGRect(
                x: box.x / Double(width), y: box.y / Double(height), width: box.width / Double(width),
                height: box.height / Double(height))
        }

        /// The pixels of a square, `side` × `side`, grey, as the model takes them.
        func crop(_ square: FaceSquare, side: Int) throws -> PixelGrid {
            let part = square.part(width: width, height: height)
            return FaceCrop.cut(try pixels(of: part), at: part, square: square, side: side)
        }

        private func pixels(of part: PicturePart) throws -> PixelGrid {
            let buffer = try CVPixelBuffer.make(width: part.width, height: part.height, kCVPixelFormatType_32BGRA)
            let bounds = CGRect(
                x: part.left, y: height - part.top - part.height, width: part.width, height: part.height)
            let placed = image.clampedToExtent().transformed(
                by: CGAffineTransform(translationX: -bounds.minX, y: -bounds.minY))
            let whole = CGRect(x: 0, y: 0, width: part.width, height: part.height)
            context.render(placed, to: buffer, bounds: whole, colorSpace: nil)
            return try buffer.withBytes { bytes, bytesPerRow in
                var rows: [UInt8] = []
                rows.reserveCapacity(part.height * part.width * 4)
                for start in stride(from: 0, to: part.height * bytesPerRow, by: bytesPerRow) {
                    rows += bytes[start..<start + part.width * 4]
                }
                return PixelGrid(width: part.width, height: part.height, channels: 4, bytes: rows)
            }
        }
    }
}
#endif
