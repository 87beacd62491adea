"""What the Swift kit has from Mien's own modules, as Swift: constants of crop and quality, a version's limits."""

from __future__ import annotations

from models import crop, quality, steady_doubt
from models.card import Sureness
from models.quality import FAULTS, Limits
from models.sureness import REASONS
from models.tracker import LEAST_OVERLAP, TREMBLING, Tracker
from training.export.swift_names import swift_names, swift_string


def constants_swift() -> str:
    """`Constants.swift`: the kit cuts out and judges a face by the same numbers and words."""
    cases, reasons, tracker = [], [], Tracker()
    for fault, name in zip(FAULTS, swift_names(FAULTS), strict=True):
        cases.append(f"    case {name} = {swift_string(fault)}")
        reasons.append(f"        case .{name}: return {swift_string(REASONS[fault])}")
    limits = [
        f"    static let {name} = QualityLimits(fine: {value.fine}, hopeless: {value.hopeless})"
        for name, value in zip(swift_names(_LIMITS), _LIMITS.values(), strict=True)
    ]
    return "\n".join(
        [
            "// Written by Mien from the constants that it cuts out and judges faces by itself.",
            "",
            "extension FaceSquare {",
            "    /// The side: so many times the root of the squared ways from eye to eye and down to the mouth.",
            f"    static let sideOfFace = {crop.SIDE}",
            "    /// How far down the way from between the eyes to the mouth the square's centre lies.",
            f"    static let wayDown = {crop.DOWN}",
            "    /// Pixels: points that are farther off belong to no face.",
            f"    static let farthest = {crop.FARTHEST}",
            "}",
            "",
            "extension FaceCrop {",
            "    /// A pixel of the crop that covers several of the picture is the mean of so many across and down.",
            f"    static let samples = {crop.SAMPLES}",
            "}",
            "",
            "/// What can speak against naming a face.",
            "public enum FaceFault: String, CaseIterable, Codable, Unisolated.Value {",
            *cases,
            "",
            "    /// As it is told to a person.",
            "    public var reason: String {",
            "        switch self {",
            *reasons,
            "        }",
            "    }",
            "}",
            "",
            "extension FaceQuality {",
            "    /// Pixels a side of the crops that the limits were set on.",
            f"    public static let side = {quality.SIDE}",
            "    /// Of the crop's side, the middle that eyes, nose and mouth take up.",
            f"    static let faceShare = {quality.FACE}",
            "    /// From the median of second differences to the noise's standard deviation.",
            f"    static let toSigma = {quality.TO_SIGMA}",
            "}",
            "",
            "extension QualityLimits {",
            *limits,
            "}",
            "",
            "extension FaceTracker {",
            "    /// Seconds after which a change of what is said of a face has come through by 63 %.",
            f"    static let settle = {tracker.settle}",
            "    /// The same for where a face is.",
            f"    static let settlePlace = {tracker.settle_place}",
            "    /// Seconds after which a face that was away is another one.",
            f"    static let patience = {tracker.patience}",
            "    /// Share of its height by which a still face's box and points move in a camera's noise.",
            f"    static let trembling = {TREMBLING}",
            "    /// Intersection over union of two boxes, from which on they are of one face.",
            f"    static let leastOverlap = {LEAST_OVERLAP}",
            "}",
            "",
            "extension SteadyDoubts {",
            "    /// Seconds for which an answer that was sure must be doubtful before that is told.",
            f"    static let comes = {steady_doubt.COMES}",
            "    /// Seconds for which a doubt must be over, or another one, before that is told.",
            f"    static let goes = {steady_doubt.GOES}",
            "    /// By how much an answer that was doubtful must be surer than others are, to be sure again.",
            f"    static let surer = {steady_doubt.SURER}",
            "}",
            "",
        ]
    )


def sureness_swift(sureness: Sureness | None) -> str:
    """`ModelSureness.swift`: when an answer of this version is not sure."""
    value = f"Sureness(margin: {sureness.margin}, quality: {sureness.quality})" if sureness else "nil"
    return (
        "// Written by Mien with the model.\n\n"
        "extension Sureness {\n"
        "    /// When an answer of the model is not sure. Nil where that is not known: each is given then.\n"
        f"    public static let ofModel: Sureness? = {value}\n"
        "}\n"
    )


def version_swift(version: str) -> str:
    """`ModelVersion.swift`: what the compiled model is kept under; `version` names the package's contents."""
    return (
        "// Written by Mien with the model.\n\n"
        "#if canImport(CoreImage) && canImport(CoreML) && canImport(Vision)\n"
        "extension ExpressionClassifier {\n"
        "    /// Names the model by its contents: each gets a compiled copy of its own.\n"
        f"    static let modelVersion = {swift_string(version)}\n"
        "}\n"
        "#endif\n"
    )


_LIMITS: dict[str, Limits] = {
    name.lower().replace("_", " "): value
    for name, value in vars(quality).items()
    if isinstance(value, Limits) and value is not quality.UNCERTAIN
}
"""By name; not the one of the certainty that a face is one, which Vision tells on no scale of YuNet's."""
