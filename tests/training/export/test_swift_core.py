"""The kit's core, which needs Foundation alone, compiled and held against Mien's own crop, quality and doubt."""

from __future__ import annotations

import base64
import json
import math
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from models.box import Box
from models.card import Sureness
from models.crop import face_crop
from models.finder import FoundFace
from models.quality import Quality, quality_of
from models.steady_doubt import SteadyDoubts
from models.sureness import doubt
from models.tracker import Track, Tracker
from training.export.bundle import SWIFT

SOURCES = SWIFT / "Sources" / "Mien"
CORE = sorted((SOURCES / "Core").glob("*.swift"))
RUNNER = Path(__file__).parent / "swift" / "main.swift"
LIMITS = Sureness(margin=0.3, quality=0.5, right=1, answered=1)
LABELS = ["neutral", "happiness", "fear", "surprise"]
FACE = np.array([[-0.17, -0.13], [0.17, -0.13], [0.0, 0.05], [-0.13, 0.23], [0.13, 0.23]])
"""An upright face's points, in its box's heights from the middle."""


@pytest.fixture(scope="session")
def core() -> Iterator[list[str]]:
    """The command that answers cases, compiled by the Swift of the Linux in the folder that MIEN_SWIFT names."""
    root = os.environ.get("MIEN_SWIFT")
    if not root or os.geteuid() != 0:
        pytest.skip("MIEN_SWIFT names no folder with a Linux that has Swift, or this is not root, who may enter it")
    with tempfile.TemporaryDirectory(dir=Path(root) / "tmp") as folder:
        for file in (*CORE, RUNNER):
            shutil.copy(file, folder)
        inside = Path("/tmp") / Path(folder).name
        sources = [str(inside / file.name) for file in (*CORE, RUNNER)]
        options = ["-O", "-swift-version", "6", "-warnings-as-errors", "-o", str(inside / "core")]
        compiled = subprocess.run(["chroot", root, "swiftc", *options, *sources], capture_output=True, text=True)
        assert compiled.returncode == 0, compiled.stdout + compiled.stderr
        yield ["chroot", root, str(inside / "core")]


def ask(core: list[str], **cases: Any) -> dict[str, list[Any]]:
    asked = json.dumps({"faces": [], "outlines": [], "film": {"labels": LABELS, "frames": []}, **cases}).encode()
    answers: dict[str, list[Any]] = json.loads(
        subprocess.run(core, input=asked, stdout=subprocess.PIPE, check=True).stdout
    )
    return answers


def turned(points: NDArray[np.float64], angle: float) -> NDArray[np.float64]:
    cosine, sine = math.cos(angle), math.sin(angle)
    return np.asarray(points @ np.array([[cosine, sine], [-sine, cosine]]))


def picture(random: np.random.Generator, width: int, height: int, detail: int) -> NDArray[np.uint8]:
    """Noise with so many patches across, in grey or in colour."""
    channels = int(random.choice([1, 3]))
    patches = random.integers(0, 256, (detail, detail, channels), dtype=np.uint8)
    large = cv2.resize(patches, (width, height), interpolation=cv2.INTER_CUBIC).reshape(height, width, channels)
    noise = random.normal(0, random.choice([0, 4, 30]), large.shape)
    return np.broadcast_to((large * random.uniform(0.1, 1) + noise).clip(0, 255), (height, width, 3)).astype(np.uint8)


def found_face(random: np.random.Generator, width: int, height: int) -> FoundFace:
    """A face anywhere, of any size, turned, in profile, over the edge; some have points that are none."""
    size = math.exp(random.uniform(math.log(8), math.log(1.5 * height)))
    centre = random.uniform(0, 1, 2) * [width, height]
    points = turned(FACE * [random.uniform(0.2, 1.1), 1], random.uniform(-math.pi, math.pi)) * size
    points = points + random.normal(0, 0.02 * size, points.shape) + centre
    match random.integers(12):
        case 0:
            points[:] = np.nan
        case 1:
            points[:] = centre
        case 2:
            points[4] = 1e7
    box = Box(centre[0] - 0.4 * size, centre[1] - size / 2, 0.8 * size, size)
    return FoundFace(box, 1.0, points.astype(np.float32))


