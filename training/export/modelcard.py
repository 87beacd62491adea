"""The model card: what a version was made of, how good it is, what it is for and what it must not be used for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.versions import Version
from training.export.coreml import Proof

INTENDED_USE = """\
Naming the facial expression that a face shows, as seen by people who look at the picture: in art, games, avatars,
education about the technique itself, accessibility tools that a person uses for themselves, and research. A person
should know that it runs, and be able to switch it off.

An expression is not an emotion. People smile when they are sad and frown when they think; how a face is read differs
between cultures and between people. Do not take what this model says for what someone feels, intends or is.
"""

FORBIDDEN_USE = """\
- At work or in schools: the EU AI Act (Regulation (EU) 2024/1689, Article 5(1)(f)) prohibits AI systems that infer the
  emotions of people at the workplace and in educational institutions, except for medical or safety reasons. It has
  applied since 2 February 2025.
- To decide anything about a person: hiring, grading, credit, insurance, policing, border control, medical diagnosis.
- To watch people who do not know of it or did not agree, or to identify anyone.
- Elsewhere in the EU emotion recognition counts as high risk (Annex III), and the people it is used on must be told
  (Article 50). Other countries have rules of their own.
"""

LIMITS = """\
The base data, FER+, are pictures found by search engines in 2013: posed more often than lived, mostly of adults, uneven
in skin tone, age and gender, and never checked for balance. Rare expressions (contempt, disgust, fear) are recognised
far less well than common ones; the table above says how well. Glasses, masks, hands, hard light and turned heads make
errors likelier.
"""


def model_card(version: Version, proofs: Sequence[Proof] = ()) -> str:
    """`MODEL_CARD.md` of a version, as Markdown."""
    card = version.card
    title = card.get("name") or ("the base model" if version.number == 0 else f"version {version.number}")
    parts = [
        f"# Model card: Mien, {_cell(title)}",
        f"A convolutional network that names the expression on a face crop. Labels: {', '.join(version.labels)}.",
        "## Data",
        _data(version),
        "## Figures",
        _figures(card),
        *[f"- Exported model against PyTorch. {proof}." for proof in proofs],
        "## Intended use",
        INTENDED_USE.strip(),
        "## What it must not be used for",
        FORBIDDEN_USE.strip(),
        "## Limits",
        LIMITS.strip(),
        "## Licence",
        "The network and its code: MIT. FER+ labels: MIT (Microsoft). The faces are from FER-2013 (Goodfellow et al., "
        "2013), published for research; see its terms before commercial use.",
    ]
    return "\n\n".join(parts) + "\n"


def facts(number: int, card: dict[str, Any]) -> dict[str, str]:
    """What the Core ML package says of itself."""
    measured = card.get("after")
    accuracy = f"{measured['accuracy']:.3f} on {measured['faces']} held-out faces" if measured else _base_accuracy(card)
    return {
        "version": str(number),
        "license": "MIT",
        "author": "Made with Mien" + (" from its user's own labelled faces and FER+" if number else " from FER+"),
        "description": f"Names the facial expression on a face crop: {', '.join(card['labels'])}.",
        "accuracy": accuracy,
    }


def _base_accuracy(card: dict[str, Any]) -> str:
    figures = base_figures(card)
    if figures is None:
        return "not measured"
    return f"{figures['accuracy']:.3f} on FER+ PrivateTest"


def base_figures(card: dict[str, Any]) -> dict[str, Any] | None:
    """The base model's figures on FER+'s test faces, PrivateTest; None on other cards."""
    metrics = card.get("metrics")
    return metrics.get("PrivateTest") if isinstance(metrics, dict) else None


def _data(version: Version) -> str:
    card = version.card
    base = "FER+ (Barsoum et al., 2016): 28,386 faces of FER-2013, each rated by ten people."
    data = card.get("data")
    if version.number == 0 or not isinstance(data, dict) or "train" not in data:
        return base
    train, held = data["train"], data["held_out"]
    rows = ["| label | trained on | held out |", "|---|---|---|"]
    rows += [f"| {_cell(label)} | {train.get(label, 0)} | {held.get(label, 0)} |" for label in version.labels]
    by = "whole people" if data.get("by_subject") else "whole capture sessions"
    left_out = [f"- {_cell(reason)}" for reason in data.get("left_out", {}).values()]
    return "\n".join(
        [
            f"Base: {base} Fine-tuned on its user's own faces; {by} were held out to measure on.",
            "",
            *rows,
            *([""] if left_out else []),
            *left_out,
        ]
    )


def _figures(card: dict[str, Any]) -> str:
    after, before = card.get("after"), card.get("before")
    lines: list[str] = []
    if after:
        lines += ["| recall on held-out faces | before | after |", "|---|---|---|"]
        for label, recall in after["recall"].items():
            was = before["recall"].get(label) if before else None
            lines.append(f"| {_cell(label)} | {_percent(was)} | {_percent(recall)} |")
        lines.append(
            f"| **accuracy** ({after['faces']} faces) | {_percent((before or {}).get('accuracy'))} | "
            f"{_percent(after['accuracy'])} |"
        )
        lines += ["", f"Calibration error (ECE): {100 * after['calibration_error']:.1f} %."]
    if card.get("base_after"):
        lines += [
            "",
            f"Base check, {card['base_after']['faces']} faces of FER+'s PublicTest: accuracy "
            f"{_percent(card['base_before']['accuracy'])} before, {_percent(card['base_after']['accuracy'])} after.",
        ]
    figures = None if after else base_figures(card)
    if figures is not None:
        lines.append(f"FER+ PrivateTest: accuracy {_percent(figures['accuracy'])}.")
        for label, recall in (figures.get("recall") or {}).items():
            lines.append(f"- {_cell(label)}: recall {_percent(recall)}")
    return "\n".join(lines) or "Not measured."


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"


def _cell(text: str) -> str:
    """Text that cannot break out of a Markdown table's cell."""
    return "".join(f"\\{c}" if c in "\\|*_`<>[]#" else c for c in text)
