"""The card of a version: what it was made of, how good it is, and everything else that `card.json` says."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, PlainSerializer

FORMAT = 1
CORE_ML, CORE_AI, ONNX, ONNX_HALF = "Core ML", "Core AI", "ONNX", "ONNX in half precision"
MAX_DIFFERENCE = {CORE_ML: 0.02, CORE_AI: 1e-4, ONNX: 1e-4, ONNX_HALF: 0.02}
"""The greatest difference of any probability, 0…1, up to which an exported model answers as PyTorch does, by format."""
MIN_EQUAL_LABELS = {CORE_ML: 0.99, CORE_AI: 1.0, ONNX: 1.0, ONNX_HALF: 0.99}
"""The share of pictures, 0…1, that an exported model must give the same label as PyTorch, by format."""

Moment = Annotated[datetime, PlainSerializer(datetime.isoformat, str, when_used="json")]


class CardPart(BaseModel):
    """What a card is made of. Entries that another Mien wrote and this one does not know are kept as they are."""

    model_config = ConfigDict(
        frozen=True, extra="allow", allow_inf_nan=False, json_schema_serialization_defaults_required=True
    )

    def as_json(self) -> dict[str, JsonValue]:
        """Every entry that was read or given, as JSON has it."""
        return self.model_dump(mode="json", exclude_unset=True)


class NetworkShape(CardPart):
    """The shape of the network; see `models.network.NetworkConfig`."""

    classes: int
    widths: tuple[int, ...]
    depths: tuple[int, ...]
    size: int
    first_stride: int = 2
    adapted: bool = False
    signs: int = 0


class Metrics(CardPart):
    """Figures on one set of faces; all are fractions 0…1, `confusion[true][predicted]` counts faces.

    A label that no face has gets the recall None.
    """

    faces: int
    accuracy: float
    mean_recall: float
    recall: dict[str, float | None]
    calibration_error: float
    confusion: list[list[int]]


class Sureness(CardPart):
    """When an answer is given rather than "not sure", and how good the answers given then are.

    Attributes:
        margin: the least gap between the two highest probabilities; `quality`: the least quality score. Both 0…1.
        right: share of the answers given that are right, by majority, on PublicTest and its damaged copies.
        answered: share of those faces that get an answer.
    """

    margin: float
    quality: float
    right: float
    answered: float


class Estimate(CardPart):
    """A figure and the interval, `low`…`high`, in which 95 % of its bootstrap's figures lie (Efron, 1979)."""

    value: float
    low: float
    high: float


class Tally(CardPart):
    """How often answers on one set of faces are right; all are fractions 0…1.

    Attributes:
        arg_max: of all scored faces, the most frequent vote being true; `majority`: of those that have a majority, by
            the FER+ paper's rule.
        answered: share of the latter that the card's sureness lets through; `right`: of these, share that is right.
    """

    arg_max: Estimate
    majority: Estimate
    answered: float
    right: float


class WildTally(CardPart):
    """How a model does on photographs that are not FER+'s, cut by the points of two finders; fractions 0…1.

    Attributes:
        faces: photographs; `found`: those in which YuNet finds the face.
        mean_recall: over five expressions, by YuNet's points; a face that is not found counts as wrong.
        same_label: share of the faces found that get the same label by YuNet's and by MediaPipe's points.
    """

    faces: int
    found: int
    mean_recall: Estimate
    recall: dict[str, float]
    same_label: Estimate


class Evaluation(CardPart):
    """What `python -m training.evaluate` measured of the base model on FER+'s `split`, 0…1 where not said otherwise.

    Attributes:
        faces: those scored; `majority_faces`: those among them that have a majority.
        damaged: by the names of `training.base.damaged.DAMAGES`.
        risk_coverage: by set of faces, points of share answered and share right of these, by majority, ascending by the
            first; `chosen`: the point of each set where the card's sureness is.
        milliseconds: processor time of one face on one thread, its crop included; `runner`: what ran it.
        multiply_adds: of one face.
    """

    split: str
    faces: int
    majority_faces: int
    clean: Tally
    damaged: dict[str, Tally]
    mean_recall: Estimate
    calibration_error: Estimate
    risk_coverage: dict[str, list[tuple[float, float]]]
    chosen: dict[str, tuple[float, float]]
    milliseconds: float
    runner: str
    multiply_adds: int
    wild: WildTally | None = None


MeasuredBy = Literal["people", "takes", "pictures", "same take", "nothing"]
"""What is held out of a label to measure it on: whole people, whole takes, single pictures, or only the end of the take
that is trained on."""


