// Declarations in meaning after Apple's documentation of Core Media; see README.md.
@_exported import CoreVideo

public struct CMTime: Sendable {
    public var seconds: Double { 0 }
}
public final class CMSampleBuffer {}
public func CMSampleBufferGetImageBuffer(_ sbuf: CMSampleBuffer) -> CVImageBuffer? { nil }
public func CMSampleBufferGetPresentationTimeStamp(_ sbuf: CMSampleBuffer) -> CMTime { CMTime() }
