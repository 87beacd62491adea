#if canImport(AVFoundation) && canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import AVFoundation
import Foundation
import Observation

/// The front camera, and what the faces before it show.
@MainActor
@Observable
public final class ExpressionCamera {
    public private(set) var faces: [FaceExpression] = []
    /// What keeps the camera from showing faces; nil while nothing does.
    public private(set) var error: ExpressionError?
    /// Width over height of the upright picture.
    public private(set) var aspectRatio: CGFloat = 3.0 / 4.0
    /// Whether pictures come.
    public private(set) var isRunning = false
    private let service = CaptureService()

    public init() {}

    /// For a preview.
    public var session: AVCaptureSession { service.session }

    /// Asks for permission where it was not given yet, and runs the camera until the task is cancelled or `error` says
    /// why it cannot run.
    public func run() async {
        error = nil
        do {
            try await Self.requirePermission()
            for await update in try await service.start() {
                show(update)
            }
        } catch let problem as ExpressionError {
            error = problem
        } catch {
            self.error = .cameraFailed(error.localizedDescription)
        }
        faces = []
        isRunning = false
    }

    private func show(_ update: Result<CameraFrame, ExpressionError>) {
        switch update {
        case .success(let frame):
            faces = frame.faces
            aspectRatio = frame.aspectRatio
            error = nil
            isRunning = true
        case .failure(let problem):
            faces = []
            isRunning = false
            error = problem
        }
    }

    private static func requirePermission() async throws {
        switch AVCaptureDevice.authorizationStatus(for: .video) {
        case .authorized:
            return
        case .notDetermined:
            guard await AVCaptureDevice.requestAccess(for: .video) else {
                throw ExpressionError.cameraDenied
            }
        default:
            throw ExpressionError.cameraDenied
        }
    }
}
#endif
