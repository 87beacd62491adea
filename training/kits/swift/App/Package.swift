// swift-tools-version: 5.10
import AppleProductTypes
import PackageDescription

let package = Package(
    name: "Mien",
    platforms: [.iOS(.v17)],
    products: [
        .iOSApplication(
            name: "Expressions",
            targets: ["MienApp"],
            bundleIdentifier: "com.example.mien",
            displayVersion: "1.0",
            bundleVersion: "1",
            appIcon: .placeholder(icon: .heart),
            accentColor: .presetColor(.blue),
            supportedDeviceFamilies: [.pad, .phone],
            supportedInterfaceOrientations: [
                .portrait, .landscapeRight, .landscapeLeft, .portraitUpsideDown(.when(deviceFamilies: [.pad])),
            ],
            capabilities: [
                .camera(purposeString: "Shows the expression on your face. Pictures stay on this device.")
            ]
        )
    ],
    targets: [
        .executableTarget(name: "MienApp", dependencies: ["Mien"]),
        .target(
            name: "Mien",
            dependencies: ["MienCore"],
            resources: [
                .copy("Resources/MienExpressions.mlpackage"), .copy("Resources/SelfTest.json"),
                .copy("Resources/PrivacyInfo.xcprivacy"),
            ]
        ),
        .target(name: "MienCore"),
    ]
)
