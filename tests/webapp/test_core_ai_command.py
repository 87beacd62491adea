"""`mien coreml --coreai`, where what makes Core AI models is installed and where it is not."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from webapp import cli

INSTALLED = importlib.util.find_spec("coreai_torch") is not None


@pytest.mark.skipif(INSTALLED, reason="coreai-torch is installed")
def test_where_it_is_not_installed_it_says_how_to_get_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.zip"
    assert cli.main(["coreml", str(out), "--coreai", "--home", str(tmp_path / "home")]) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert "coreai-torch (a beta of Apple's), is not installed" in said
    assert "`.venv/bin/pip install -c constraints.txt coreai-torch coreai-core` adds it" in said
    assert not out.exists()


def test_the_help_says_that_it_is_a_beta(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["coreml", "--help"])
    assert "a beta, the extra mien[coreai]" in " ".join(capsys.readouterr().out.split())


@pytest.mark.skipif(not INSTALLED, reason="coreai-torch is not installed: the extra mien[coreai] brings it")
@pytest.mark.timeout(900)
def test_the_bundle_has_a_core_ai_model_that_was_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, home = tmp_path / "out.zip", str(tmp_path / "home")
    assert cli.main(["coreml", str(out), "--coreai", "--version", "0", "--json", "--home", home]) == 0
    core_ml, core_ai = json.loads(capsys.readouterr().out)["proofs"]
    assert (core_ml["format"], core_ai["format"]) == ("Core ML", "Core AI")
    assert core_ai["max_difference"] < 1e-4 and core_ai["equal_labels"] == 1 and core_ai["faces"] == 32
    with zipfile.ZipFile(out) as archive:
        inside = [entry for entry in archive.infolist() if entry.filename.startswith("Mien.aimodel/")]
        assert sum(entry.file_size for entry in inside) == core_ai["bytes"]
        assert (
            json.loads(archive.read("Mien.aimodel/metadata.json"))["creatorDefinedMetadata"]["labels"][0] == "neutral"
        )
        assert "Core AI: greatest difference in probability" in archive.read("MODEL_CARD.md").decode()
        archive.extractall(tmp_path / "home")
    readme = (tmp_path / "home" / "README.md").read_text("utf-8")
    assert "input `face`, float32 (1, 1, 48, 48)" in readme and "output `probabilities`, float32 (1, 8)" in readme
    (code,) = re.findall(r"```python\n(.+?)```", readme, re.DOTALL)
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, cwd=tmp_path / "home", capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    answers = [float(number) for number in re.findall(r"\d\.\d*(?:e-\d+)?", ended.stdout)]
    assert len(answers) == 8 and sum(answers) == pytest.approx(1, abs=1e-4)
