"""Where networks run: ONNX Runtime on the processor, or on what more there is; `MIEN_PROVIDER` overrides."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from models.errors import MienError

PROVIDERS = {
    "cuda": "CUDAExecutionProvider",
    "coreml": "CoreMLExecutionProvider",
    "directml": "DmlExecutionProvider",
    "cpu": "CPUExecutionProvider",
}
"""What `MIEN_PROVIDER` may say, the first that is installed being taken where it says nothing."""
OPTIONS = {"cuda": {"use_tf32": "0"}}
"""On CUDA products would be rounded to ten bits, and answers differ from PyTorch's by more than is allowed."""
VARIABLE = "MIEN_PROVIDER"
NEAR = 0.02
"""Absolute and relative difference up to which two answers count as the same: half precision comes as near."""

log = logging.getLogger(__name__)


def open_session(
    model: bytes, sample: Mapping[str, NDArray[np.float32]], provider: str | None = None
) -> onnxruntime.InferenceSession:
    """An ONNX model, loaded to run on the thread that asks. Threads may share it if each holds its `turn_of` meanwhile.

    It runs on `provider`, else on `chosen_provider()`; where that fails at `sample`, or answers it otherwise than the
    processor does, on the processor, with a line in the log.

    Raises:
        MienError: `MIEN_PROVIDER` names none, or one that is not installed.
        Exception: ONNX Runtime cannot load the model; its errors have no class of their own.
    """
    provider = provider or chosen_provider()
    on_processor = _open(model, "cpu")
    if provider == "cpu":
        return on_processor
    try:
        session = _open(model, provider)
        answers, expected = (each.run(None, dict(sample)) for each in (session, on_processor))
    except Exception as error:
        log.warning("%s cannot be used, so the processor is: %s", provider, error)
        return on_processor
    if not all(np.allclose(one, other, NEAR, NEAR) for one, other in zip(answers, expected, strict=True)):
        log.warning("%s answers otherwise than the processor does, so that is used", provider)
        return on_processor
    return session


def _open(model: bytes, provider: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry("session.load_model_format", "ONNX")  # what was checked is what is read
    options.enable_mem_pattern = provider != "directml"  # which cannot have it
    first = (PROVIDERS[provider], OPTIONS.get(provider, {}))
    rest = [] if provider == "cpu" else [PROVIDERS["cpu"]]
    return onnxruntime.InferenceSession(model, options, providers=[first, *rest])


def chosen_provider() -> str:
    """The name, as in `PROVIDERS`, of what networks should run on.

    Raises:
        MienError: `MIEN_PROVIDER` names none, or one that is not installed.
    """
    installed = onnxruntime.get_available_providers()
    there = [name for name, full in PROVIDERS.items() if full in installed]
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    if not wanted:
        return there[0]
    if wanted not in there:
        raise MienError(f"{VARIABLE} is {wanted!r}, but ONNX Runtime has {', '.join(there)} here. Name one, or none.")
    return wanted


def turn_of(session: onnxruntime.InferenceSession) -> AbstractContextManager[object]:
    """What a thread holds while `session` runs: on DirectML one at a time may, elsewhere any number."""
    return threading.Lock() if provider_of(session) == "directml" else nullcontext()


def provider_of(session: onnxruntime.InferenceSession) -> str:
    """What a session really runs on: ONNX Runtime goes back to the processor where another provider fails."""
    names = {full: name for name, full in PROVIDERS.items()}
    first: str = session.get_providers()[0]
    return names.get(first, first)


onnxruntime.disable_telemetry_events()
