// Declarations in meaning after Apple's documentation of AVFoundation, and of Dispatch what Linux lacks; see README.md.
@_exported import CoreMedia
@_exported import Dispatch

// A DispatchQueue there; Linux's cannot be inherited from, so that what takes a queue takes this one here.
public final class DispatchSerialQueue: SerialExecutor {
    private let queue: DispatchQueue
    public init(label: String) { queue = DispatchQueue(label: label) }
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
public struct AVMediaType: Hashable, Sendable {
    public static let video = AVMediaType()
}
public enum AVAuthorizationStatus: Int, Sendable {
    case notDetermined = 0
    case restricted, denied, authorized
}
public struct AVError: Error {
    public enum Code: Int, Sendable {
        case deviceAlreadyUsedByAnotherSession = -11804
        case deviceWasDisconnected = -11808
        case deviceNotConnected = -11814
        case deviceInUseByAnotherApplication = -11815
        case applicationIsNotAuthorizedToUseDevice = -11852
        case unknown = -11800
    }
    public init(_ code: Code) { self.code = code }
    public let code: Code
}
open class AVCaptureDevice: NSObject {
    public nonisolated(unsafe) static var pretended: AVCaptureDevice?
    public nonisolated(unsafe) static var pretendedStatus = AVAuthorizationStatus.authorized
    public override init() {}
    public struct DeviceType: Hashable, Sendable {
        public static let builtInWideAngleCamera = DeviceType()
    }
    public enum Position: Int, Sendable {
        case unspecified = 0
        case back, front
    }
    open class RotationCoordinator: NSObject {
        public init(device: AVCaptureDevice, previewLayer: CALayer?) {}
        public var videoRotationAngleForHorizonLevelPreview: CGFloat { 0 }
        public var videoRotationAngleForHorizonLevelCapture: CGFloat { 0 }
    }
    public class func `default`(
        _ deviceType: DeviceType, for mediaType: AVMediaType?, position: Position
    ) -> AVCaptureDevice? { nil }
    public class func `default`(for mediaType: AVMediaType) -> AVCaptureDevice? { pretended }
    public class func authorizationStatus(for mediaType: AVMediaType) -> AVAuthorizationStatus { pretendedStatus }
    public class func requestAccess(for mediaType: AVMediaType) async -> Bool { false }
}
open class AVCaptureInput: NSObject {}
open class AVCaptureDeviceInput: AVCaptureInput {
    public nonisolated(unsafe) static var fault: (any Error)?
    public init(device: AVCaptureDevice) throws {
        if let fault = Self.fault { throw fault }
    }
    public var device: AVCaptureDevice { AVCaptureDevice() }
}
open class AVCaptureConnection: NSObject {
    public var videoRotationAngle: CGFloat = 0
    public func isVideoRotationAngleSupported(_ videoRotationAngle: CGFloat) -> Bool { false }
    public var isVideoMirroringSupported: Bool { false }
    public var automaticallyAdjustsVideoMirroring = true
    public var isVideoMirrored = false
}
open class AVCaptureOutput: NSObject {}
public protocol AVCaptureVideoDataOutputSampleBufferDelegate: NSObjectProtocol {
    func captureOutput(
        _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer, from connection: AVCaptureConnection)
}
open class AVCaptureVideoDataOutput: AVCaptureOutput {
    public override init() {}
    public var alwaysDiscardsLateVideoFrames = true
    public func setSampleBufferDelegate(
        _ sampleBufferDelegate: (any AVCaptureVideoDataOutputSampleBufferDelegate)?, queue: DispatchSerialQueue?
    ) {}
}
open class AVCaptureSession: NSObject {
    public struct Preset: Hashable, Sendable {
        public static let vga640x480 = Preset()
    }
    public enum InterruptionReason: Int, Sendable {
        case videoDeviceNotAvailableInBackground = 1
        case audioDeviceInUseByAnotherClient, videoDeviceInUseByAnotherClient
        case videoDeviceNotAvailableWithMultipleForegroundApps, videoDeviceNotAvailableDueToSystemPressure
    }
    public static let wasInterruptedNotification = Notification.Name("AVCaptureSessionWasInterrupted")
    public static let runtimeErrorNotification = Notification.Name("AVCaptureSessionRuntimeError")
    public nonisolated(unsafe) static var pretendedNotices: [Notification] = []
    public override init() {}
    public var sessionPreset = Preset.vga640x480
    public var inputs: [AVCaptureInput] { [] }
    public func canAddInput(_ input: AVCaptureInput) -> Bool { true }
    public func addInput(_ input: AVCaptureInput) {}
    public func canAddOutput(_ output: AVCaptureOutput) -> Bool { true }
    public func addOutput(_ output: AVCaptureOutput) {}
    public func beginConfiguration() {}
    public func commitConfiguration() {}
    public func startRunning() {
        for notice in Self.pretendedNotices {
            NotificationCenter.default.post(name: notice.name, object: self, userInfo: notice.userInfo)
        }
    }
    public func stopRunning() {}
}
public let AVCaptureSessionInterruptionReasonKey = "AVCaptureSessionInterruptionReasonKey"
public let AVCaptureSessionErrorKey = "AVCaptureSessionErrorKey"
public struct AVLayerVideoGravity: Hashable, Sendable {
    public static let resizeAspect = AVLayerVideoGravity()
}
open class CALayer: NSObject {}
open class AVCaptureVideoPreviewLayer: CALayer {
    public var session: AVCaptureSession?
    public var videoGravity = AVLayerVideoGravity.resizeAspect
    public var connection: AVCaptureConnection? { nil }
}
