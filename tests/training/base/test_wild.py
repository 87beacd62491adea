import zipfile
from pathlib import Path

import numpy as np
import pytest
from onnxruntime import InferenceSession

from models.finder import STILL_SIDE, FaceFinder
from models.onnx_model import load_model
from models.versions import Versions
from tests.serving import astronaut, jpeg
from training.base.wild import POINTS, BadWild, measure_wild, photographs


@pytest.fixture(scope="module")
def session() -> InferenceSession:
    return load_model(Versions(Path()).get(0), "cpu")


def wild(path: Path, *rows: str) -> Path:
    header = ["file", "label", "person", "box_x", "box_y", "box_w", "box_h"]
    header += [f"{point}_{axis}" for point in POINTS for axis in "xy"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("wild.csv", "\n".join([",".join(header), *rows]) + "\n")
        archive.writestr("images/face.jpg", jpeg(astronaut()))
        archive.writestr("images/grey.jpg", jpeg(np.full((200, 200, 3), 99, np.uint8)))
        archive.writestr("images/broken.jpg", b"no picture")
    return path


def row(file: str, label: str) -> str:
    (face, *_) = FaceFinder(STILL_SIDE).find(astronaut())
    numbers = [*face.box.as_tuple(), *face.points.ravel().tolist()]
    return f"{file},{label},," + ",".join(f"{number:.1f}" for number in numbers)


def test_a_face_cut_by_the_same_points_gets_the_same_label_and_one_not_found_is_wrong(
    tmp_path: Path, session: InferenceSession
) -> None:
    zipped = wild(tmp_path / "wild.zip", row("face.jpg", "happiness"), row("grey.jpg", "neutral"))
    assert [photograph.label for photograph in photographs(zipped)] == ["happiness", "neutral"]
    found = measure_wild(session, zipped)
    assert (found.faces, found.found, found.same_label.value) == (2, 1, 1.0)
    assert found.recall["happiness"] == 1 and found.recall["neutral"] == 0


def test_what_is_no_zip_of_photographs_is_named(tmp_path: Path, session: InferenceSession) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"nothing")
    broken = wild(tmp_path / "broken.zip", row("broken.jpg", "happiness"))
    missing = wild(tmp_path / "missing.zip", row("missing.jpg", "happiness"))
    strange = wild(tmp_path / "strange.zip", row("face.jpg", "joy"))
    for path in (other, broken, missing, strange, wild(tmp_path / "empty.zip"), tmp_path / "no.zip"):
        with pytest.raises(BadWild, match=path.name):
            measure_wild(session, path)
