// Declarations in meaning after what Xcode and Swift Playgrounds write into an app package's manifest; see README.md.
import PackageDescription

extension Product {
    public static func iOSApplication(
        name: String, targets: [String], bundleIdentifier: String? = nil, teamIdentifier: String? = nil,
        displayVersion: String? = nil, bundleVersion: String? = nil, appIcon: AppIcon? = nil,
        accentColor: AccentColor? = nil, supportedDeviceFamilies: [DeviceFamily],
        supportedInterfaceOrientations: [InterfaceOrientation], capabilities: [Capability] = []
    ) -> Product { .executable(name: name, targets: targets) }

    public struct AppIcon {
        public struct Placeholder { public static var heart: Placeholder { Placeholder() } }
        public static func placeholder(icon: Placeholder) -> AppIcon { AppIcon() }
        public static func asset(_ name: String) -> AppIcon { AppIcon() }
    }
    public struct AccentColor {
        public struct Preset { public static var blue: Preset { Preset() } }
        public static func presetColor(_ preset: Preset) -> AccentColor { AccentColor() }
    }
    public struct DeviceFamily {
        public static var pad: DeviceFamily { DeviceFamily() }
        public static var phone: DeviceFamily { DeviceFamily() }
    }
    public struct DeviceFamilyCondition {
        public static func when(deviceFamilies: [DeviceFamily]) -> DeviceFamilyCondition { DeviceFamilyCondition() }
    }
    public struct InterfaceOrientation {
        public static var portrait: InterfaceOrientation { InterfaceOrientation() }
        public static var landscapeLeft: InterfaceOrientation { InterfaceOrientation() }
        public static var landscapeRight: InterfaceOrientation { InterfaceOrientation() }
        public static func portraitUpsideDown(_ condition: DeviceFamilyCondition? = nil) -> InterfaceOrientation {
            InterfaceOrientation()
        }
    }
    public struct Capability {
        public static func camera(purposeString: String) -> Capability { Capability() }
    }
}
