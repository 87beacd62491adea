// Written by Mien with the model: the labels of Mien.mlpackage, in its order.

/// An expression that the model names.
public enum Expression: String, CaseIterable, Sendable, Codable {
    case neutral = "neutral"
    case happiness = "happiness"
    case surprise = "surprise"
    case sadness = "sadness"
    case anger = "anger"
    case disgust = "disgust"
    case fear = "fear"
    case contempt = "contempt"
}
