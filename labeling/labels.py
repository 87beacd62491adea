"""The label set: what an expression may be called, how it looks, its key and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, insert, select, update

from labeling.database import Database
from labeling.label_marks import KEYS, LOOKS, PATTERNS, first_free, keys_for
from labeling.schema import LabelRow
from models.errors import MienError

MAX_NAME = 40
FIND_LABEL = select(LabelRow.__table__).where(LabelRow.folded == bindparam("folded_name"))
WINDOWS_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


class LabelError(MienError):
    """This change of the label set cannot be made; the message is a sentence for the user."""


@dataclass(frozen=True)
class Label:
    """A label; `color` is "#rrggbb", `pattern` one of PATTERNS, `key` one of KEYS.

    Labels that are switched on differ in their keys, and in colour or pattern; one that is switched off keeps its own
    as long as no other one needs them. Where an earlier Mien made more labels than there are keys, the rest have "".
    """

    id: int
    name: str
    color: str
    pattern: str
    key: str
    built_in: bool
    enabled: bool
    position: int


def checked_name(name: str) -> str:
    """`name` as it is stored: trimmed and in Unicode's composed form.

    Raises:
        LabelError: empty, longer than 40 characters, or with characters that no folder name may have.
    """
    clean = " ".join(unicodedata.normalize("NFC", name).split(" ")).strip()
    if not clean:
        raise LabelError("A label needs a name.")
    if len(clean) > MAX_NAME:
        raise LabelError(f"A label's name has at most {MAX_NAME} characters; this one has {len(clean):,}.")
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in clean):
        raise LabelError("A label's name may have no control or invisible characters.")
    if any(character in '<>:"/\\|?*' for character in clean):
        raise LabelError(f'“{clean}” cannot be a label: a name may have none of < > : " / \\ | ? *')
    if clean[0] in "._" or clean[-1] == "." or clean.casefold() in WINDOWS_NAMES:
        raise LabelError(f"“{clean}” cannot be a label: it is exported as a folder, and that is no folder's name.")
    return clean


class Labels:
    """The part of the store that keeps the label set."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self, all: bool = False) -> Sequence[Label]:
        """The enabled labels in their order; with `all`, those that are switched off too."""
        with self._database.reading() as connection:
            return list_labels(connection, all)

    def get(self, name: str) -> Label:
        """The label called `name`, in any case.

        Raises:
            LabelError: there is none.
        """
        with self._database.reading() as connection:
            return find_label(connection, name)

    def add(self, name: str, color: str | None = None, key: str | None = None) -> Label:
        """A new label of one's own, at the end; the first free colour and key unless given.

        Raises:
            LabelError: the name cannot be used or is taken, the colour or the key is none, or no key is free.
        """
        clean = checked_name(name)
        with self._database.writing() as connection:
            return new_label(connection, clean, color, key)

    def rename(self, name: str, to: str) -> Label:
        """Raises LabelError: no such label, a built-in one, or a name that cannot be used or is taken."""
        clean = checked_name(to)
        with self._database.writing() as connection:
            label = find_label(connection, name)
            if label.built_in:
                raise LabelError(
                    f"“{label.name}” is built in and keeps its name. Switch it off and add a label of your own instead."
                )
            taken = connection.scalar(select(LabelRow.id).where(LabelRow.folded == clean.casefold()))
            if taken not in (None, label.id):
                raise LabelError(f"There is a label “{clean}” already. Merge the two instead.")
            values = {"name": clean, "folded": clean.casefold()}
            connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(values))
            return find_label(connection, clean)

    def change(
        self, name: str, *, color: str | None = None, key: str | None = None, enabled: bool | None = None
    ) -> Label:
        """Changes a label's colour, its key (a label that has it gets this one's), or whether it is used.

        Raises:
            LabelError: no such label, no such colour or key, or none that is free.
        """
        with self._database.writing() as connection:
            label = find_label(connection, name)
            others = _others(connection, label)
            changed = label if enabled is None else replace(label, enabled=enabled)
            if color is not None:
                changed = replace(changed, color=_checked_color(color), pattern="")
                changed = replace(changed, pattern=_free_pattern(changed.color, others))
            if key is not None:
                changed = replace(changed, key=_checked_key(key))
                _hand_over(connection, key, label.key, others)
            if changed.enabled and not label.enabled:
                changed = told_apart(changed, _others(connection, label))
            values = {field: getattr(changed, field) for field in ("color", "pattern", "key", "enabled")}
            connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(values))
            return changed

    def reorder(self, names: Sequence[str]) -> Sequence[Label]:
        """Puts the named labels first, in this order; the others follow in theirs."""
        with self._database.writing() as connection:
            first = [find_label(connection, name).id for name in names]
            ids = connection.scalars(select(LabelRow.id).order_by(LabelRow.position, LabelRow.id)).all()
            ordered = list(dict.fromkeys([*first, *ids]))
            for position, label_id in enumerate(ordered):
                connection.execute(update(LabelRow).where(LabelRow.id == label_id).values(position=position))
        return self.list(all=True)


