// Sources that are dragged into an app are all of one module.
#if canImport(MienCore)
@_exported import MienCore
#endif
