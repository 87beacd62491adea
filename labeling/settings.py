"""Named values of the installation, such as the active version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from labeling.database import Database
from labeling.schema import SettingRow


class Settings:
    """The part of the store that keeps settings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str, default: str = "") -> str:
        with self._database.reading() as connection:
            value = connection.scalar(select(SettingRow.value).where(SettingRow.name == name))
        return default if value is None else value

    def put(self, name: str, value: str) -> None:
        with self._database.writing() as connection:
            put_setting(connection, name, value)

    def active_version(self) -> int:
        """The model version in use; 0, the base model, until another is chosen."""
        return int(self.get("active_version", "0"))

    def set_active_version(self, number: int) -> None:
        self.put("active_version", str(number))


def put_setting(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(SettingRow).where(SettingRow.name == name).values(value=value)).rowcount:
        connection.execute(insert(SettingRow).values(name=name, value=value))
