"""The model card: what a version was made of, how good it is, what it is for and what it must not be used for."""

from __future__ import annotations

from collections.abc import Sequence

from models.card import Card, DataCounts, MeasuredBy, Metrics, Proof
from models.versions import Version
from training.export import evaluated
from training.export.markdown import cell, percent

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
Rare expressions (contempt, disgust, fear) are recognised far less well than common ones; the figures say how well.
Glasses, masks, hands, hard light, noise, low resolution and turned heads make errors likelier. FER+ has no video: how
steady answers are from frame to frame is not in these figures.
"""

MISSING = """\
FER-2013's faces were found by an image search engine in 2013, with about 600 search terms: words for emotions joined
with words for gender, age and ethnicity (Goodfellow et al., 2013). Nobody recorded whom they show: there are no labels
of age, gender or skin tone, so nobody can say from this data for whom the model is worse, and the figures are means
over whoever happened to be found.

- Skewed to what was on the web in 2013 for English words: stock photographs, film stills, people in the news; posed and
  exaggerated more often than lived. Face data collected so show mostly White people (Kärkkäinen & Joo, 2021, FairFace),
  and studies that guess whom FER-2013's show find it and models of it uneven (Hosseini et al., 2025, arXiv:2502.11049).
- Children and old people are few; so are veils, turbans, masks, and faces with palsy, scars or other differences.
- Grey, 48 × 48 pixels: nothing was learned of colour, nor of detail that needs more.
- What is true is what most of ten raters from one crowd-working market saw (Barsoum et al., 2016): how a face is read
  elsewhere, or meant, may differ. Where they disagree, there is no truth to be right about.