def list_labels(connection: Connection, all: bool = False) -> list[Label]:
    """The enabled labels in their order; with `all`, those that are switched off too."""
    query = select(LabelRow.__table__).order_by(LabelRow.position, LabelRow.id)
    if not all:
        query = query.where(LabelRow.enabled)
    return [_label(row) for row in connection.execute(query)]


def find_label(connection: Connection, name: str) -> Label:
    folded = unicodedata.normalize("NFC", name).strip().casefold()
    row = connection.execute(FIND_LABEL, {"folded_name": folded}).first()
    if row is None:
        shown = name if len(name) <= MAX_NAME else name[:MAX_NAME] + "…"
        raise LabelError(f"There is no label “{shown}”. Add it first.")
    return _label(row)


def new_label(connection: Connection, clean: str, color: str | None = None, key: str | None = None) -> Label:
    """Inserts a label whose name is checked already.

    Raises:
        LabelError: the name is taken, the colour or the key is none, or no key is free.
    """
    others = list_labels(connection, all=True)
    if clean.casefold() in {other.name.casefold() for other in others}:
        raise LabelError(f"There is a label “{clean}” already.")
    free = _free_key(clean, others)
    if key is not None:
        _hand_over(connection, _checked_key(key), "", others)
    if color is None:
        color, pattern = _free_look(others)
    else:
        color = _checked_color(color)
        pattern = _free_pattern(color, others)
    position = max((other.position for other in others), default=-1) + 1
    values = {"name": clean, "folded": clean.casefold(), "color": color, "pattern": pattern, "key": key or free}
    connection.execute(insert(LabelRow).values(**values, position=position, built_in=False, enabled=True))
    return find_label(connection, clean)


def _others(connection: Connection, label: Label) -> list[Label]:
    return [other for other in list_labels(connection, all=True) if other.id != label.id]


def _hand_over(connection: Connection, key: str, instead: str, labels: Sequence[Label]) -> None:
    """Whoever of `labels` has `key` gets the key `instead`, or a free one where that is none or another's."""
    for holder in labels:
        if holder.key == key:
            taken = [(key, True), ("", True), *((other.key, other.enabled) for other in labels if other != holder)]
            free = first_free([instead, *keys_for(holder.name)], taken) or ""
            connection.execute(update(LabelRow).where(LabelRow.id == holder.id).values(key=free))


def told_apart(label: Label, others: Sequence[Label]) -> Label:
    """`label` with a key and a look that no other one has which is switched on."""
    in_use = [other for other in others if other.enabled]
    if not label.key or label.key in {other.key for other in in_use}:
        label = replace(label, key=_free_key(label.name, others))
    if (label.color, label.pattern) in {(other.color, other.pattern) for other in in_use}:
        color, pattern = _free_look(others)
        label = replace(label, color=color, pattern=pattern)
    return label


def _free_key(name: str, others: Sequence[Label]) -> str:
    key = first_free(keys_for(name), [(other.key, other.enabled) for other in others])
    if key is None:
        raise LabelError(
            f"There are {len(KEYS)} labels in use, and there is a key for no more. Switch one off or remove it first."
        )
    return key


def _free_look(others: Sequence[Label]) -> tuple[str, str]:
    look = first_free(LOOKS, [((other.color, other.pattern), other.enabled) for other in others])
    if look is None:
        raise LabelError("There is neither a colour nor a pattern for one label more. Remove one first.")
    return look


def _free_pattern(color: str, others: Sequence[Label]) -> str:
    same = [(other.pattern, other.enabled) for other in others if other.color == color]
    pattern = first_free(PATTERNS, same)
    if pattern is None:
        raise LabelError(
            f"{len(PATTERNS)} labels have this colour already, each in another pattern. Choose another one."
        )
    return pattern


def _label(row: object) -> Label:
    fields = ("id", "name", "color", "pattern", "key", "built_in", "enabled", "position")
    return Label(*(getattr(row, name) for name in fields))


def _checked_color(color: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise LabelError(f"“{color[:20]}” is no colour; write it as #rrggbb.")
    return color.lower()


def _checked_key(key: str) -> str:
    if not key:
        raise LabelError("Every label has a key: give another label this one, and the two swap.")
    if len(key) != 1 or key not in KEYS:
        raise LabelError(f"“{key[:20]}” cannot be a label's key: use a digit, or a letter but c, m, n, s and u.")
    return key
