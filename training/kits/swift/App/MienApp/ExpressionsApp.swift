import Mien
import SwiftUI

@main
struct ExpressionsApp: App {
    var body: some Scene {
        WindowGroup {
            TabView {
                ExpressionView()
                    .tabItem { Label("Live", systemImage: "video") }
                PhotoScreen()
                    .tabItem { Label("Photo", systemImage: "photo") }
                SelfTestScreen()
                    .tabItem { Label("Self-test", systemImage: "checkmark.seal") }
            }
        }
    }
}
