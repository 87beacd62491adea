import CoreML
import Foundation
import Vision

/// Finds, compiles and loads Mien.mlpackage.
enum ExpressionModel {
    static let name = "Mien"
    static let inputName = "face"
    static let labelName = "label"
    static let probabilitiesName = "probabilities"

    /// The model for Vision. An app that holds the package as a file of its own has it compiled by Xcode; the copy in
    /// this Swift package is compiled here, on first use, and kept in the caches folder.
    static func load(configuration: MLModelConfiguration) async throws -> VNCoreMLModel {
        let url = try await compiledURL()
        do {
            let model = try await MLModel.load(contentsOf: url, configuration: configuration)
            try check(model)
            return try VNCoreMLModel(for: model)
        } catch let error as ExpressionError {
            throw error
        } catch {
            throw ExpressionError.modelUnavailable(error.localizedDescription)
        }
    }

    private static func compiledURL() async throws -> URL {
        for bundle in [Bundle.main, Bundle.module] {
            if let url = bundle.url(forResource: name, withExtension: "mlmodelc") {
                return url
            }
        }
        guard let package = Bundle.module.url(forResource: name, withExtension: "mlpackage") else {
            throw ExpressionError.modelUnavailable("\(name).mlpackage is not in the app.")
        }
        do {
            return try await compile(package)
        } catch {
            throw ExpressionError.modelUnavailable(error.localizedDescription)
        }
    }

    private static func compile(_ package: URL) async throws -> URL {
        let files = FileManager.default
        let caches = try files.url(for: .cachesDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
        let stamp = try package.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
        let version = Int(stamp?.timeIntervalSince1970 ?? 0)
        let kept = caches.appendingPathComponent("\(name)-\(version).mlmodelc")
        if files.fileExists(atPath: kept.path) {
            return kept
        }
        let compiled = try await MLModel.compileModel(at: package)
        do {
            try files.moveItem(at: compiled, to: kept)
            return kept
        } catch {
            return compiled
        }
    }

    private static func check(_ model: MLModel) throws {
        guard model.modelDescription.inputDescriptionsByName[inputName]?.type == .image else {
            throw ExpressionError.modelUnavailable("its input is not an image called \(inputName).")
        }
        let labels = (model.modelDescription.classLabels ?? []).compactMap { $0 as? String }
        guard Set(labels) == Set(Expression.allCases.map(\.rawValue)) else {
            throw ExpressionError.labelMismatch(labels)
        }
    }
}
