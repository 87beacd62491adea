from __future__ import annotations

from pathlib import Path

import pytest

from labeling.exchange import import_path
from tests.labeling.face_patterns import open_store
from tests.labeling.test_exchange import fer_rows, write_csv

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
