"""That a version's ONNX model and the same in half precision were proved, for these very bytes: kept in its folder."""

from __future__ import annotations

import hashlib

from pydantic import BaseModel, ConfigDict, ValidationError

from models.card import ONNX, ONNX_HALF, Proof
from models.durable import write_durably
from models.versions import MODEL, Version

PROVED = "onnx-proofs.json"


class ProvedModels(BaseModel):
    """What is in that file: the models' sha256, `whole` and in `half` precision, and the proof of each."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    whole: str
    half: str
    proofs: tuple[Proof, Proof]


def keep_proofs(version: Version, half: bytes, proofs: tuple[Proof, Proof]) -> None:
    """Note that the version's model and its `half` one were proved. Raises OSError where the disk does not take it."""
    proved = ProvedModels(whole=_digest((version.path / MODEL).read_bytes()), half=_digest(half), proofs=proofs)
    partial = version.path / f"{PROVED}.partial"
    write_durably(proved.model_dump_json(indent=2).encode(), partial)
    partial.replace(version.path / PROVED)


def kept_proofs(version: Version, whole: bytes, half: bytes) -> tuple[Proof, Proof] | None:
    """The proofs of these two models; None where none are kept, they do not hold, or are of other bytes."""
    try:
        kept = ProvedModels.model_validate_json((version.path / PROVED).read_bytes())
    except (OSError, ValidationError):
        return None
    forms = tuple(proof.format for proof in kept.proofs)
    right = (kept.whole, kept.half, forms) == (_digest(whole), _digest(half), (ONNX, ONNX_HALF))
    return kept.proofs if right and all(proof.holds for proof in kept.proofs) else None


def _digest(model: bytes) -> str:
    return hashlib.sha256(model).hexdigest()
