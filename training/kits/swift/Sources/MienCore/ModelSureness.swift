// Written by Mien with the model.

extension Sureness {
    /// When an answer of the model is not sure. Nil where that is not known: each is given then.
    public static let ofModel: Sureness? = nil
}