class DataCounts(CardPart):
    """What a version learned from and was measured on: images a label.

    Attributes:
        by_subject: whole people were held out.
        measured_by: what was held out, label by label; on older cards nothing.
        same_take: labels whose held-out faces come from the same take that was trained on: their figures flatter.
        unknown_people: images without person and take stand on both sides, and so perhaps does a person.
        left_out: for each label that could not be trained on, why.
        notes: what else a person should know.
    """

    train: dict[str, int]
    held_out: dict[str, int]
    by_subject: bool = False
    measured_by: dict[str, MeasuredBy] = {}
    same_take: tuple[str, ...] = ()
    unknown_people: bool = False
    left_out: dict[str, str] = {}
    notes: tuple[str, ...] = ()


class WrongFace(CardPart):
    """A held-out face that the version got wrong: the image's id, its label, and the answer with its certainty 0…1."""

    image: int
    label: str
    predicted: str
    certainty: float


class Verdict(CardPart):
    """Whether a version became active by itself; `reason` says why not."""

    activate: bool
    reason: str


class Seconds(CardPart):
    """How long a run took, and its training alone."""

    training: float
    total: float


class Proof(CardPart):
    """How close an exported model, read back from disk, comes to PyTorch.

    Attributes:
        format: a key of `MAX_DIFFERENCE`; `runner`: what ran it.
        faces: how many pictures were compared, edge cases among them.
        max_difference: the greatest difference of any probability, 0…1.
        equal_labels: share of pictures with the same label, 0…1.
        bytes: size of the model on disk.
    """

    format: str
    runner: str
    faces: int
    max_difference: float
    equal_labels: float
    bytes: int

    @property
    def holds(self) -> bool:
        # A format that only another Mien knows holds where nothing differs at all.
        differs, equal = MAX_DIFFERENCE.get(self.format, 0.0), MIN_EQUAL_LABELS.get(self.format, 1.0)
        return self.max_difference <= differs and self.equal_labels >= equal

    @property
    def shown_difference(self) -> str:
        return f"{self.max_difference:.4f}" if self.max_difference >= 0.0001 else "under 0.0001"

    def __str__(self) -> str:
        return (
            f"{self.format}: greatest difference in probability {self.shown_difference}, "
            f"equal labels {100 * self.equal_labels:.1f} % of {self.faces} pictures, "
            f"{self.bytes / 1e6:.1f} MB (run by {self.runner})"
        )


class Card(CardPart):
    """A version's card.

    Attributes:
        temperature: what logits are divided by before the softmax.
        name, note: what its user calls it and says of it.
        run: the training run that made it; `parent`: the version that it began from; `compared_with`: the one that was
            active then, which `before` measures on the faces that `after` does.
        new_share: how far, 0…1, the weights went from the parent's to the trained ones, on cards of an earlier Mien.
        base_before, base_after: the base model and this version on the built-in expressions.
        wrong, held_out_ids: images of the data set; `held_out_ids` are all that it was measured on.
        held_out_people: those whom somebody chose to be held out, by name.
        proof, onnx_proof: of the Core ML package and of the ONNX model beside the weights. The package is made once the
            version can be used; `package_failed` says why it could not be.
        sureness: when an answer is not sure; a fine-tuned version has its parent's.
        metrics: the base model's figures, by split of FER+; `evaluation`: all that was measured of it. What follows is
            of the base model too, as is a `data` that is a text.
    """

    format: int = FORMAT
    network: NetworkShape
    labels: tuple[str, ...]
    temperature: float
    name: str = ""
    note: str = ""
    run: int | None = None
    parent: int | None = None
    compared_with: int | None = None
    created: Moment | None = None
    seed: int | None = None
    device: str | None = None
    libraries: dict[str, str] = {}
    data: DataCounts | str | None = None
    new_share: float | None = None
    before: Metrics | None = None
    after: Metrics | None = None
    base_before: Metrics | None = None
    base_after: Metrics | None = None
    wrong: tuple[WrongFace, ...] = ()
    held_out_ids: tuple[int, ...] = ()
    held_out_people: tuple[str, ...] = ()
    verdict: Verdict | None = None
    seconds: Seconds | None = None
    proof: Proof | None = None
    onnx_proof: Proof | None = None
    package_failed: str = ""
    sureness: Sureness | None = None
    metrics: dict[str, Metrics] = {}
    evaluation: Evaluation | None = None
    data_licence: str | None = None
    recipe: dict[str, JsonValue] | None = None
    parameters: int | None = None
    weights_bytes: int | None = None
    command: str | None = None

    @property
    def counts(self) -> DataCounts | None:
        """What the version learned from, where it was the user's own images."""
        return self.data if isinstance(self.data, DataCounts) else None

    def as_json(self) -> dict[str, JsonValue]:
        """What `card.json` holds."""
        return {"format": self.format, **super().as_json()}
