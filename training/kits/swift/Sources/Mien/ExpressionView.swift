#if canImport(AVFoundation) && canImport(SwiftUI) && canImport(UIKit) && canImport(Vision)
@preconcurrency import AVFoundation
import SwiftUI
import UIKit

/// The front camera's picture with a box and a name on every face.
///
///     struct ContentView: View {
///         var body: some View { ExpressionView() }
///     }
///
/// The app's Info.plist needs `NSCameraUsageDescription`.
public struct ExpressionView: View {
    @State private var camera = ExpressionCamera()
    @State private var attempt = 0

    public init() {}

    public var body: some View {
        ZStack {
            Color.black.ignoresSafeArea()
            CameraPreview(session: camera.session, isRunning: camera.isRunning)
                .overlay {
                    GeometryReader { geometry in
                        ForEach(camera.faces) { face in
                            FaceMark(face: face, frame: mirrored(face.box, in: geometry.size))
                        }
                    }
                }
                .aspectRatio(camera.aspectRatio, contentMode: .fit)
                .opacity(camera.error == nil ? 1 : 0)
            if let error = camera.error {
                CameraProblem(error: error) { attempt += 1 }
            }
        }
        .task(id: attempt) { await camera.run() }
    }

    /// The preview of the front camera is a mirror, so the boxes are mirrored too.
    private func mirrored(_ box: CGRect, in size: CGSize) -> CGRect {
        CGRect(
            x: (1 - box.maxX) * size.width, y: box.minY * size.height,
            width: box.width * size.width, height: box.height * size.height)
    }
}

private struct FaceMark: View {
    let face: FaceExpression
    let frame: CGRect

    var body: some View {
        RoundedRectangle(cornerRadius: 8)
            .stroke(.white, lineWidth: 3)
            .overlay(alignment: .top) {
                Text(face.summary)
                    .font(.headline.monospacedDigit())
                    .padding(.horizontal, 8)
                    .padding(.vertical, 4)
                    .background(.black.opacity(0.7), in: Capsule())
                    .foregroundStyle(.white)
                    .fixedSize()
                    .offset(y: -36)
            }
            .frame(width: frame.width, height: frame.height)
            .position(x: frame.midX, y: frame.midY)
            .accessibilityElement()
            .accessibilityLabel(Text(face.summary))
    }
}

private struct CameraProblem: View {
    let error: ExpressionError
    let retry: () -> Void
    @Environment(\.openURL) private var openURL

    var body: some View {
        VStack(spacing: 16) {
            Text(error.localizedDescription)
                .multilineTextAlignment(.center)
            if error == .cameraDenied, let settings = URL(string: UIApplication.openSettingsURLString) {
                Button("Open Settings") { openURL(settings) }
            } else if error != .cameraTaken {
                Button("Try again", action: retry)
            }
        }
        .buttonStyle(.borderedProminent)
        .foregroundStyle(.white)
        .padding(32)
    }
}

private struct CameraPreview: UIViewRepresentable {
    let session: AVCaptureSession
    let isRunning: Bool

    func makeUIView(context: Context) -> PreviewView {
        let view = PreviewView(frame: .zero)
        view.previewLayer.session = session
        view.previewLayer.videoGravity = .resizeAspect
        return view
    }

    func updateUIView(_ view: PreviewView, context: Context) {
        view.setNeedsLayout()  // once pictures come, there is a connection to turn and to mirror
    }
}

private final class PreviewView: UIView {
    override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }

    private var turn: AVCaptureDevice.RotationCoordinator?

    var previewLayer: AVCaptureVideoPreviewLayer {
        guard let layer = layer as? AVCaptureVideoPreviewLayer else {
            preconditionFailure("layerClass makes this layer a preview layer")
        }
        return layer
    }

    override func layoutSubviews() {
        super.layoutSubviews()
        guard let connection = previewLayer.connection,
            let input = previewLayer.session?.inputs.first as? AVCaptureDeviceInput
        else {
            return
        }
        let turn = self.turn ?? AVCaptureDevice.RotationCoordinator(device: input.device, previewLayer: previewLayer)
        self.turn = turn
        if connection.isVideoRotationAngleSupported(turn.videoRotationAngleForHorizonLevelPreview) {
            connection.videoRotationAngle = turn.videoRotationAngleForHorizonLevelPreview
        }
        if connection.isVideoMirroringSupported {
            connection.automaticallyAdjustsVideoMirroring = false
            connection.isVideoMirrored = true
        }
    }
}
#endif
