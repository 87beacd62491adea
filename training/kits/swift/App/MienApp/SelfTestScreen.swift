import Mien
import SwiftUI

/// Whether the model answers on this device as it did where it was trained.
struct SelfTestScreen: View {
    @State private var report: SelfTestReport?
    @State private var problem: String?
    @State private var runs = 0

    var body: some View {
        VStack(alignment: .leading, spacing: 16) {
            Text("Pictures that came with the model (noise, gradients, drawn faces), answered by this device.")
            if let report {
                ForEach(report.runs) { run in
                    Label(run.summary, systemImage: run.holds ? "checkmark.circle" : "exclamationmark.triangle")
                }
                ShareLink("Share the report", item: report.text)
            } else if let problem {
                Text(problem)
            } else {
                ProgressView()
            }
            Button("Run again") { runs += 1 }
                .buttonStyle(.borderedProminent)
        }
        .padding()
        .task(id: runs) { await run() }
    }

    private func run() async {
        (report, problem) = (nil, nil)
        do {
            report = try await SelfTest().run()
        } catch {
            problem = error.localizedDescription
        }
    }
}
