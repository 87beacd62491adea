// What the kit says where a picture, the model or the camera is no good, and the stand-ins have the system answer so.
// Prints the outcome of the case that its argument names.
@preconcurrency import AVFoundation
@preconcurrency import CoreML
import Mien
@preconcurrency import Vision

struct Fault: LocalizedError {
    var errorDescription: String? { "its own words" }
}

@main
struct BadInput {
    static func main() async {
        MLModel.pretendedLabels = ExpressionLabel.names
        AVCaptureDevice.pretended = AVCaptureDevice()
        switch CommandLine.arguments[1] {
        case "no picture": await read("no picture")
        case "no face": await read("640 480 1")
        case "20 megapixels": await read("5472 3648 1", face: CGRect(x: 0.5, y: 0.5, width: 0.25, height: 0.25))
        case "turned by EXIF": await read("640 480 6", face: CGRect(x: 0.5, y: 0.5, width: 0.25, height: 0.25))
        case "no model": await read("640 480 1")
        case "a model that does not compile":
            MLModel.compileFault = Fault()
            await read("640 480 1")
        case "a model of other labels":
            MLModel.pretendedLabels = ["another", "label"]
            await read("640 480 1")
        case "a model that fails":
            MLModel.predictionFault = Fault()
            await read("640 480 1", face: CGRect(x: 0, y: 0, width: 1, height: 1))
        case "Vision fails":
            VNImageRequestHandler.fault = Fault()
            await read("640 480 1")
        case "camera denied":
            AVCaptureDevice.pretendedStatus = .denied
            await watch()
        case "camera not allowed when asked":
            AVCaptureDevice.pretendedStatus = .notDetermined
            await watch()
        case "no camera":
            AVCaptureDevice.pretended = nil
            await watch()
        case "camera unplugged": await watch(fault: AVError(.deviceWasDisconnected))
        case "camera taken": await watch(fault: AVError(.deviceInUseByAnotherApplication))
        case "camera forbidden": await watch(fault: AVError(.applicationIsNotAuthorizedToUseDevice))
        case "camera fails": await watch(fault: Fault())
        case "camera taken later":
            await watch(interruption: .videoDeviceInUseByAnotherClient)
        case "too hot":
            await watch(interruption: .videoDeviceNotAvailableDueToSystemPressure)
        case "camera fails later":
            AVCaptureSession.pretendedNotices = [
                Notification(
                    name: AVCaptureSession.runtimeErrorNotification, userInfo: [AVCaptureSessionErrorKey: Fault()])
            ]
            await watch()
        default: print("There is no such case.")
        }
    }

    /// Reads a picture, in which Vision finds this face.
    private static func read(_ picture: String, face: CGRect? = nil) async {
        VNDetectFaceLandmarksRequest.pretendedResults = face.map { [VNFaceObservation(boundingBox: $0)] }
        do {
            let faces = try await ExpressionClassifier().faces(in: Data(picture.utf8))
            let seen = VNImageRequestHandler.lastExtent
            let places = faces.map { [$0.box.minX, $0.box.minY, $0.box.maxX, $0.box.maxY] }
            print("\(Int(seen.width.rounded())) × \(Int(seen.height.rounded())), faces at \(places)")
        } catch {
            tell(error)
        }
    }

    /// Runs the camera until it says what is wrong.
    @MainActor
    private static func watch(
        fault: (any Error)? = nil, interruption: AVCaptureSession.InterruptionReason? = nil
    ) async {
        AVCaptureDeviceInput.fault = fault
        if let interruption {
            AVCaptureSession.pretendedNotices = [
                Notification(
                    name: AVCaptureSession.wasInterruptedNotification,
                    userInfo: [AVCaptureSessionInterruptionReasonKey: interruption.rawValue])
            ]
        }
        let camera = ExpressionCamera()
        let running = Task { await camera.run() }
        for _ in 0..<1000 where camera.error == nil {
            try? await Task.sleep(for: .milliseconds(10))
        }
        running.cancel()
        camera.error.map(tell)
    }

    private static func tell(_ error: any Error) {
        print(error is ExpressionError ? "" : "not typed: ", error, ". ", error.localizedDescription, separator: "")
    }
}
