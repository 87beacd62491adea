// swift-tools-version: 5.9
import PackageDescription

let package = Package(
    name: "Mien",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Mien", targets: ["Mien"])],
    targets: [
        .target(
            name: "Mien",
            // Copied as it is: ExpressionModel compiles it on the device, once.
            resources: [.copy("Resources/Mien.mlpackage")]
        )
    ]
)
