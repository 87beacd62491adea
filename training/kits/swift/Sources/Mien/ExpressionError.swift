import Foundation

/// Why a picture could not be answered.
public enum ExpressionError: Error, Equatable, Sendable {
    /// Mien.mlpackage is not in the app, or Core ML cannot compile or load it.
    case modelUnavailable(String)
    /// The model's labels are not those of `Expression`: model and code come from different versions.
    case labelMismatch([String])
    /// The picture has no pixels that can be read.
    case unreadableImage
    /// Vision failed; its own words.
    case visionFailed(String)
    /// Core ML failed; its own words.
    case modelFailed(String)
    /// The person, or a restriction on the device, does not allow the camera.
    case cameraDenied
    /// There is no front camera, or another app holds it.
    case cameraUnavailable(String)
}

extension ExpressionError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .modelUnavailable(let reason):
            return "The expression model cannot be loaded: \(reason)"
        case .labelMismatch(let labels):
            return "The model names other expressions than this code: \(labels.joined(separator: ", "))."
        case .unreadableImage:
            return "This picture cannot be read."
        case .visionFailed(let reason):
            return "The picture could not be analysed: \(reason)"
        case .modelFailed(let reason):
            return "The expression model failed: \(reason)"
        case .cameraDenied:
            return "The camera is not allowed. Allow it in Settings › Privacy & Security › Camera."
        case .cameraUnavailable(let reason):
            return "The camera cannot be used: \(reason)"
        }
    }
}
