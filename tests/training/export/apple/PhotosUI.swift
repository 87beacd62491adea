// Declarations in meaning after Apple's documentation of PhotosUI and Core Transferable; see README.md.
@_exported import SwiftUI

public protocol Transferable: Sendable {}
extension Data: Transferable {}
public struct PHPickerFilter: Sendable {
    public static let images = PHPickerFilter()
}
public struct PhotosPickerItem: Hashable, Sendable {
    public func loadTransferable<T: Transferable>(type: T.Type) async throws -> T? { nil }
}
public struct PhotosPicker<Label: View>: Primitive {
    public init(
        selection: Binding<PhotosPickerItem?>, matching filter: PHPickerFilter? = nil,
        @ViewBuilder label: () -> Label
    ) {}
}
