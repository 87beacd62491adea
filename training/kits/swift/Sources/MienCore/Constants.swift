// Written by Mien from the constants that it cuts out and judges faces by itself.

extension FaceSquare {
    /// The side: so many times the root of the squared ways from eye to eye and down to the mouth.
    static let sideOfFace = 1.91
    /// How far down the way from between the eyes to the mouth the square's centre lies.
    static let wayDown = 0.32
    /// Pixels: points that are farther off belong to no face.
    static let farthest = 1000000.0
}

extension FaceCrop {
    /// A pixel of the crop that covers several of the picture is the mean of so many across and down.
    static let samples = 2
}

/// What can speak against naming a face.
public enum FaceFault: String, CaseIterable, Codable, Unisolated.Value {
    case small = "small"
    case blurred = "blurred"
    case dark = "dark"
    case noisy = "noisy"
    case turnedAway = "turned away"
    case covered = "covered"
    case cutOff = "cut off"

    /// As it is told to a person.
    public var reason: String {
        switch self {
        case .small: return "too small"
        case .blurred: return "blurred"
        case .dark: return "too dark"
        case .noisy: return "too noisy"
        case .turnedAway: return "turned away"
        case .covered: return "partly covered"
        case .cutOff: return "cut off"
        }
    }
}

extension FaceQuality {
    /// Pixels a side of the crops that the limits were set on.
    public static let side = 48
    /// Of the crop's side, the middle that eyes, nose and mouth take up.
    static let faceShare = 0.75
    /// From the median of second differences to the noise's standard deviation.
    static let toSigma = 0.2470966147763776
}

extension QualityLimits {
    static let small = QualityLimits(fine: 32, hopeless: 6)
    static let blurred = QualityLimits(fine: 0.12, hopeless: 0)
    static let dark = QualityLimits(fine: 78, hopeless: 5)
    static let noisy = QualityLimits(fine: 0.125, hopeless: 0.75)
    static let covered = QualityLimits(fine: 0.22, hopeless: -0.22)
    static let sideways = QualityLimits(fine: 0.35, hopeless: 0.6)
    static let narrow = QualityLimits(fine: 0.55, hopeless: 0.2)
    static let noseHigh = QualityLimits(fine: 0.4, hopeless: 0.1)
    static let noseLow = QualityLimits(fine: 0.7, hopeless: 1.0)
    static let cutOff = QualityLimits(fine: 0.2, hopeless: 0.6)
}

extension FaceTracker {
    /// Seconds after which a change of what is said of a face has come through by 63 %.
    static let settle = 0.12
    /// The same for where a face is.
    static let settlePlace = 0.04
    /// Seconds after which a face that was away is another one.
    static let patience = 0.6
    /// Share of its height by which a still face's box and points move in a camera's noise.
    static let trembling = 0.04
    /// Intersection over union of two boxes, from which on they are of one face.
    static let leastOverlap = 0.2
}

extension SteadyDoubts {
    /// Seconds for which an answer that was sure must be doubtful before that is told.
    static let comes = 0.25
    /// Seconds for which a doubt must be over, or another one, before that is told.
    static let goes = 0.5
    /// By how much an answer that was doubtful must be surer than others are, to be sure again.
    static let surer = 1.1
}
