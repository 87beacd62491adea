// Written by Mien with the model.

#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
extension ExpressionClassifier {
    /// Names the model by its contents: each gets a compiled copy of its own.
    static let modelVersion = "none"
}
#endif
