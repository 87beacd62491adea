import csv
import re
from pathlib import Path

import numpy as np
import pytest

from training.base import ferplus
from training.base.ferplus import BadFerplus

VOTES = np.array(
    [
        [8, 2, 0, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 9, 0, 0, 0, 0, 0, 0],
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        [2, 0, 0, 0, 0, 0, 0, 0, 8, 0],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 10],
        [0, 4, 4, 0, 0, 0, 0, 0, 2, 0],
    ],
    np.uint8,
)
SPLIT = np.array(["Training", "Training", "Training", "Training", "PublicTest", "PrivateTest"])
IMAGES = np.random.default_rng(0).integers(0, 255, (6, 48, 48), np.uint8)


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    np.savez(tmp_path / "ferplus.npz", images=IMAGES, votes=VOTES, split=SPLIT, index=np.arange(6))
    return tmp_path / "ferplus.npz"


@pytest.fixture
def fer_csv(tmp_path: Path) -> Path:
    with (
        (tmp_path / "fer2013.csv").open("w", newline="") as faces,
        (tmp_path / "fer2013new.csv").open("w", newline="") as votes,
    ):
        face_rows, vote_rows = csv.writer(faces), csv.writer(votes)
        face_rows.writerow(["emotion", "pixels", "Usage"])
        vote_rows.writerow(["Usage", "Image name", *(f"v{i}" for i in range(10))])
        for index, (image, row, split) in enumerate(zip(IMAGES, VOTES, SPLIT, strict=True)):
            face_rows.writerow([0, " ".join(map(str, image.ravel())), split])
            vote_rows.writerow([split, f"fer{index:07}.png", *row])
        face_rows.writerow([0, " ".join(["0"] * 48**2), "Training"])
        vote_rows.writerow(["Training", "", *([0] * 10)])
    return tmp_path / "fer2013.csv"


def test_rows_without_agreement_on_an_expression_are_left_out(npz: Path) -> None:
    faces = ferplus.load(npz, "Training")
    assert len(faces) == 2
    assert faces.classes.tolist() == [0, 3]
    np.testing.assert_array_equal(faces.images, IMAGES[:2])


def test_targets_drop_single_votes(npz: Path) -> None:
    targets = ferplus.load(npz, "Training").targets
    assert targets[0].tolist() == pytest.approx([0.8, 0.2, 0, 0, 0, 0, 0, 0])
    assert targets[1].tolist() == [0, 0, 0, 1, 0, 0, 0, 0]


def test_csv_gives_what_npz_gives(npz: Path, fer_csv: Path) -> None:
    for split in ("Training", "PrivateTest"):
        one, other = ferplus.load(npz, split), ferplus.load(fer_csv, split)
        np.testing.assert_array_equal(one.images, other.images)
        np.testing.assert_array_equal(one.votes, other.votes)


def test_what_is_not_fer_plus(tmp_path: Path, npz: Path) -> None:
    (tmp_path / "other.npz").write_bytes(b"nothing")
    with pytest.raises(BadFerplus, match=r"other\.npz"):
        ferplus.load(tmp_path / "other.npz", "Training")
    with pytest.raises(ValueError, match="no split"):
        ferplus.load(npz, "Test")
    (tmp_path / "alone").mkdir()
    with pytest.raises(BadFerplus, match=r"fer2013new\.csv is missing"):
        ferplus.load(tmp_path / "alone" / "fer2013.csv", "Training")


def test_a_short_row_is_named(fer_csv: Path) -> None:
    lines = fer_csv.read_text().splitlines()
    for row, said in (("0,1 2 3,Training", "line 3: 3 pixels"), ("0,1 2 many,Training", "is not FER+")):
        lines[2] = row
        fer_csv.write_text("\n".join(lines))
        with pytest.raises(BadFerplus, match=re.escape(said)):
            ferplus.load(fer_csv, "Training")


def test_majority_is_more_than_half_of_what_is_left_without_single_votes(tmp_path: Path) -> None:
    votes = [
        [5, 4, 1, 0, 0, 0, 0, 0, 0, 0],  # 5 of 9
        [5, 5, 0, 0, 0, 0, 0, 0, 0, 0],
        [4, 3, 0, 0, 0, 0, 0, 0, 3, 0],  # 4 of 10, unknown counted
        [3, 1, 1, 1, 1, 1, 1, 1, 0, 0],  # 3 of 3
    ]
    path, images = tmp_path / "ferplus.npz", np.zeros((4, 48, 48), np.uint8)
    np.savez(path, images=images, votes=np.array(votes, np.uint8), split=np.array(["PrivateTest"] * 4))
    assert ferplus.load(path, "PrivateTest").majority.tolist() == [True, False, False, True]
