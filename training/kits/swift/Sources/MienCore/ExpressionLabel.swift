// Written by Mien with the model: its labels, in its order.

/// An expression that the model names.
public enum ExpressionLabel: String, CaseIterable, Codable, Unisolated.Value {
    case neutral = "neutral"
    case happiness = "happiness"
    case surprise = "surprise"
    case sadness = "sadness"
    case anger = "anger"
    case disgust = "disgust"
    case fear = "fear"
    case contempt = "contempt"
}
