import CoreML
import CoreVideo
import Foundation

/// Mien.mlpackage: found, compiled, loaded and asked.
struct ExpressionModel {
    static let name = "Mien"
    static let inputName = "face"
    static let labelName = "label"
    static let probabilitiesName = "probabilities"

    /// Pixels a side of the face crops that it takes.
    let side: Int
    private let model: MLModel

    /// - Parameter url: see `compiledURL`.
    init(contentsOf url: URL, configuration: MLModelConfiguration) throws {
        do {
            model = try MLModel(contentsOf: url, configuration: configuration)
        } catch {
            throw ExpressionError.modelUnavailable(error.localizedDescription)
        }
        side = try Self.checkedSide(of: model)
    }

    /// The probability of each of `Expression.allCases`, in their order, on a face crop of `side` × `side` pixels.
    func probabilities(of crop: PixelGrid) throws -> [Double] {
        let buffer = try CVPixelBuffer.make(
            width: crop.width, height: crop.height, kCVPixelFormatType_OneComponent8)
        try buffer.withBytes { bytes, bytesPerRow in
            for row in 0..<crop.height {
                let pixels = crop.bytes[row * crop.width..<(row + 1) * crop.width]
                UnsafeMutableRawBufferPointer(rebasing: bytes[(row * bytesPerRow)...]).copyBytes(from: pixels)
            }
        }
        let named: [AnyHashable: NSNumber]
        do {
            let input = try MLDictionaryFeatureProvider(
                dictionary: [Self.inputName: MLFeatureValue(pixelBuffer: buffer)])
            let answer = try model.prediction(from: input)
            named = answer.featureValue(for: Self.probabilitiesName)?.dictionaryValue ?? [:]
        } catch {
            throw ExpressionError.modelFailed(error.localizedDescription)
        }
        return try Expression.allCases.map { expression in
            guard let probability = named[expression.rawValue] else {
                throw ExpressionError.modelFailed("it gave no probability of \(expression.rawValue).")
            }
            return probability.doubleValue
        }
    }

    /// Where the compiled model is. An app that holds the package as a file of its own has it compiled by Xcode; the copy
    /// in this Swift package is compiled here, on first use, and kept in the caches folder.
    static func compiledURL() async throws -> URL {
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

    /// The side of the model's input, once model and code are known to fit.
    private static func checkedSide(of model: MLModel) throws -> Int {
        guard let input = model.modelDescription.inputDescriptionsByName[inputName]?.imageConstraint else {
            throw ExpressionError.modelUnavailable("its input is not an image called \(inputName).")
        }
        let labels = (model.modelDescription.classLabels ?? []).compactMap { $0 as? String }
        guard Set(labels) == Set(Expression.allCases.map(\.rawValue)) else {
            throw ExpressionError.labelMismatch(labels)
        }
        return input.pixelsWide
    }
}
