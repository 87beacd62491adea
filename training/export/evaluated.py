"""What `training.evaluate` measured of the base model, in words and tables for its model card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from models.card import Card, Estimate, Evaluation, Metrics, Sureness, Tally, WildTally
from training.export.markdown import cell, percent, table

CONFUSED = 3
"""So many of the confusions that happen most often are named."""


def cost(card: Card, evaluation: Evaluation) -> str:
    weights = f" {card.parameters:,} parameters," if card.parameters else ""
    return (
        f"{weights} {evaluation.multiply_adds / 1e6:.0f} million multiply-adds a face; "
        f"{evaluation.milliseconds:.1f} ms a face on one thread ({evaluation.runner}), its crop included."
    ).strip()


def figures(card: Card, evaluation: Evaluation, picture: str = "") -> list[str]:
    """The figures as blocks of Markdown. `picture`: where the risk-coverage curve is drawn, if anywhere."""
    metrics, sureness = card.metrics.get(evaluation.split), card.sureness
    blocks = [_scoring(evaluation), _table(evaluation, sureness)]
    if metrics:
        blocks += ["### Expressions", _confusion(metrics)]
    if sureness:
        blocks += ["### Not sure", _sureness(evaluation, sureness)]
    if picture:
        blocks.append(f"![Share of answers that are right over the share of faces answered]({picture})")
    if evaluation.wild:
        blocks += ["### Other photographs", _wild(evaluation.wild)]
    return blocks


def _scoring(evaluation: Evaluation) -> str:
    return (
        f"On FER+'s {evaluation.split}, which nothing was trained on. Arg max: the {evaluation.faces:,} faces "
        "whose top vote is an expression with two votes or more, that vote being true. Majority, as in the FER+ paper: "
        f"the {evaluation.majority_faces:,} of them on which one expression has more than half of the votes, single "
        "votes dropped. In brackets the interval of 95 % of 1,000 bootstrap draws of the faces."
    )


def _table(evaluation: Evaluation, sureness: Sureness | None) -> str:
    header = ["faces", "arg max, %", "majority, %", *(["answered", "right of these"] if sureness else [])]
    rows = [
        [name, _estimate(tally.arg_max), _estimate(tally.majority), *(_given(tally) if sureness else [])]
        for name, tally in {"**as they are**": evaluation.clean, **evaluation.damaged}.items()
    ]
    note = "\n\nAnswered, and right of these: as the limits below have it, by majority." if sureness else ""
    means = (
        f"\n\nMean recall over the eight expressions: {_estimate(evaluation.mean_recall)} %. Calibration error (ECE, "
        f"15 bins): {_estimate(evaluation.calibration_error, 2)} %; chance only adds to it, so its interval lies high."
    )
    return table(header, rows) + note + means


def _given(tally: Tally) -> list[str]:
    return [percent(tally.answered), percent(tally.right)]


def _confusion(metrics: Metrics) -> str:
    labels = list(metrics.recall)
    rows = [
        [f"**{cell(label)}**", *map(str, counts), percent(metrics.recall[label])]
        for label, counts in zip(labels, metrics.confusion, strict=True)
    ]
    header = ["true \\ answered", *map(cell, labels), "recall"]
    return "Faces by what is true (rows) and what was answered (columns), arg max.\n\n" + table(header, rows)


def _sureness(evaluation: Evaluation, sureness: Sureness) -> str:
    reported = [
        f"{cell(name)}: {percent(answered)} get an answer ({percent(1 - answered)} are withheld), {percent(right)} of "
        "these right"
        for name, (answered, right) in evaluation.chosen.items()
    ]
    return (
        "An answer is given where the two highest probabilities are "
        f"{sureness.margin:.2f} or more apart and the face's quality is {sureness.quality:.2f} or more; elsewhere it "
        "is “not sure”. The limits were chosen on PublicTest and its damaged copies together: "
        f"{percent(sureness.answered)} of those faces get an answer, {percent(sureness.right)} of these right, by "
        f"majority. On {evaluation.split}, {'; '.join(reported)}."
    )


def _wild(wild: WildTally) -> str:
    recalls = ", ".join(f"{cell(label)} {percent(recall)}" for label, recall in wild.recall.items())
    return (
        f"{wild.faces} photographs that are not FER+'s (Labeled Faces in the Wild and film stills, one person's "
        "judgement each, from muxspace/facial_expressions; never trained or chosen on), cut by the face's points. "
        f"YuNet finds the face in {wild.found}; one that is not found counts as wrong. Mean recall over five "
        f"expressions: {_estimate(wild.mean_recall)} % ({recalls}). The same label from YuNet's points and from "
        f"MediaPipe's: {_estimate(wild.same_label)} %."
    )


def recipe(described: Mapping[str, JsonValue]) -> str:
    """A recipe as a list, what is within a part of it indented; that there was no teacher is said too."""
    teachers = {} if "teachers" in described else {"teachers": "none"}
    return "\n".join(_entries({**described, **teachers}, 0))


def _entries(described: Mapping[str, JsonValue], depth: int) -> Iterable[str]:
    for name, value in described.items():
        start = f"{'  ' * depth}- {cell(name.replace('_', ' '))}:"
        if isinstance(value, list) and any(isinstance(each, dict) for each in value):
            value = {str(number): each for number, each in enumerate(value, 1)}
        if isinstance(value, dict):
            yield start
            yield from _entries(value, depth + 1)
        elif isinstance(value, list):
            yield f"{start} {', '.join(cell(str(each)) for each in value)}"
        else:
            yield f"{start} {cell(str(value))}"


def weaknesses(card: Card, evaluation: Evaluation) -> str:
    """What the figures say it does badly, worst first."""
    metrics = card.metrics.get(evaluation.split)
    damaged = sorted(evaluation.damaged.items(), key=lambda each: each[1].arg_max.value)
    clean = evaluation.clean.arg_max.value
    lines = [
        f"- Damage: {cell(name)} takes {100 * (clean - tally.arg_max.value):.1f} points."
        for name, tally in damaged[:CONFUSED]
    ]
    if metrics:
        recalls = sorted((recall, label) for label, recall in metrics.recall.items() if recall is not None)
        rare = [f"{cell(label)} ({percent(recall)})" for recall, label in recalls[:CONFUSED]]
        lines.append(f"- Least often recognised where shown: {', '.join(rare)}.")
        labels = list(metrics.recall)
        confusions = sorted(
            (
                (count, true, answered)
                for true, row in zip(labels, metrics.confusion, strict=True)
                for answered, count in zip(labels, row, strict=True)
                if true != answered
            ),
            reverse=True,
        )
        lines += [
            f"- {count} faces that show {cell(true)} are called {cell(answered)}."
            for count, true, answered in confusions[:CONFUSED]
        ]
    return "\n".join(lines)


def _estimate(estimate: Estimate, digits: int = 1) -> str:
    value, low, high = (f"{100 * each:.{digits}f}" for each in (estimate.value, estimate.low, estimate.high))
    return f"{value} ({low}–{high})"
