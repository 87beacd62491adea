#if os(iOS)
import AVFoundation
import Combine
import CoreMedia
import Foundation
import ImageIO

/// The front camera, and what the faces before it show.
@MainActor
public final class ExpressionCamera: NSObject, ObservableObject {
    @Published public private(set) var faces: [FaceExpression] = []
    /// What keeps the camera from running; nil while it runs.
    @Published public private(set) var error: ExpressionError?
    /// Width over height of the upright picture.
    @Published public private(set) var aspectRatio: CGFloat = 3.0 / 4.0

    public let session = AVCaptureSession()
    private let output = AVCaptureVideoDataOutput()
    private let queue = DispatchQueue(label: "mien.camera")
    private var feed: FrameFeed?
    private var starting = false

    /// Asks for permission where it was not given yet, loads the model and starts the camera.
    public func start() async {
        guard feed == nil, !starting else {
            return
        }
        starting = true
        defer { starting = false }
        do {
            try await Self.requirePermission()
            let classifier = try await ExpressionClassifier()
            let feed = FrameFeed(classifier: classifier) { [weak self] faces, ratio in
                Task { @MainActor in
                    self?.show(faces, ratio: ratio)
                }
            }
            self.feed = feed
            try configure(feed)
            let session = self.session
            queue.async {
                session.startRunning()
            }
            error = nil
        } catch let problem as ExpressionError {
            stop()
            error = problem
        } catch {
            stop()
            self.error = .cameraUnavailable(error.localizedDescription)
        }
    }

    public func stop() {
        let session = self.session
        queue.async {
            session.stopRunning()
        }
        feed = nil
        faces = []
    }

    private func show(_ faces: [FaceExpression], ratio: CGFloat) {
        guard feed != nil else {
            return
        }
        self.faces = faces
        aspectRatio = ratio
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

    private func configure(_ feed: FrameFeed) throws {
        output.setSampleBufferDelegate(feed, queue: queue)
        guard session.inputs.isEmpty else {
            return
        }
        guard let camera = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .front) else {
            throw ExpressionError.cameraUnavailable("this device has no front camera.")
        }
        let input = try AVCaptureDeviceInput(device: camera)
        session.beginConfiguration()
        defer { session.commitConfiguration() }
        session.sessionPreset = .vga640x480
        output.alwaysDiscardsLateVideoFrames = true
        guard session.canAddInput(input), session.canAddOutput(output) else {
            throw ExpressionError.cameraUnavailable("another app holds it.")
        }
        session.addInput(input)
        session.addOutput(output)
        if let connection = output.connection(with: .video), connection.isVideoOrientationSupported {
            connection.videoOrientation = .portrait
        }
    }
}

/// Takes frames from the camera's queue and has one at a time classified; frames that come meanwhile are dropped.
private final class FrameFeed: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate, @unchecked Sendable {
    private let classifier: ExpressionClassifier
    private let answer: @Sendable ([FaceExpression], CGFloat) -> Void
    private let lock = NSLock()
    private var busy = false

    init(classifier: ExpressionClassifier, answer: @escaping @Sendable ([FaceExpression], CGFloat) -> Void) {
        self.classifier = classifier
        self.answer = answer
    }

    func captureOutput(
        _ output: AVCaptureOutput, didOutput sample: CMSampleBuffer, from connection: AVCaptureConnection
    ) {
        guard let frame = CMSampleBufferGetImageBuffer(sample), take() else {
            return
        }
        let ratio = CGFloat(CVPixelBufferGetWidth(frame)) / CGFloat(max(1, CVPixelBufferGetHeight(frame)))
        let time = CMSampleBufferGetPresentationTimeStamp(sample).seconds
        Task {
            let faces = (try? await classifier.followedFaces(in: frame, at: time)) ?? []
            answer(faces, ratio)
            release()
        }
    }

    private func take() -> Bool {
        lock.lock()
        defer { lock.unlock() }
        let free = !busy
        busy = true
        return free
    }

    private func release() {
        lock.lock()
        busy = false
        lock.unlock()
    }
}
#endif
