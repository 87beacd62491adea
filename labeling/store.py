"""The store: the whole data set behind one object."""

from __future__ import annotations

from labeling.annotations import Answer, Answers
from labeling.database import StoreError
from labeling.deletion import Deletions
from labeling.gallery import Filter, Gallery, Item, Page
from labeling.images import Added, Guess, Images, NewFace, StoredCrop, TrainingFace
from labeling.labels import Label, LabelError, LabelSet
from labeling.overview import Overview, Overviews
from labeling.settings import Settings


class Store(Overviews, LabelSet, Images, Deletions, Answers, Gallery, Settings):
    """A data set of labelled faces, opened by its database URL (`sqlite:///…` or PostgreSQL's).

    Thread-safe, and safe to open from several processes. Each method is one short transaction: when it returns, what
    it did is on disk; when it raises, nothing was done. Opening migrates the database, after a backup of the file, and
    raises `StoreError` where that cannot be done.
    """


__all__ = [
    "Added",
    "Answer",
    "Filter",
    "Guess",
    "Item",
    "Label",
    "LabelError",
    "NewFace",
    "Overview",
    "Page",
    "Store",
    "StoreError",
    "StoredCrop",
    "TrainingFace",
]
