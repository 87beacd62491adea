"""What is said over the live socket, both ways.

Binary messages are frames, numbered from 1 as they come. Each gets one answer: a `FrameAnswer`, a `RefusedFrame`, or a
`DroppedFrame` where a newer one came before its turn. Text messages are commands, JSON objects with one entry. Each
gets one answer, a `CommandRefusal` where it cannot be done. While a capture lasts, each stored face gives a
`CapturedAnswer`.

What an answer does not set is not sent.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, ValidationError

from models.errors import MienError
from webapp.label_colors import LabelColor
from webapp.named_face import CornerAndSize, NamedFace
from webapp.shown_heat import Heat

MAX_COMMAND = 10_000
"""Characters."""
NAME_LENGTH = 200


class BadCommand(MienError):
    """A command that cannot be done."""


class Message(BaseModel):
    """A JSON message."""

    model_config = ConfigDict(frozen=True)


class SeenFace(NamedFace):
    """A face of a frame: `id` stays while it is followed; `box` is in fractions of the frame. `heat` is there while a
    `HeatCommand` has it sent.
    """

    id: int
    box: CornerAndSize
    heat: Heat | None = None


class FrameAnswer(Message):
    """The faces of frame `seq`. `main` is the id of the one that the page's bars show and a capture stores;
    `chosen` says that a person chose it.

    `labels` comes with the first answer, and when the active version has changed. `no_heat` says why there is no heat
    though it was asked for.
    """

    seq: int
    version: int
    ms: float
    faces: list[SeenFace]
    main: int | None = None
    chosen: bool = False
    labels: list[LabelColor] = []
    no_heat: str = ""


class RefusedFrame(Message):
    seq: int
    error: str


class DroppedFrame(Message):
    seq: int
    dropped: str


class CommandRefusal(Message):
    """Why a command was not done, or a captured face was not stored."""

    error: str


class KeptFace(Message):
    """What became of a face: `image` is the stored one it is or resembles, `guess` the label the model gave it."""

    image: int
    state: Literal["added", "duplicate", "near-duplicate"]
    label: str | None
    guess: str


class CapturedAnswer(Message):
    captured: KeptFace


class CapturingAnswer(Message):
    """Whether faces are stored from now on."""

    capturing: bool


class ChosenAnswer(Message):
    """The face that is the main one from now on; null: the largest."""

    chosen: int | None


class HeldFace(Message):
    face: int
    guess: str


class HeldAnswer(Message):
    held: HeldFace


class TaughtFace(KeptFace):
    face: int


class TaughtAnswer(Message):
    taught: TaughtFace


class ForgottenAnswer(Message):
    forgotten: int


class HeatAnswer(Message):
    """Whether faces come with their heat from now on."""

    heat: bool


Name = Annotated[str, Field(strict=True, min_length=1, max_length=NAME_LENGTH)]


class Capture(Message):
    """Where captured faces go."""

    label: Name | None = None
    subject: Name | None = None
    session: Name | None = None


class CaptureCommand(Message):
    """Store the main face of each frame from now on, at most fifteen a second; null: stop."""

    capture: Capture | None


class ChooseCommand(Message):
    """Make that face the main one until it leaves; null: the largest one again."""

    choose: StrictInt | None


class HoldCommand(Message):
    """Remember how that face looks now, for a teach to come."""

    hold: StrictInt


class Teaching(Message):
    face: StrictInt
    label: Name
    subject: Name | None = None


class TeachCommand(Message):
    """Store that face as held, or as last seen, under this label."""

    teach: Teaching


class ForgetCommand(Message):
    """Take back an image that this connection has added."""

    forget: StrictInt


class HeatCommand(Message):
    """Send what spoke for each face's label, or no longer."""

    heat: StrictBool


FrameMessage = FrameAnswer | RefusedFrame | DroppedFrame
CommandAnswer = (
    CapturingAnswer | ChosenAnswer | HeldAnswer | TaughtAnswer | ForgottenAnswer | HeatAnswer | CommandRefusal
)
Answer = FrameMessage | CommandAnswer | CapturedAnswer
Command = CaptureCommand | ChooseCommand | HoldCommand | TeachCommand | ForgetCommand | HeatCommand

COMMANDS: dict[str, type[Command]] = {
    "capture": CaptureCommand,
    "choose": ChooseCommand,
    "hold": HoldCommand,
    "teach": TeachCommand,
    "forget": ForgetCommand,
    "heat": HeatCommand,
}


def command_of(text: str) -> Command:
    """The command that `text` is.

    Raises:
        BadCommand: it is none; the message says what is wrong with it.
    """
    if len(text) > MAX_COMMAND:
        raise BadCommand(f"A command has at most {MAX_COMMAND} characters.")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadCommand("This command is no JSON.") from error
    if not isinstance(message, dict) or len(message) != 1:
        raise BadCommand("A command is a JSON object with one entry.")
    (name,) = message
    if name not in COMMANDS:
        raise BadCommand(f"There is no command {name[:40]!r}; there are capture, choose, hold, teach, forget and heat.")
    try:
        return COMMANDS[name].model_validate(message)
    except ValidationError as error:
        raise BadCommand(_what_is_wrong(error)) from error


def _what_is_wrong(error: ValidationError) -> str:
    """The first thing that is wrong with a command, as a sentence."""
    wrong = error.errors()[0]
    field = wrong["loc"][-1]
    if field in ("face", "choose", "hold"):
        return "A face is named by its id, a whole number."
    if field == "forget":
        return "Only a picture that was added from here can be taken back here."
    if field == "heat":
        return "heat is true or false."
    if field == "capture":
        return "capture needs an object with label, subject and session, or null."
    if field == "teach":
        return "teach needs an object with face and label."
    if wrong["loc"] == ("teach", "label") and (wrong["type"] == "missing" or wrong["input"] is None):
        return "teach needs a label."
    return f"{field} must be a text of 1 to {NAME_LENGTH} characters, or null."
