#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)
@preconcurrency import CoreML
@preconcurrency import CoreVideo
import Foundation

extension ExpressionClassifier {
    /// The Core ML model: found, compiled, loaded and asked.
    struct ExpressionModel {
        static let file = "MienExpressions"
        static let inputName = "face"
        static let labelName = "label"
        static let probabilitiesName = "probabilities"

        /// Pixels a side of the face crops that it takes.
        let side: Int
        private let model: MLModel

        /// - Parameter url: see `compiledURL`.
        /// - Throws: `ExpressionError.modelUnavailable` or `.labelMismatch`.
        init(contentsOf url: URL, computeUnits: MLComputeUnits) throws {
            let configuration = MLModelConfiguration()
            configuration.computeUnits = computeUnits
            do {
                model = try MLModel(contentsOf: url, configuration: configuration)
            } catch {
                throw ExpressionError.modelUnavailable(error.localizedDescription)
            }
            let description = model.modelDescription
            guard let input = description.inputDescriptionsByName[Self.inputName]?.imageConstraint else {
                throw ExpressionError.modelUnavailable("its input is not an image called \(Self.inputName).")
            }
            try ExpressionLabel.require((description.classLabels ?? []).compactMap { $0 as? String })
            side = input.pixelsWide
        }

        /// What it says of a face crop of `side` × `side` grey pixels.
        /// - Throws: `ExpressionError.modelFailed`.
        func probabilities(of crop: PixelGrid) throws -> ExpressionProbabilities {
            let buffer = try CVPixelBuffer.make(
                width: crop.width, height: crop.height, kCVPixelFormatType_OneComponent8)
            try buffer.withBytes { bytes, bytesPerRow in
                for row in 0..<crop.height {
                    let pixels = crop.bytes[row * crop.width..<(row + 1) * crop.width]
                    UnsafeMutableRawBufferPointer(rebasing: bytes[(row * bytesPerRow)...]).copyBytes(from: pixels)
                }
            }
            var named: [String: Double] = [:]
            do {
                let input = try MLDictionaryFeatureProvider(
                    dictionary: [Self.inputName: MLFeatureValue(pixelBuffer: buffer)])
                let answer = try model.prediction(from: input)
                for (label, probability) in answer.featureValue(for: Self.probabilitiesName)?.dictionaryValue ?? [:] {
                    if let label = label as? String {
                        named[label] = probability.doubleValue
                    }
                }
            } catch {
                throw ExpressionError.modelFailed(error.localizedDescription)
            }
            return try ExpressionProbabilities(named: named)
        }

        /// Where the compiled model is. An app that holds the package as a file of its own has it compiled by Xcode; the copy
        /// in this Swift package is compiled here, on first use, and kept in the caches folder.
        /// - Throws: `ExpressionError.modelMissing` or `.modelUnavailable`.
        static func compiledURL() async throws -> URL {
            for bundle in bundles {
                if let url = bundle.url(forResource: file, withExtension: "mlmodelc") {
                    return url
                }
            }
            for bundle in bundles {
                if let package = bundle.url(forResource: file, withExtension: "mlpackage") {
                    do {
                        return try await compile(package)
                    } catch {
                        throw ExpressionError.modelUnavailable(error.localizedDescription)
                    }
                }
            }
            throw ExpressionError.modelMissing("\(file).mlpackage")
        }

        /// Where an app's files are, and this package's.
        static var bundles: [Bundle] {
            #if SWIFT_PACKAGE
            return [Bundle.main, Bundle.module]
            #else
            return [Bundle.main]
            #endif
        }

        private static func compile(_ package: URL) async throws -> URL {
            let files = FileManager.default
            let caches = try files.url(for: .cachesDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
            let kept = caches.appendingPathComponent("\(file)-\(modelVersion).mlmodelc")
            if files.fileExists(atPath: kept.path) {
                return kept
            }
            let compiled = try await MLModel.compileModel(at: package)
            do {
                try files.moveItem(at: compiled, to: kept)
                return kept
            } catch {
                return compiled  // another part of the app was first, or the disk is full
            }
        }
    }
}
#endif
