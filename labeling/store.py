"""The store: the whole data set behind one object, each part of it a small one over the same database."""

from __future__ import annotations

from labeling.annotations import Annotations
from labeling.database import Database
from labeling.deletion import Deletions
from labeling.gallery import Gallery
from labeling.held_out_answers import HeldOutAnswers
from labeling.images import Images
from labeling.label_removal import LabelRemovals
from labeling.labels import Labels
from labeling.migrating import migrate
from labeling.overview import Overviews
from labeling.people import People
from labeling.runs import Runs
from labeling.settings import Settings
from labeling.suggestions import Suggestions
from labeling.takes import Takes
from labeling.trash import Trash
from labeling.undoing import Undoing
from labeling.version_numbers import VersionNumbers


class Store:
    """A data set of labelled faces, opened by its database URL (`sqlite:///…` or PostgreSQL's).

    Thread-safe, and safe to open from several processes. Each method of a part is one short transaction: when it
    returns, what it did is on disk; when it raises, nothing was done.
    """

    def __init__(self, url: str) -> None:
        """Opens `url`, creating and migrating as needed, after a backup of the file.

        Raises:
            StoreError: the database is damaged, read-only, of a newer Mien, or none.
        """
        self.database = Database(url)
        try:
            migrate(self.database)
        except BaseException:
            self.database.close()
            raise
        self.labels = Labels(self.database)
        self.removals = LabelRemovals(self.database)
        self.images = Images(self.database)
        self.annotations = Annotations(self.database)
        self.suggestions = Suggestions(self.database)
        self.held_out_answers = HeldOutAnswers(self.database)
        self.gallery = Gallery(self.database)
        self.overview = Overviews(self.database)
        self.people = People(self.database)
        self.deletion = Deletions(self.database)
        self.trash = Trash(self.database)
        self.undoing = Undoing(self.database)
        self.settings = Settings(self.database)
        self.takes = Takes(self.database)
        self.runs = Runs(self.database)
        self.version_numbers = VersionNumbers(self.database)

    def close(self) -> None:
        """Waits for what is being wiped, and lets go of the database."""
        self.deletion.close()
        self.database.close()