@pytest.fixture(scope="module")
def compared(core: list[str]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What Mien and the kit say of the same faces."""
    random, cases, expected = np.random.default_rng(7), [], []
    for _ in range(300):
        width, height = (int(length) for length in random.integers(20, 400, 2))
        rgb = picture(random, width, height, int(random.choice([3, 20, 200])))
        found = found_face(random, width, height)
        probabilities = random.dirichlet([0.5] * len(LABELS)).astype(np.float32)
        limits = Sureness(margin=random.uniform(0, 0.6), quality=random.uniform(0, 0.6), right=1, answered=1)
        crop = face_crop(rgb, found.points, 48, found.box)
        quality = quality_of(crop, width, height, found)
        expected.append({"crop": crop, "quality": quality, "doubt": doubt(probabilities, quality, limits, LABELS)})
        bgra = np.dstack([rgb[..., ::-1], np.full((height, width), 255, np.uint8)])
        points = [[x if math.isfinite(x) else None for x in row] for row in found.points.tolist()]
        cases.append(
            {
                "width": width,
                "height": height,
                "bgra": base64.b64encode(bgra.tobytes()).decode(),
                "box": found.box.as_tuple(),
                "points": None if np.isnan(found.points).all() and random.integers(2) else points,
                "probabilities": probabilities.tolist(),
                "labels": LABELS,
                "margin": limits.margin,
                "quality": limits.quality,
            }
        )
    return list(zip(expected, ask(core, faces=cases)["faces"], strict=True))


def test_the_crop_is_miens(compared: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for expected, answer in compared:
        crop = np.frombuffer(base64.b64decode(answer["crop"]), np.uint8).reshape(48, 48)
        assert np.abs(crop.astype(int) - expected["crop"]).max() <= 1


def test_quality_and_doubt_are_miens(compared: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for expected, answer in compared:
        assert answer["score"] == pytest.approx(expected["quality"].score, abs=0.01)
        assert answer["faults"] == list(expected["quality"].faults)
        assert answer["doubt"] == expected["doubt"]
    said = {expected["doubt"] for expected, _ in compared}
    assert len(said) > 10 and "" in said, "cases of every kind"


def test_the_five_points_come_from_what_vision_outlines(core: list[str]) -> None:
    """At any angle, whichever pupil comes first; the nose's tip is the ridge's lower end, the corners the lips'."""
    eye, other_eye, tip, corner, other_corner = FACE
    lips = np.array([corner, [-0.05, 0.2], [0.06, 0.21], other_corner, [0.04, 0.27], [-0.05, 0.28]])
    ridge = np.array([[0, -0.1], [0.01, -0.02], tip])
    outlines, expected = [], []
    for step in range(24):
        angle, order = step * math.pi / 12, [0, 1] if step % 2 else [1, 0]
        parts = {"pupils": np.array([eye, other_eye])[order], "nose": ridge, "lips": np.roll(lips, step, 0)}
        outlines.append({name: (turned(part, angle) * 90 + 200).tolist() for name, part in parts.items()})
        expected.append(turned(FACE, angle) * 90 + 200)
    beside = {"pupils": [[0, 0], [2, 0]], "nose": [[1, 1]], "lips": [[3, 0], [5, 0]]}
    nothing = {"pupils": [[0, 0], [2, 0]], "nose": [], "lips": [[1, 3]]}
    answers = ask(core, outlines=[*outlines, beside, nothing])["outlines"]
    np.testing.assert_allclose(answers[:-2], expected, atol=1e-9)
    assert answers[-2:] == [None, None]


def test_faces_are_followed_and_smoothed_as_mien_does(core: list[str]) -> None:
    """Two faces that wander, tremble, cross, leave for a while and come back; their light and expressions change."""
    random, tracker, doubts = np.random.default_rng(3), Tracker(), SteadyDoubts(LIMITS, LABELS)
    expected: list[list[tuple[Track, str]]] = []
    frames, time = [], 0.0
    for step in range(150):
        time += float(random.choice([0.03, 0.05, 0.2, 1.0], p=[0.6, 0.3, 0.09, 0.01]))
        found, scores = [], []
        for face in range(2):
            if random.random() < 0.1:
                continue
            middle = np.array([200 + 150 * math.sin(0.07 * step + 3 * face), 150.0]) + random.normal(0, 1, 2)
            box = Box(middle[0] - 40, middle[1] - 50, 80 + random.normal(), 100 + random.normal())
            found.append(FoundFace(box, 1.0, (FACE * 100 + middle).astype(np.float32)))
            scores.append(1.0 if math.sin(0.2 * step + face) > -0.5 else float(random.uniform(0.3, 0.6)))
        rows = random.dirichlet([0.5] * len(LABELS), len(found)).astype(np.float32)
        places = tracker.steadied(found, time)
        tracks = tracker.update(places, rows, time)
        doubts.forget_others([track.id for track in tracks])
        expected.append([])
        for track, score in zip(tracks, scores, strict=True):
            quality = Quality(score, ("dark",) if score < 1 else ())
            expected[-1].append((track, doubts.update(track.id, track.probabilities, quality, time)))
        frames.append(
            {
                "time": time,
                "boxes": [face.box.as_tuple() for face in found],
                "points": [face.points.tolist() for face in found],
                "probabilities": rows.tolist(),
                "scores": scores,
            }
        )
    answers = ask(core, film={"labels": LABELS, "frames": frames})["film"]
    for frame, answer in zip(expected, answers, strict=True):
        assert [face["id"] for face in answer] == [track.id for track, _ in frame]
        assert [face["doubt"] for face in answer] == [doubt for _, doubt in frame]
        for face, (track, _) in zip(answer, frame, strict=True):
            np.testing.assert_allclose(face["box"], track.face.box.as_tuple(), atol=1e-3)
            np.testing.assert_allclose(face["points"], track.face.points, atol=1e-3)
            np.testing.assert_allclose(face["probabilities"], track.probabilities, atol=1e-5)
    assert {"", "too dark"} < {doubt for frame in expected for _, doubt in frame}
    assert max(track.id for frame in expected for track, _ in frame) > 2, "one came back as another"


@pytest.mark.parametrize("file", CORE, ids=lambda file: file.name)
def test_the_core_needs_foundation_alone(file: Path) -> None:
    assert set(re.findall(r"^(?:@\w+ )?import (\w+)", file.read_text("utf-8"), re.M)) <= {"Foundation"}
