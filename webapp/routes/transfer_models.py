"""What the routes of `transfer_routes` answer."""

from __future__ import annotations

from collections.abc import Sequence

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
