from __future__ import annotations

import onnxruntime
import pytest

from models.errors import MienError
from models.predictor import Predictor
from models.providers import PROVIDERS, VARIABLE, chosen_provider, open_session, provider_of, turn_of
from models.versions import BASE_FOLDER, MODEL, Versions

CPU, CUDA, COREML, DIRECTML = (PROVIDERS[name] for name in ("cpu", "cuda", "coreml", "directml"))


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
    turn = turn_of(open_session((BASE_FOLDER / MODEL).read_bytes()))
    with turn, turn:
        pass


def test_what_is_in_use_is_what_the_session_says(tmp_path_factory: pytest.TempPathFactory) -> None:
    predictor = Predictor(Versions(tmp_path_factory.mktemp("versions")).get(0))
    session = open_session((BASE_FOLDER / MODEL).read_bytes())
    assert predictor.provider == provider_of(session) == "cpu"
    assert session.get_session_options().intra_op_num_threads == 1
