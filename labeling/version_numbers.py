"""The numbers of the model's versions: each is given once, whatever became of the version that had it."""

from __future__ import annotations

from sqlalchemy import func, select

from labeling.database import Database
from labeling.queries import alone
from labeling.schema import RunRow, SettingRow, SuggestionRow
from labeling.settings import put_setting

LAST = "last_version"


class VersionNumbers:
    """The part of the store that numbers versions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, above: int) -> int:
        """A number that no version ever had, and that none will be given again.

        It is larger than `above`, the largest of the versions that lie in the home (a home can come from elsewhere),
        and than every version that a run or a suggestion names: a number that was used again would be taken for the
        version that had it before.
        """
        with self._database.writing() as connection:
            alone(connection, SettingRow)
            given = connection.scalar(select(SettingRow.value).where(SettingRow.name == LAST))
            trained = connection.scalar(select(func.max(RunRow.version)))
            asked = connection.scalar(select(func.max(SuggestionRow.version)))
            number = max(int(given or 0), above, trained or 0, asked or 0) + 1
            put_setting(connection, LAST, str(number))
        return number
