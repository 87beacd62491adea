import Foundation

/// Why a picture could not be answered.
public enum ExpressionError: Error, Equatable, Unisolated.Value {
    /// The model is not in the app.
    case modelMissing(String)
    /// Core ML cannot compile or load the model; its own words.
    case modelUnavailable(String)
    /// The model's labels are not those of `ExpressionLabel`: model and code come from different versions.
    case labelMismatch(model: [String], code: [String])
    /// The picture has no pixels that can be read.
    case unreadableImage
    /// Vision failed; its own words.
    case visionFailed(String)
    /// Core ML failed; its own words.
    case modelFailed(String)
    /// The person, or a restriction on the device, does not allow the camera.
    case cameraDenied
    /// The device has no camera, as the simulator.
    case cameraMissing
    /// Another app, or a call, holds the camera.
    case cameraTaken
    /// The camera failed; the system's own words.
    case cameraFailed(String)
}

extension ExpressionError: LocalizedError {
    public var errorDescription: String? {
        switch self {
        case .modelMissing(let file):
            return "The app has no \(file). Add it to the app's target, or add the package Mien, which brings it."
        case .modelUnavailable(let reason):
            return "The expression model cannot be loaded: \(reason)"
        case .labelMismatch(let model, let code):
            return """
                The model names \(model.joined(separator: ", ")); this code knows \(code.joined(separator: ", ")). \
                Take both from the same download.
                """
        case .unreadableImage:
            return "This picture cannot be read."
        case .visionFailed(let reason):
            return "The picture could not be analysed: \(reason)"
        case .modelFailed(let reason):
            return "The expression model failed: \(reason)"
        case .cameraDenied:
            return "The camera is not allowed. Allow it in Settings › Privacy & Security › Camera."
        case .cameraMissing:
            return "This device has no camera. Choose a photo instead."
        case .cameraTaken:
            return "Another app uses the camera. It goes on here once that app is done."
        case .cameraFailed(let reason):
            return "The camera failed: \(reason)"
        }
    }
}
