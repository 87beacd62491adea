import Mien
import PhotosUI
import SwiftUI
import UIKit

/// A photo from the library, with a box and a name on every face. Needs no camera: the simulator shows it too.
struct PhotoScreen: View {
    @State private var item: PhotosPickerItem?
    @State private var photo: UIImage?
    @State private var faces: [FaceExpression] = []
    @State private var message = "Choose a photo with a face."

    var body: some View {
        VStack(spacing: 16) {
            if let photo {
                Image(uiImage: photo)
                    .resizable()
                    .aspectRatio(contentMode: .fit)
                    .overlay {
                        GeometryReader { geometry in
                            ForEach(faces) { face in
                                FaceFrame(face: face, size: geometry.size)
                            }
                        }
                    }
            }
            Text(message)
                .multilineTextAlignment(.center)
            PhotosPicker(selection: $item, matching: .images) {
                Label("Choose a photo", systemImage: "photo")
            }
            .buttonStyle(.borderedProminent)
        }
        .padding()
        .task(id: item) { await read() }
    }

    private func read() async {
        guard let item else {
            return
        }
        faces = []
        photo = nil
        message = "Looking for faces…"
        do {
            guard let data = try await item.loadTransferable(type: Data.self) else {
                throw ExpressionError.unreadableImage
            }
            let found = try await ExpressionClassifier().faces(in: data)
            guard !Task.isCancelled else {
                return
            }
            (photo, faces) = (UIImage(data: data), found)
            message = found.isEmpty ? "No face was found in this photo." : found.map(\.summary).joined(separator: "\n")
        } catch {
            message = error.localizedDescription
        }
    }
}

private struct FaceFrame: View {
    let face: FaceExpression
    let size: CGSize

    var body: some View {
        RoundedRectangle(cornerRadius: 4)
            .stroke(.white, lineWidth: 2)
            .shadow(radius: 2)
            .frame(width: face.box.width * size.width, height: face.box.height * size.height)
            .position(x: face.box.midX * size.width, y: face.box.midY * size.height)
            .accessibilityElement()
            .accessibilityLabel(Text(face.summary))
    }
}
