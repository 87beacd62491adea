from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from models import providers
from models.errors import MienError
from models.predictor import Predictor
from models.providers import PROVIDERS, VARIABLE, chosen_provider, open_session, provider_of, turn_of
from models.versions import BASE_FOLDER, MODEL, Versions

CPU, CUDA, COREML, DIRECTML = (PROVIDERS[name] for name in ("cpu", "cuda", "coreml", "directml"))


BASE = (BASE_FOLDER / MODEL).read_bytes()
SAMPLE = {"face": np.zeros((1, 1, 48, 48), np.float32)}


@pytest.mark.parametrize(
    ("installed", "wanted", "chosen"),
    [
        ([CPU], "", "cpu"),
        ([CUDA, CPU], "", "cuda"),
        (["TensorrtExecutionProvider", CUDA, CPU], "", "cuda"),
        ([COREML, "AzureExecutionProvider", CPU], "", "coreml"),
        ([DIRECTML, CPU], "", "directml"),
        ([CUDA, CPU], "cpu", "cpu"),
        ([CUDA, CPU], " CPU ", "cpu"),
        ([DIRECTML, CUDA, CPU], "DirectML", "directml"),
    ],
)
def test_the_first_that_is_there_unless_another_is_named(
    installed: list[str], wanted: str, chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, wanted)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: installed)
    assert chosen_provider() == chosen


@pytest.mark.parametrize("wanted", ["cuda", "tpu"])
def test_what_is_not_there_is_refused(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, wanted)
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU, COREML])
    with pytest.raises(MienError, match=f"MIEN_PROVIDER is '{wanted}', but ONNX Runtime has coreml, cpu here"):
        chosen_provider()


class OnDirectML:
    """What `turn_of` asks of a session; DirectML itself is on Windows only."""

    def get_providers(self) -> list[str]:
        return [DIRECTML, CPU]


def test_on_directml_one_run_at_a_time_elsewhere_any_number() -> None:
    turn = turn_of(OnDirectML())
    with turn:
        assert not turn.acquire(blocking=False)
    turn = turn_of(open_session(BASE, SAMPLE))
    with turn, turn:
        pass


def test_what_is_in_use_is_what_the_session_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    predictor = Predictor(Versions(tmp_path_factory.mktemp("versions")).get(0))
    session = open_session(BASE, SAMPLE)
    assert predictor.provider == provider_of(session) == "cpu"
    assert session.get_session_options().intra_op_num_threads == 1


class StandIn:
    """For a session on a graphics card that is not here: the processor's answers, off by something, or an error."""

    def __init__(self, off_by: float = 0.0, error: str = "") -> None:
        self._session, self.off_by, self.error = open_session(BASE, SAMPLE, "cpu"), off_by, error

    def get_providers(self) -> list[str]:
        return [CUDA, CPU]

    def run(self, names: list[str] | None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        if self.error:
            raise RuntimeError(self.error)
        return [answer + self.off_by for answer in self._session.run(names, feed)]


@pytest.mark.parametrize(
    ("off_by", "error", "used", "said"),
    [
        (0.001, "", "cuda", ""),
        (0.5, "", "cpu", "cuda answers otherwise than the processor does, so that is used"),
        (float("nan"), "", "cpu", "cuda answers otherwise than the processor does, so that is used"),
        (0.0, "out of memory", "cpu", "cuda cannot be used, so the processor is: out of memory"),
    ],
)
def test_a_provider_that_fails_or_errs_is_not_used(
    off_by: float, error: str, used: str, said: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    card, real = StandIn(off_by, error), providers._open
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CUDA, CPU])
    monkeypatch.setattr(providers, "_open", lambda model, name: card if name == "cuda" else real(model, name))
    assert provider_of(open_session(BASE, SAMPLE)) == used
    assert caplog.messages == [said] * bool(said)
