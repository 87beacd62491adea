import CoreGraphics
import CoreImage

/// The crop that the model was trained on: a square centred on the face's box, its side the box's height, and the
/// edge pixels repeated where the square leaves the picture.
enum FaceCrop {
    /// The square in pixels of an image of `size`, origin at the lower left as in Core Image, for Vision's
    /// normalised box.
    static func square(for box: CGRect, in size: CGSize) -> CGRect {
        let side = max(1, (box.height * size.height).rounded())
        let left = (box.midX * size.width - side / 2).rounded()
        let bottom = (box.midY * size.height - side / 2).rounded()
        return CGRect(x: left, y: bottom, width: side, height: side)
    }

    /// The face at `box` (Vision's, normalised), cut out of `image`.
    static func crop(_ image: CIImage, to box: CGRect) -> CIImage {
        let extent = image.extent
        let square = square(for: box, in: extent.size).offsetBy(dx: extent.minX, dy: extent.minY)
        return image
            .clampedToExtent()
            .cropped(to: square)
            .transformed(by: CGAffineTransform(translationX: -square.minX, y: -square.minY))
    }
}
