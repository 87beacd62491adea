// Written by Mien with the model.

extension Sureness {
    /// When an answer of Mien.mlpackage is not sure. Nil where that is not known: each is given then.
    static let ofModel: Sureness? = nil
}
