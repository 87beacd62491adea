// swift-tools-version: 5.10
import PackageDescription

let package = Package(
    name: "Mien",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [
        .library(name: "Mien", targets: ["Mien"]),
        .library(name: "MienCore", targets: ["MienCore"]),
    ],
    targets: [
        .target(name: "MienCore", path: "Mien.swiftpm/Sources/MienCore"),
        .target(
            name: "Mien",
            dependencies: ["MienCore"],
            path: "Mien.swiftpm/Sources/Mien",
            // The model is copied as it is: ExpressionModel compiles it on the device, once.
            resources: [
                .copy("Resources/MienExpressions.mlpackage"), .copy("Resources/SelfTest.json"),
                .copy("Resources/PrivacyInfo.xcprivacy"),
            ]
        ),
        .testTarget(
            name: "MienCoreTests", dependencies: ["MienCore"],
            resources: [.copy("Resources/Faces.json"), .copy("Resources/Outlines.json"), .copy("Resources/Film.json")]),
        .testTarget(name: "MienTests", dependencies: ["Mien"]),
    ]
)
