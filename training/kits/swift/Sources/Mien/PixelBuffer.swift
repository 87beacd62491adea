#if canImport(CoreVideo)
@preconcurrency import CoreVideo
import Foundation

extension CVPixelBuffer {
    /// - Throws: `ExpressionError.unreadableImage` where there is no memory for it.
    nonisolated static func make(width: Int, height: Int, _ format: OSType) throws -> CVPixelBuffer {
        var buffer: CVPixelBuffer?
        guard CVPixelBufferCreate(nil, width, height, format, nil, &buffer) == kCVReturnSuccess, let buffer else {
            throw ExpressionError.unreadableImage
        }
        return buffer
    }

    /// Calls `body` with the pixels and how many bytes a row of them takes.
    nonisolated func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer, Int) throws -> Result) throws -> Result {
        CVPixelBufferLockBaseAddress(self, [])
        defer { CVPixelBufferUnlockBaseAddress(self, []) }
        guard let start = CVPixelBufferGetBaseAddress(self) else {
            throw ExpressionError.unreadableImage
        }
        let bytesPerRow = CVPixelBufferGetBytesPerRow(self)
        let count = bytesPerRow * CVPixelBufferGetHeight(self)
        return try body(UnsafeMutableRawBufferPointer(start: start, count: count), bytesPerRow)
    }
}
#endif
