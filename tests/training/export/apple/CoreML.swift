// Declarations in meaning after Apple's documentation of Core ML; see README.md.
@_exported import CoreVideo

public enum MLComputeUnits: Int, Sendable {
    case cpuOnly = 0
    case cpuAndGPU, all, cpuAndNeuralEngine
}
open class MLModelConfiguration: NSObject {
    public override init() {}
    public var computeUnits: MLComputeUnits {
        get { .all }
        set {}
    }
}
open class MLImageConstraint: NSObject {
    public var pixelsWide: Int { 48 }
    public var pixelsHigh: Int { 48 }
}
open class MLFeatureDescription: NSObject {
    public var imageConstraint: MLImageConstraint? { MLImageConstraint() }
}
open class MLModelDescription: NSObject {
    public var inputDescriptionsByName: [String: MLFeatureDescription] { ["face": MLFeatureDescription()] }
    public var classLabels: [Any]? { MLModel.pretendedLabels }
}
open class MLFeatureValue: NSObject {
    public init(pixelBuffer value: CVPixelBuffer) {}
    public var dictionaryValue: [AnyHashable: NSNumber] {
        Dictionary(uniqueKeysWithValues: MLModel.pretendedLabels.map { ($0, NSNumber(value: 0.5)) })
    }
}
public protocol MLFeatureProvider {
    func featureValue(for featureName: String) -> MLFeatureValue?
}
open class MLDictionaryFeatureProvider: NSObject, MLFeatureProvider {
    private let dictionary: [String: Any]
    public init(dictionary: [String: Any]) throws { self.dictionary = dictionary }
    public func featureValue(for featureName: String) -> MLFeatureValue? { dictionary.values.first as? MLFeatureValue }
}
open class MLModel: NSObject {
    public nonisolated(unsafe) static var pretendedLabels: [String] = []
    public nonisolated(unsafe) static var compileFault: (any Error)?
    public nonisolated(unsafe) static var predictionFault: (any Error)?
    public init(contentsOf url: URL, configuration: MLModelConfiguration) throws {}
    public class func compileModel(at modelURL: URL) async throws -> URL {
        if let compileFault { throw compileFault }
        let compiled = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).mlmodelc")
        try FileManager.default.createDirectory(at: compiled, withIntermediateDirectories: true)
        return compiled
    }
    public var modelDescription: MLModelDescription { MLModelDescription() }
    public func prediction(from input: any MLFeatureProvider) throws -> any MLFeatureProvider {
        if let fault = Self.predictionFault { throw fault }
        return input
    }
}
