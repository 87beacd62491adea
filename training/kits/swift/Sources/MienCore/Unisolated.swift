/// Where an app makes its declarations the main actor's unless they say otherwise (Xcode 26 does so for new apps), those
/// inside an actor and the values that conform to a protocol of one stay free to be used anywhere. In this way sources that
/// are dragged into such an app work as they do in a package; `nonisolated struct` would need Swift 6.1.
public actor Unisolated {
    public protocol Value: Sendable {}
}
