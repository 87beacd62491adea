from __future__ import annotations

import csv
from pathlib import Path

import pytest

from labeling.exchange import import_path
from labeling.export_formats import export_csv
from labeling.fer import EMOTIONS
from labeling.reports import ExchangeError
from models.pictures import decode
from tests.labeling.exchange_files import fer_rows, write_csv
from tests.labeling.face_patterns import open_store

NAMES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")


@pytest.mark.parametrize(
    ("emotion", "pixels", "says"),
    [
        ("²", None, "“²” is no emotion of FER-2013 (0 to 7)."),
        ("9" * 5000, None, f"“{'9' * 20}” is no emotion of FER-2013 (0 to 7)."),
        ("-1", None, "“-1” is no emotion of FER-2013 (0 to 7)."),
        ("0", "9" * 5000 + " 1" * 2303, "A pixel is no whole number between 0 and 255."),
        ("0", "9" * 25 + " 1" * 2303, "A pixel is no whole number between 0 and 255."),
        ("0", "²" + " 1" * 2303, "A pixel is no whole number between 0 and 255."),
        ("0", "1 " * 100_000, "It has more than 2,304 pixels."),
    ],
)
def test_a_line_that_is_wrong_is_refused_and_the_rest_goes_on(
    tmp_path: Path, emotion: str, pixels: str | None, says: str
) -> None:
    first, second = fer_rows(2)
    rows = [("emotion", "pixels", "Usage"), (emotion, pixels or first[1], "Training"), second]
    report = import_path(open_store(tmp_path), write_csv(tmp_path / "fer.csv", rows))
    assert [(refusal.name, refusal.reason) for refusal in report.refused] == [("fer.csv, line 2", says)]
    assert report.added == 1


@pytest.mark.parametrize("votes", ["many", "²", "9" * 5000, "-3"])
def test_votes_that_are_no_numbers_refuse_their_line(tmp_path: Path, votes: str) -> None:
    table = [("Usage", "Image name", *NAMES), ("", "", votes, *[0] * 9), ("", "", 9, *[0] * 9)]
    write_csv(tmp_path / "fer2013new.csv", table)
    path = write_csv(tmp_path / "fer2013.csv", [("emotion", "pixels", "Usage"), *fer_rows(2)])
    store = open_store(tmp_path)
    report = import_path(store, path)
    assert [refusal.reason for refusal in report.refused] == (
        [f"“{votes[:20]}” in fer2013new.csv is no number of votes."]
    )
    assert store.overview.label_counts() == {"neutral": 1}


def test_fer_2013_goes_in_and_out_with_every_pixel(tmp_path: Path) -> None:
    rows = fer_rows(7)
    path = write_csv(tmp_path / "fer2013.csv", [("emotion", "pixels", "Usage"), *rows])
    store = open_store(tmp_path)
    assert import_path(store, path).added == 7
    assert store.overview.label_counts() == dict.fromkeys(EMOTIONS[:7], 1) | {}
    assert export_csv(store, tmp_path / "out.csv").written == 7
    with (tmp_path / "out.csv").open(newline="") as file:
        assert [tuple(row)[:3] for row in csv.reader(file)][1:] == rows
    assert import_path(store, tmp_path / "out.csv").already_there == 7


def test_fer_plus_votes_beside_it_decide(tmp_path: Path) -> None:
    names = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
    votes = [("Usage", "Image name", *names)]
    for top, count in (("contempt", 8), ("NF", 9), ("unknown", 6), ("fear", 1)):
        votes.append(("Training", "x.png", *(count if name == top else 0 for name in names)))
    write_csv(tmp_path / "fer2013new.csv", votes)
    path = write_csv(tmp_path / "fer2013.csv", [("emotion", "pixels", "Usage"), *fer_rows(4)])
    store = open_store(tmp_path)
    assert import_path(store, path).added == 4
    assert [(item.answer, item.label) for item in reversed(store.gallery.page().items)] == (
        [("label", "contempt"), ("not_a_face", None), ("", None), ("", None)]
    )


def test_a_short_pixel_row_and_a_wrong_number_refuse_their_line(tmp_path: Path) -> None:
    good = fer_rows(1)[0]
    rows = [
        ("emotion", "pixels", "Usage"),
        good,
        ("0", "1 2 3", "Training"),
        ("9", good[1], ""),
        ("0", "300 " * 2304, ""),
    ]
    report = import_path(open_store(tmp_path), write_csv(tmp_path / "fer.csv", rows))
    assert report.added == 1
    assert [refusal.name for refusal in report.refused] == [f"fer.csv, line {line}" for line in (3, 4, 5)]
    assert "3 pixels, expected 2,304" in report.refused[0].reason


def test_a_csv_with_wrong_columns_is_refused_whole(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="lacks pixels"):
        import_path(open_store(tmp_path), write_csv(tmp_path / "fer.csv", [("emotion", "image"), ("0", "1")]))


def test_a_fer_picture_is_stored_without_loss(tmp_path: Path) -> None:
    (row,) = fer_rows(1)
    store = open_store(tmp_path)
    import_path(store, write_csv(tmp_path / "fer.csv", [("emotion", "pixels"), row[:2]]))
    (found,) = store.images.training_faces()
    assert decode(found.data)[..., 0].flatten().tolist() == [int(value) for value in row[1].split()]
