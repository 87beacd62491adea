"""A version's ONNX model and the same in half precision, both held against PyTorch."""

from __future__ import annotations

import torch

from labeling.store import Store
from models.card import Proof
from models.errors import disk_error
from models.home import Home
from models.versions import MODEL, Version
from models.weights import load_network
from training.dataset import proof_faces
from training.export.onnx_export import prove_onnx
from training.export.onnx_half import half_precision
from training.export.onnx_half_proof import prove_half
from training.export.proof import Reference, reference
from training.export.proved_onnx import keep_proofs


def prove_and_keep(version: Version, whole: Proof, expected: Reference) -> None:
    """Prove the half of a version that was just written and proved `whole`, and keep both proofs for its ONNX kit.

    `expected`: what the version's network answers.

    Raises:
        ProofFailed: it does not answer as PyTorch does.
        DiskError: the proofs cannot be written.
    """
    half = half_precision((version.path / MODEL).read_bytes())
    proofs = whole, prove_half(half, expected)
    try:
        keep_proofs(version, half, proofs)
    except OSError as error:
        raise disk_error(error, f"The proofs of version {version.number} cannot be written") from error


def prove_now(home: Home, version: Version, half: bytes) -> tuple[Proof, Proof]:
    """The proofs of a version's model and of `half`, on the faces of the home's data set.

    Raises:
        BadVersion: the version is damaged.
        ProofFailed: a model cannot be run, or does not answer as PyTorch does.
    """
    store = Store(home.database_url)
    try:
        faces = torch.from_numpy(proof_faces(store, version.card.network.size))
    finally:
        store.close()
    expected = reference(load_network(version), version.temperature, faces)
    return prove_onnx(version, expected), prove_half(half, expected)
