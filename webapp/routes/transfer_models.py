"""What the routes of `transfer_routes` answer."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, Field

from labeling.path_reading import PathReading, PeopleFrom
from labeling.reports import ExportReport, ImportReport
from labeling.stored_faces import Added
from webapp.answer_model import AnswerModel


class UploadedFace(AnswerModel):
    """A face of a picture that was added: the id of its image, and whether it was "added" or is there already."""

    image: int
    state: str


class UploadedFaces(AnswerModel):
    faces: list[UploadedFace]


def uploaded_faces(added: Sequence[Added]) -> list[UploadedFace]:
    return [UploadedFace(image=face.image_id, state=face.state) for face in added]


class TransferStarted(AnswerModel):
    """`job` is what to ask for."""

    job: str


class GatheredPictures(AnswerModel):
    """How many files have come in so far."""

    received: int


class ImportStart(BaseModel):
    """What is to be imported as what: `label` and `subject` for what has none of its own. Folders name labels unless
    `by_folder` is off; `people_from` is where paths name people; `kept` are folders called by a synonym of a built-in
    expression that name labels of their own all the same."""

    label: str | None = None
    subject: str | None = None
    by_folder: bool = True
    people_from: PeopleFrom = "nowhere"
    kept: list[str] = Field([], max_length=1000)

    @property
    def reading(self) -> PathReading:
        return PathReading(self.by_folder, self.people_from, tuple(self.kept))


class TransferState(AnswerModel):
    """How far an import or an export is. At its end it has a `report` or an `error`, and an export the name of its
    file, for as long as it can be fetched."""

    done: int
    total: int
    report: ImportReport | ExportReport | None
    error: str
    file: str


class Cancelling(AnswerModel):
    cancelling: bool
