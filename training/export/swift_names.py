"""Labels as Swift names them: any text becomes an identifier, and a literal that it cannot break out of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_KEYWORDS = frozenset(
    """
    as associatedtype await break case catch class continue default defer deinit do else enum extension
    fallthrough false fileprivate for func guard if import in init inout internal is let nil open operator
    precedencegroup private protocol public repeat rethrows return self Self static struct subscript super
    switch throw throws true try typealias var where while Any some
    """.split()  # noqa: SIM905
)
_TAKEN = frozenset("allCases rawValue hashValue hash encode init self none names require".split())  # noqa: SIM905
"""What an enumeration of labels has of its own or, as `none`, what a value of an optional one would be taken for."""


def labels_swift(labels: Sequence[str]) -> str:
    """`ExpressionLabel.swift`: an enumeration with a case for each label, its raw value the label itself."""
    cases = "\n".join(
        f"    case {name} = {swift_string(label)}" for name, label in zip(swift_names(labels), labels, strict=True)
    )
    return (
        "// Written by Mien with the model: its labels, in its order.\n\n"
        "/// An expression that the model names.\n"
        "public enum ExpressionLabel: String, CaseIterable, Codable, Unisolated.Value {\n"
        f"{cases}\n"
        "}\n"
    )


def swift_names(labels: Iterable[str]) -> list[str]:
    """A Swift identifier for each label, in lower camel case, no two alike: `raised eyebrow` → `raisedEyebrow`."""
    names: list[str] = []
    for number, label in enumerate(labels, 1):
        words = re.findall(r"[A-Za-z0-9]+", label)
        name = "".join([*[word.lower() for word in words[:1]], *[word[:1].upper() + word[1:] for word in words[1:]]])
        if not name or not name.isascii():
            name = f"expression{number}"
        if name[0].isdigit():
            name = f"expression{name}"
        if name in _TAKEN:
            name += "Label"
        while name in names:
            name += "Too"
        names.append(name)
    return [f"`{name}`" if name in _KEYWORDS else name for name in names]


def swift_string(text: str) -> str:
    """The literal of a text, which nothing in the text can break out of."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in escaped) + '"'
