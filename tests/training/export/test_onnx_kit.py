from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import onnx
import pytest
from onnxruntime import InferenceSession
from torch import Tensor

from models.errors import DiskError, MienError
from models.home import Home
from models.network import Network
from models.versions import MODEL, Version, Versions
from tests.made_versions import write_version
from tests.training.conftest import LABELS
from tests.training.export.conftest import CARD, TEMPERATURE, check_silent_about_the_data_set
from tests.training.signed_faces import labelled_home
from training.export.conversion import convert_to_onnx
from training.export.kit_zip import ProvedKit
from training.export.onnx_export import prove_onnx, write_onnx
from training.export.proof import reference
from training.export.proved_onnx import PROVED, keep_proofs, kept_proofs
from training.module_process import module_environment

HOME = "home"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("onnx-kit")


@pytest.fixture(scope="module")
def version(folder: Path, network: Network, faces: Tensor) -> Version:
    home, store = labelled_home(folder / HOME, images=2)
    store.close()
    versions = Versions(home.versions)
    made = write_version(versions, 1, network, CARD)
    write_onnx(made.path / MODEL, network, LABELS, TEMPERATURE)
    return versions.add_model(1, made.path / MODEL, prove_onnx(made, reference(network, TEMPERATURE, faces)))


@pytest.fixture(scope="module")
def kit(folder: Path, version: Version) -> ProvedKit:
    return convert_to_onnx(Home(folder / HOME), version, folder / "out.zip")


def read(kit: ProvedKit, name: str) -> bytes:
    with zipfile.ZipFile(kit.path) as archive:
        return archive.read(name)


def test_what_is_in_it(kit: ProvedKit, version: Version) -> None:
    with zipfile.ZipFile(kit.path) as archive:
        assert archive.testzip() is None
        names = ["README.md", "mien-fp16.onnx", "mien.onnx", "name.py", "name.mjs", "MODEL_CARD.md", "card.json"]
        assert archive.namelist() == names
    assert kit.bytes == kit.path.stat().st_size
    assert read(kit, "mien.onnx") == (version.path / MODEL).read_bytes()


def test_each_model_was_proved_and_readme_and_card_say_so(kit: ProvedKit) -> None:
    assert [proof.format for proof in kit.proofs] == ["ONNX", "ONNX in half precision"]
    assert all(proof.holds and proof.faces == 208 for proof in kit.proofs)
    assert [proof.bytes for proof in kit.proofs] == [len(read(kit, f"mien{end}.onnx")) for end in ("", "-fp16")]
    readme, card = read(kit, "README.md").decode(), read(kit, "MODEL_CARD.md").decode()
    for proof in kit.proofs:
        assert str(proof) in readme and str(proof) in card


def test_what_was_proved_for_these_very_bytes_is_not_proved_again(
    folder: Path, version: Version, kit: ProvedKit, tmp_path: Path
) -> None:
    home, half = Home(folder / HOME), read(kit, "mien-fp16.onnx")
    whole, rounded = (proof.model_copy(update={"runner": "the run"}) for proof in kit.proofs)
    keep_proofs(version, half, (whole, rounded))
    assert convert_to_onnx(home, version, tmp_path / "kept.zip").proofs == (whole, rounded)
    keep_proofs(version, half + b"x", (whole, rounded))
    assert convert_to_onnx(home, version, tmp_path / "anew.zip").proofs == kit.proofs
    keep_proofs(version, half, (whole, rounded.model_copy(update={"max_difference": 0.5})))
    assert kept_proofs(version, (version.path / MODEL).read_bytes(), half) is None, "one that does not hold"
    (version.path / PROVED).write_text("{}")
    assert convert_to_onnx(home, version, tmp_path / "damaged.zip").proofs == kit.proofs
    (version.path / PROVED).unlink()


def test_packing_what_was_proved_needs_no_pytorch() -> None:
    code = "import sys, training.export.make_onnx_kit; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=module_environment(), check=False).returncode == 0


def test_the_readme_tells_every_input_and_output(kit: ProvedKit) -> None:
    readme = read(kit, "README.md").decode()
    assert read(kit, "name.py").decode() in readme and read(kit, "name.mjs").decode() in readme
    assert not re.search(r"\{[a-z_]+\}", readme)
    assert readme.startswith("# ") and f"names 3 expressions on a face: {', '.join(LABELS)}." in readme
    for name in ("mien.onnx", "mien-fp16.onnx"):
        model = onnx.load_from_string(read(kit, name))
        onnx.checker.check_model(model, full_check=True)
        (opset,) = model.opset_import
        assert f"`{name}`" in readme and f"Opset {opset.version}, one file" in readme
        session = InferenceSession(model.SerializeToString())
        for value, way in [(each, "input") for each in session.get_inputs()] + [
            (each, "output") for each in session.get_outputs()
        ]:
            (line,) = (line for line in readme.splitlines() if line.startswith(f"| `{value.name}` | {way} |"))
            shape = value.shape if value.name != "last_map" else ["N", "channels", "height", "width"]
            assert value.type == "tensor(float)" and f"float32 ({', '.join(map(str, shape))})" in line
        assert session.get_modelmeta().custom_metadata_map["labels"].split("\n") == list(LABELS)


def test_nothing_in_it_points_into_the_data_set(kit: ProvedKit) -> None:
    assert json.loads(read(kit, "card.json"))["labels"] == list(LABELS)
    check_silent_about_the_data_set(kit.path)


def test_it_is_written_whole_or_not_at_all(folder: Path, version: Version, tmp_path: Path) -> None:
    home = Home(folder / HOME)
    with pytest.raises(DiskError, match=r"gone/out\.zip cannot be written: No such file or directory"):
        convert_to_onnx(home, version, tmp_path / "gone" / "out.zip")
    (tmp_path / "old.zip").write_bytes(b"an older one")
    sound = (version.path / MODEL).read_bytes()
    (version.path / MODEL).write_bytes(sound[:-5000])
    try:
        with pytest.raises(MienError, match=r"model\.onnx is damaged"):
            convert_to_onnx(home, version, tmp_path / "old.zip")
    finally:
        (version.path / MODEL).write_bytes(sound)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("old.zip", b"an older one")]
