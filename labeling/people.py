"""People: whose face each image shows, by a name that is the image's subject."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from labeling.database import Database
from labeling.queries import check_images_there, chunks
from labeling.schema import ImageRow
from models.errors import MienError

MAX_PERSON = 64


@dataclass(frozen=True)
class PersonOfImages:
    """These images show `subject`; None: nobody is named."""

    subject: str | None
    image_ids: Sequence[int]


def checked_person(name: str) -> str | None:
    """`name` as it is stored: trimmed and in Unicode's composed form; None where nothing is left.

    Raises:
        MienError: longer than 64 characters, or with control characters.
    """
    clean = unicodedata.normalize("NFC", name).strip()
    if len(clean) > MAX_PERSON:
        raise MienError(f"A person's name has at most {MAX_PERSON} characters; this one has {len(clean):,}.")
    if any(unicodedata.category(character)[0] == "C" or character in "\u2028\u2029" for character in clean):
        raise MienError("A person's name may have no control or invisible characters.")
    return clean or None


class People:
    """The part of the store that keeps whose faces the images show."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def assign(self, people: Sequence[PersonOfImages]) -> list[PersonOfImages]:
        """Says whose faces these images show, in one transaction. Returns who was named before: `assign` undoes itself.

        Raises:
            MienError: a name is too long or has control characters.
            NotFound: an image is not there; nothing is changed then.
        """
        named = [(checked_person(group.subject or ""), list(dict.fromkeys(group.image_ids))) for group in people]
        before: dict[int, str | None] = {}
        with self._database.writing() as connection:
            for subject, ids in named:
                check_images_there(connection, ids)
                for chunk in chunks(ids):
                    for row in connection.execute(select(ImageRow.id, ImageRow.subject).where(ImageRow.id.in_(chunk))):
                        before.setdefault(row.id, row.subject)
                    connection.execute(update(ImageRow).where(ImageRow.id.in_(chunk)).values(subject=subject))
        images: dict[str | None, list[int]] = defaultdict(list)
        for image_id, subject in before.items():
            images[subject].append(image_id)
        return [PersonOfImages(subject, ids) for subject, ids in images.items()]
