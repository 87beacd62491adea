"""The label set: what an expression may be called, its colour, its key and its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from labeling.database import Database
from labeling.doubts import refresh_disagreements
from labeling.schema import AnnotationRow, ImageRow, LabelRow, deletion
from models.errors import MienError

MAX_NAME = 40
PALETTE = (
    # Okabe and Ito (2008), grey in place of black so that it shows on dark pages too; then Tol's muted scheme.
    *("#999999", "#e69f00", "#f0e442", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9"),
    *("#882255", "#44aa99", "#999933", "#aa4499", "#117733", "#6699cc", "#cc6677", "#ddcc77", "#661100", "#332288"),
)
KEYS = "123456789"
FIND_LABEL = select(LabelRow.__table__).where(LabelRow.folded == bindparam("folded_name"))
WINDOWS_NAMES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


class LabelError(MienError):
    """This change of the label set cannot be made; the message is a sentence for the user."""


@dataclass(frozen=True)
class Label:
    """A label; `color` is "#rrggbb", `key` "1"…"9" or "" where it has none."""

    id: int
    name: str
    color: str
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
        """A new label of one's own, at the end; the first free colour and number key unless given.

        Raises:
            LabelError: the name cannot be used or is taken, or the colour or the key is none.
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
        """Changes a label's colour, its key ("" for none; another label that has it loses it), or whether it is used.

        Raises:
            LabelError: no such label, no such colour or key.
        """
        with self._database.writing() as connection:
            label = find_label(connection, name)
            values: dict[str, object] = {}
            if color is not None:
                values["color"] = _checked_color(color)
            if key is not None:
                values["key"] = _checked_key(key)
                connection.execute(update(LabelRow).where(LabelRow.key == key, LabelRow.id != label.id).values(key=""))
            if enabled is not None:
                values["enabled"] = enabled
            if values:
                connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(values))
            return find_label(connection, name)

    def reorder(self, names: Sequence[str]) -> Sequence[Label]:
        """Puts the named labels first, in this order; the others follow in theirs."""
        with self._database.writing() as connection:
            first = [find_label(connection, name).id for name in names]
            ids = connection.scalars(select(LabelRow.id).order_by(LabelRow.position, LabelRow.id)).all()
            ordered = list(dict.fromkeys([*first, *ids]))
            for position, label_id in enumerate(ordered):
                connection.execute(update(LabelRow).where(LabelRow.id == label_id).values(position=position))
        return self.list(all=True)

    def merge(self, name: str, into: str) -> Label:
        """Gives every image of `name` to `into`; `name` is gone, or switched off if it is built in.

        Raises:
            LabelError: no such label, or the two are one.
        """
        with self._database.writing() as connection:
            label, target = find_label(connection, name), find_label(connection, into)
            if label.id == target.id:
                raise LabelError(f"“{label.name}” cannot be merged with itself.")
            moved = update(AnnotationRow).where(AnnotationRow.label_id == label.id)
            connection.execute(moved.values(label_id=target.id, name=target.name))
            connection.execute(update(ImageRow).where(ImageRow.label_id == label.id).values(label_id=target.id))
            _drop(connection, label)
            refresh_disagreements(connection)
            return target

    def remove(self, name: str, into: str | None = None, delete_images: bool = False) -> int:
        """Removes a label of one's own. Its images go to the label `into`, are deleted (softly), or lose their label.

        Returns how many images that concerned.

        Raises:
            LabelError: no such label, or a built-in one.
        """
        with self._database.writing() as connection:
            label = find_label(connection, name)
            if label.built_in:
                raise LabelError(f"“{label.name}” is built in: it can be switched off, not removed.")
            mine = (ImageRow.label_id == label.id, ImageRow.deleted.is_(None))
            count = connection.scalar(select(func.count()).select_from(ImageRow).where(*mine)) or 0
            if into is None:
                changes = {"answer": "", "label_id": None, **(deletion(self._database.server) if delete_images else {})}
                connection.execute(update(ImageRow).where(*mine).values(changes))
                connection.execute(
                    update(ImageRow).where(ImageRow.label_id == label.id).values(answer="", label_id=None)
                )
                _drop(connection, label)
                refresh_disagreements(connection)
        if into is not None:
            self.merge(name, into)
        return count


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
    """Inserts a label whose name is checked already."""
    rows = connection.execute(select(LabelRow.folded, LabelRow.color, LabelRow.key, LabelRow.position)).all()
    if clean.casefold() in {row.folded for row in rows}:
        raise LabelError(f"There is a label “{clean}” already.")
    colors, keys = {row.color for row in rows}, {row.key for row in rows}
    chosen = _checked_color(color) if color else next((c for c in PALETTE if c not in colors), PALETTE[len(rows) % 18])
    if key is None:
        key = next((k for k in KEYS if k not in keys), "")
    elif _checked_key(key):
        connection.execute(update(LabelRow).where(LabelRow.key == key).values(key=""))
    position = max((row.position for row in rows), default=-1) + 1
    values = {"name": clean, "folded": clean.casefold(), "color": chosen, "key": key, "position": position}
    connection.execute(insert(LabelRow).values(**values, built_in=False, enabled=True))
    return find_label(connection, clean)


def _drop(connection: Connection, label: Label) -> None:
    if label.built_in:
        connection.execute(update(LabelRow).where(LabelRow.id == label.id).values(enabled=False))
    else:
        connection.execute(delete(LabelRow).where(LabelRow.id == label.id))


def _label(row: object) -> Label:
    return Label(*(getattr(row, name) for name in ("id", "name", "color", "key", "built_in", "enabled", "position")))


def _checked_color(color: str) -> str:
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", color):
        raise LabelError(f"“{color[:20]}” is no colour; write it as #rrggbb.")
    return color.lower()


def _checked_key(key: str) -> str:
    if key and (len(key) != 1 or key not in KEYS):
        raise LabelError(f"“{key[:20]}” cannot be a label's key: use 1 to 9.")
    return key
