#if canImport(AVFoundation) && canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import AVFoundation
@preconcurrency import CoreImage
@preconcurrency import CoreMedia
@preconcurrency import CoreVideo
import Foundation

/// A frame of the camera, read.
struct CameraFrame: Unisolated.Value, Equatable {
    let faces: [FaceExpression]
    /// Width over height of the upright picture.
    let aspectRatio: CGFloat
}

typealias CameraUpdates = AsyncStream<Result<CameraFrame, ExpressionError>>

/// The camera's session and all that is done with it, on the session's own queue, as in Apple's sample AVCam.
actor CaptureService {
    nonisolated let session = AVCaptureSession()
    private let queue = DispatchSerialQueue(label: "mien.camera")
    private let output = AVCaptureVideoDataOutput()
    private var feed: FrameFeed?
    private var observers: [any NSObjectProtocol] = []
    private var starts = 0

    nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

    /// Starts the camera. What is seen comes until the updates are no longer listened to, which stops the camera; a
    /// failure that passes, such as another app that takes the camera for a while, comes as one of them.
    /// - Throws: `ExpressionError`, where it cannot start.
    func start() async throws -> CameraUpdates {
        let reader = try ExpressionClassifier.FaceReader(
            modelURL: try await ExpressionClassifier.ExpressionModel.compiledURL())
        stop()
        starts += 1
        let number = starts
        let (updates, continuation) = CameraUpdates.makeStream(bufferingPolicy: .bufferingNewest(1))
        let camera = try connectCamera()
        let feed = FrameFeed(
            reader: reader, turn: AVCaptureDevice.RotationCoordinator(device: camera, previewLayer: nil),
            updates: continuation)
        output.setSampleBufferDelegate(feed, queue: queue)
        self.feed = feed
        observe(continuation)
        continuation.onTermination = { [weak self] _ in
            Task {
                await self?.stop(number)
            }
        }
        session.startRunning()
        return updates
    }

    private func stop(_ number: Int) {
        if number == starts {
            stop()
        }
    }

    private func stop() {
        observers.forEach(NotificationCenter.default.removeObserver)
        observers = []
        feed = nil
        output.setSampleBufferDelegate(nil, queue: nil)
        session.stopRunning()
    }

    private func connectCamera() throws -> AVCaptureDevice {
        if let connected = session.inputs.first as? AVCaptureDeviceInput {
            return connected.device
        }
        let front = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .front)
        guard let camera = front ?? AVCaptureDevice.default(for: .video) else {
            throw ExpressionError.cameraMissing
        }
        let input: AVCaptureDeviceInput
        do {
            input = try AVCaptureDeviceInput(device: camera)
        } catch {
            throw ExpressionError(cameraFault: error)
        }
        session.beginConfiguration()
        defer { session.commitConfiguration() }
        session.sessionPreset = .vga640x480
        output.alwaysDiscardsLateVideoFrames = true
        guard session.canAddInput(input), session.canAddOutput(output) else {
            throw ExpressionError.cameraFailed("its picture cannot be had.")
        }
        session.addInput(input)
        session.addOutput(output)
        return camera
    }

    /// Has the session tell when another takes the camera, and when it fails.
    private func observe(_ updates: CameraUpdates.Continuation) {
        let center = NotificationCenter.default
        let interrupted = center.addObserver(
            forName: AVCaptureSession.wasInterruptedNotification, object: session, queue: nil
        ) { notice in
            let number = notice.userInfo?[AVCaptureSessionInterruptionReasonKey] as? Int
            let reason = number.flatMap(AVCaptureSession.InterruptionReason.init(rawValue:))
            switch reason {
            case .videoDeviceNotAvailableInBackground: break  // it comes back by itself, and nobody looks
            case .videoDeviceNotAvailableDueToSystemPressure:
                updates.yield(.failure(.cameraFailed("the device is too hot. It goes on once it has cooled down.")))
            default: updates.yield(.failure(.cameraTaken))
            }
        }
        let failed = center.addObserver(
            forName: AVCaptureSession.runtimeErrorNotification, object: session, queue: nil
        ) { notice in
            if let error = notice.userInfo?[AVCaptureSessionErrorKey] as? any Error {
                updates.yield(.failure(ExpressionError(cameraFault: error)))
                updates.finish()
            }
        }
        observers = [interrupted, failed]
    }
}

extension CaptureService {
    /// Reads the camera's frames on the session's queue; those that come while one is read are dropped by the output.
    fileprivate final class FrameFeed: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate {
        private let reader: ExpressionClassifier.FaceReader
        private let turn: AVCaptureDevice.RotationCoordinator
        private let updates: CameraUpdates.Continuation

        init(
            reader: ExpressionClassifier.FaceReader, turn: AVCaptureDevice.RotationCoordinator,
            updates: CameraUpdates.Continuation
        ) {
            self.reader = reader
            self.turn = turn
            self.updates = updates
        }

        func captureOutput(
            _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer, from connection: AVCaptureConnection
        ) {
            let angle = turn.videoRotationAngleForHorizonLevelCapture
            if connection.videoRotationAngle != angle, connection.isVideoRotationAngleSupported(angle) {
                connection.videoRotationAngle = angle
                return  // this frame is turned as before
            }
            guard let frame = CMSampleBufferGetImageBuffer(sampleBuffer) else {
                return
            }
            let ratio = CGFloat(CVPixelBufferGetWidth(frame)) / CGFloat(max(1, CVPixelBufferGetHeight(frame)))
            let time = CMSampleBufferGetPresentationTimeStamp(sampleBuffer).seconds
            do {
                let faces = try reader.followedFaces(in: CIImage(cvPixelBuffer: frame), at: time)
                updates.yield(.success(CameraFrame(faces: faces, aspectRatio: ratio)))
            } catch let error as ExpressionError {
                updates.yield(.failure(error))
            } catch {
                updates.yield(.failure(.cameraFailed(error.localizedDescription)))
            }
        }
    }
}

extension ExpressionError {
    /// What the system says went wrong with the camera.
    init(cameraFault error: any Error) {
        switch (error as? AVError)?.code {
        case .deviceAlreadyUsedByAnotherSession, .deviceInUseByAnotherApplication: self = .cameraTaken
        case .applicationIsNotAuthorizedToUseDevice: self = .cameraDenied
        case .deviceNotConnected, .deviceWasDisconnected: self = .cameraMissing
        default: self = .cameraFailed(error.localizedDescription)
        }
    }
}
#endif