"""

LICENCE = """\
The code is under the MIT licence. For the weights none is claimed: they were learned from pictures whose rights others
hold, and whether and how they may be used is for you to find out where you use them. What the data says: """

DATA_LICENCE = """\
FER+'s labels are under the MIT licence (Microsoft). FER-2013's pictures were published for a research challenge; the
rights in each stay with its owner."""

HELD_OUT: dict[MeasuredBy, str] = {
    "people": "Whole people, whom training did not see",
    "takes": "Whole takes (capture sessions); the same people may be in others that were trained on",
    "pictures": "Single pictures; the same people may be on others that were trained on",
    "same take": "Only the end of the same take that was trained on, a moment later; these figures flatter, and "
    "recording each label once more, later, would give ones that do not",
    "nothing": "Nothing: not measured",
}
"""What was held out, by how."""


def model_card(version: Version, proofs: Sequence[Proof] = (), picture: str = "") -> str:
    """`MODEL_CARD.md` of a version, as Markdown; `picture`: where beside it its risk-coverage curve is, if anywhere."""
    card = version.card
    title = card.name or ("the base model" if version.number == 0 else f"version {version.number}")
    evaluation = card.evaluation
    parts = [
        f"# Model card: Mien, {cell(title)}",
        f"A convolutional network that names the expression on a face crop. Labels: {', '.join(version.labels)}."
        + (f" {evaluated.cost(card, evaluation)}" if evaluation else ""),
        "## Data",
        _data(version),
        *(["## Recipe", evaluated.recipe(card.recipe)] if card.recipe else []),
        "## Figures",
        *(evaluated.figures(card, evaluation, picture) if evaluation else [_figures(card)]),
        *[f"- Exported model against PyTorch. {proof}." for proof in proofs],
        "## Intended use",
        INTENDED_USE.strip(),
        "## What it must not be used for",
        FORBIDDEN_USE.strip(),
        "## Limits",
        *([evaluated.weaknesses(card, evaluation)] if evaluation else []),
        LIMITS.strip(),
        "## Who is missing from FER+",
        MISSING.strip(),
        "## Licence",
        LICENCE + (card.data_licence or DATA_LICENCE),
    ]
    return "\n\n".join(parts) + "\n"


def facts(number: int, card: Card) -> dict[str, str]:
    """What the Core ML package says of itself."""
    measured = card.after
    return {
        "version": str(number),
        "license": f"No licence is claimed for the weights. {card.data_licence}" if card.data_licence else "",
        "author": "Made with Mien" + (" from its user's own labelled faces and FER+" if number else " from FER+"),
        "description": f"Names the facial expression on a face crop: {', '.join(card.labels)}.",
        "accuracy": f"{measured.accuracy:.3f} on {measured.faces} held-out faces" if measured else _base_accuracy(card),
    }


def _base_accuracy(card: Card) -> str:
    figures = base_figures(card)
    return f"{figures.accuracy:.3f} on FER+ PrivateTest" if figures else "not measured"


def base_figures(card: Card) -> Metrics | None:
    """The base model's figures on FER+'s test faces, PrivateTest; None on other cards."""
    return card.metrics.get("PrivateTest")


def _data(version: Version) -> str:
    base = "FER+ (Barsoum et al., 2016): 28,386 faces of FER-2013, each rated by ten people."
    counts = version.card.counts
    if version.number == 0 or counts is None:
        return version.card.data if isinstance(version.card.data, str) else base
    rows = ["| label | trained on | held out |", "|---|---|---|"]
    rows += [
        f"| {cell(label)} | {counts.train.get(label, 0)} | {counts.held_out.get(label, 0)} |"
        for label in version.labels
    ]
    left_out = [f"- {cell(reason)}" for reason in counts.left_out.values()]
    return "\n".join(
        [
            f"Base: {base} Fine-tuned on its user's own faces.",
            "",
            *rows,
            *([""] if left_out else []),
            *left_out,
            "",
            *_held_out_faces(counts, len(version.card.held_out_people)),
        ]
    )


def _held_out_faces(counts: DataCounts, people: int) -> list[str]:
    """What was held out to measure on, by how; names of people stay out of what is given away."""
    if not counts.measured_by:  # an older card
        return [f"Held out to measure on: {'whole people' if counts.by_subject else 'whole takes (capture sessions)'}."]
    lines = ["Held out to measure on:", ""]
    for way, meaning in HELD_OUT.items():
        labels = [cell(label) for label, how in counts.measured_by.items() if how == way]
        if labels:
            lines.append(f"- {meaning}: {', '.join(labels)}.")
    if people:
        lines += ["", f"{people} {'person was' if people == 1 else 'people were'} chosen to be held out."]
    if counts.unknown_people:
        lines += ["", "It is not known whom some of the pictures show: the same person may stand on both sides."]
    return lines


def _figures(card: Card) -> str:
    return "\n".join([*_held_out(card), *_built_in(card), *_private_test(card)]) or "Not measured."


def _held_out(card: Card) -> list[str]:
    before, after = card.before, card.after
    if after is None:
        return []
    same_take = card.counts.same_take if card.counts else ()
    lines = ["| recall on held-out faces | before | after |", "|---|---|---|"]
    for label, recall in after.recall.items():
        was = before.recall.get(label) if before else None
        flatters = " (same take)" if label in same_take else ""
        lines.append(f"| {cell(label)}{flatters} | {percent(was)} | {percent(recall)} |")
    was = before.accuracy if before else None
    lines.append(f"| **accuracy** ({after.faces} faces) | {percent(was)} | {percent(after.accuracy)} |")
    return [*lines, "", f"Calibration error (ECE): {100 * after.calibration_error:.1f} %."]


def _built_in(card: Card) -> list[str]:
    before, after = card.base_before, card.base_after
    if before is None or after is None:
        return []
    return [
        "",
        f"Built-in expressions, {after.faces} faces of FER+'s PublicTest: accuracy "
        f"{percent(before.accuracy)} before, {percent(after.accuracy)} after.",
    ]


def _private_test(card: Card) -> list[str]:
    figures = None if card.after else base_figures(card)
    if figures is None:
        return []
    recalls = [f"- {cell(label)}: recall {percent(recall)}" for label, recall in figures.recall.items()]
    return [f"FER+ PrivateTest: accuracy {percent(figures.accuracy)}.", *recalls]
