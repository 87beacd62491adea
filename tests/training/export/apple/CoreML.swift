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
    public var pixelsWide: Int { 0 }
    public var pixelsHigh: Int { 0 }
}
open class MLFeatureDescription: NSObject {
    public var imageConstraint: MLImageConstraint? { nil }
}
open class MLModelDescription: NSObject {
    public var inputDescriptionsByName: [String: MLFeatureDescription] { [:] }
    public var classLabels: [Any]? { nil }
}
open class MLFeatureValue: NSObject {
    public init(pixelBuffer value: CVPixelBuffer) {}
    public var dictionaryValue: [AnyHashable: NSNumber] { [:] }
}
public protocol MLFeatureProvider {
    func featureValue(for featureName: String) -> MLFeatureValue?
}
open class MLDictionaryFeatureProvider: NSObject, MLFeatureProvider {
    public init(dictionary: [String: Any]) throws {}
    public func featureValue(for featureName: String) -> MLFeatureValue? { nil }
}
open class MLModel: NSObject {
    public init(contentsOf url: URL, configuration: MLModelConfiguration) throws {}
    public class func compileModel(at modelURL: URL) async throws -> URL { modelURL }
    public var modelDescription: MLModelDescription { MLModelDescription() }
    public func prediction(from input: any MLFeatureProvider) throws -> any MLFeatureProvider { input }
}
