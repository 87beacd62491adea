"""Three doors through which a version is taken home: the size, proofs, contents and first lines to type of each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Literal

import onnxruntime
from pydantic import BaseModel, ConfigDict

from models.card import Proof
from models.onnx_model import LABELS
from models.versions import MODEL, BadVersion, Version
from training.export.bundle import APP, swift_files, texts
from training.export.kit_zip import packed_size
from training.export.onnx_kit import EXAMPLES, HALF_NAME, ONNX_NAME, onnx_files
from training.export.package_labels import check_labels
from training.export.proved_package import ProvedPackage
from training.export.swift_names import labels_swift
from training.export.web_kit import web_files
from training.export.web_settings import CLASSIFIER, HALF

DoorName = Literal["iphone", "web", "onnx"]
FACES = "Tests/MienCoreTests/Resources/Faces.json"
WHEN_ASKED = "The Core ML model is made, and proved right, when you download it."
BEING_MADE = "The Core ML model is being made now, and proved; a download waits for it."
TRIED_AGAIN = "It is tried again when you download it."


class Comparison(BaseModel):
    """Something in a kit that is compared with something of Mien's; `said` tells with what.

    `state`: "checked", here; "to come", here, as the zip is made, or there is none; "inside", by the kit's own tests,
    where those are run.
    """

    model_config = ConfigDict(frozen=True)

    what: Literal["crop", "network", "labels"]
    state: Literal["checked", "to come", "inside"]
    said: str
    proof: Proof | None


class Door(BaseModel):
    """A way to take a version home.

    Attributes:
        bytes: of the zip; only about so many where it is not `exact`, since a model in it is still to be made.
        ready: nothing in it has to be made first.
        note: what is to be known before it is downloaded, or "".
        contents: paths of the files in the zip.
        lines: the first to type in a shell, beside the zip.
    """

    model_config = ConfigDict(frozen=True)

    name: DoorName
    bytes: int
    exact: bool
    ready: bool
    note: str
    proofs: list[Comparison]
    contents: list[str]
    lines: list[str]


def doors(
    version: Version,
    session: onnxruntime.InferenceSession,
    package: ProvedPackage | None,
    file_name: Callable[[DoorName], str],
    *,
    being_made: bool,
) -> list[Door]:
    """The doors of a version whose ONNX model is open in `session`.

    `package`: its own Core ML package, if it is there; `being_made`: its training run is at it. `file_name`: what the
    zip of a door is called.

    Raises:
        BadVersion: labels in a kit are not the version's.
    """
    return [
        _iphone(version, package, file_name("iphone"), being_made=being_made),
        _web(version, session, file_name("web")),
        _onnx(version, session, file_name("onnx")),
    ]


def _iphone(version: Version, package: ProvedPackage | None, file_name: str, *, being_made: bool) -> Door:
    if package:
        check_labels(package.files, labels_swift(version.labels))
    model = package.files if package else {"": (version.path / MODEL).read_bytes()}  # as large: half precision too
    proofs = [package.proof] if package else []
    files = [*texts(version, proofs), *swift_files(version, model, package.self_test if package else "")]
    failed = version.card.package_failed
    state: Literal["checked", "to come"] = "checked" if package else "to come"
    pictures = len(json.loads(dict(files)[FACES])["faces"])
    crop = (
        f"{pictures} pictures, with the points of a face and the crop that Mien cuts there, against the crop in Swift: "
        f"within 1 grey level. `swift test` compares them; it was not run on this server."
    )
    labels = "The class labels read from the package, against the cases read from ExpressionLabel.swift, in order."
    return Door(
        name="iphone",
        bytes=packed_size(files),
        exact=bool(package),
        ready=bool(package),
        note="" if package else BEING_MADE if being_made else f"{failed} {TRIED_AGAIN}" if failed else WHEN_ASKED,
        proofs=[
            Comparison(what="crop", state="inside", said=crop, proof=None),
            Comparison(
                what="network",
                state=state,
                said="The Core ML package, read back from disk, against the network in PyTorch.",
                proof=package.proof if package else None,
            ),
            Comparison(what="labels", state=state, said=labels, proof=None),
        ],
        contents=[name for name, _ in files],
        lines=[f"unzip {file_name} -d mien", f"open mien/{APP}", "cd mien && swift test"],
    )


def _web(version: Version, session: onnxruntime.InferenceSession, file_name: str) -> Door:
    model = (version.path / MODEL).read_bytes()
    files = dict(web_files(version, session, model, b"", {}))  # the one in half precision is a graph without weights
    _same_labels(session, json.loads(files["models/mien.json"])["labels"])
    pictures = len(json.loads(files["test/vectors.json"])["faces"])
    crop = (
        f"{pictures} pictures, with the points of a face and the crop that Mien cuts there, against the crop in "
        "JavaScript: within 1 grey level. `npm test` compares them; it was not run on this server."
    )
    network = (
        f"{CLASSIFIER}, the file that this server answers with (sha256 {hashlib.sha256(model).hexdigest()[:16]}…), "
        f"against the network in PyTorch. `npm test` runs it and {HALF} on drawn faces, as a browser does; that was "
        "not done on this server."
    )
    return Door(
        name="web",
        bytes=packed_size(files.items()),
        exact=False,
        ready=False,
        note="",
        proofs=[
            Comparison(what="crop", state="inside", said=crop, proof=None),
            _network(version, network),
            Comparison(
                what="labels",
                state="checked",
                said=f"The labels read from {CLASSIFIER}, against those in models/mien.json, in order.",
                proof=None,
            ),
        ],
        contents=list(files),
        lines=[f"unzip {file_name} -d mien-web && cd mien-web", "npm ci", "npm start"],
    )


def _onnx(version: Version, session: onnxruntime.InferenceSession, file_name: str) -> Door:
    model = (version.path / MODEL).read_bytes()
    files = dict(onnx_files(version, model, ()))  # as large as the one in half precision
    _same_labels(session, json.loads(files["card.json"])["labels"])
    half = f"{HALF_NAME}, each result in it rounded to half precision, against the network in PyTorch."
    return Door(
        name="onnx",
        bytes=packed_size(files.items()),
        exact=False,
        ready=False,
        note="",
        proofs=[
            _network(version, f"{ONNX_NAME}, run by ONNX Runtime, against the network in PyTorch."),
            Comparison(what="network", state="to come", said=half, proof=None),
            Comparison(
                what="labels",
                state="checked",
                said=f"The labels read from {ONNX_NAME}, against those in card.json, in order.",
                proof=None,
            ),
        ],
        contents=list(files),
        lines=[
            f"unzip {file_name} -d mien-onnx && cd mien-onnx",
            "pip install onnxruntime opencv-python-headless",
            f"python {EXAMPLES['python']} FACE.jpg",
        ],
    )


def _network(version: Version, said: str) -> Comparison:
    proof = version.card.onnx_proof
    return Comparison(what="network", state="checked" if proof else "to come", said=said, proof=proof)


def _same_labels(session: onnxruntime.InferenceSession, written: list[str]) -> None:
    found = session.get_modelmeta().custom_metadata_map[LABELS].split("\n")
    if found != written:
        raise BadVersion(f"The ONNX model names {', '.join(found)}; what goes with it {', '.join(written)}.")
