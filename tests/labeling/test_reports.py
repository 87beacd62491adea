from __future__ import annotations

from dataclasses import asdict

from labeling.reports import ExportReport, ImportReport, Refusal

DAMAGED = "its bytes are damaged in the database."


def test_an_export_names_what_could_not_be_read() -> None:
    report = ExportReport(540, [Refusal("image 17", DAMAGED)])
    assert str(report) == f"540 images written; 1 could not be read:\n  image 17: {DAMAGED}"
    assert asdict(report) == {
        "written": 540,
        "unreadable": [{"name": "image 17", "reason": DAMAGED}],
        "cancelled": False,
    }
    assert [str(ExportReport(number)) for number in (0, 1)] == ["0 images written", "1 image written"]


def test_long_lists_are_cut() -> None:
    refusals = [Refusal(f"image {number}", DAMAGED) for number in range(27)]
    for report in (ExportReport(3, refusals), ImportReport(3, refused=refusals)):
        lines = str(report).splitlines()
        assert (len(lines), lines[-1]) == (22, "  … and 7 more")
