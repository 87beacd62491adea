"""Named values of the installation, such as the active version."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from labeling.database import Database
from labeling.schema import Setting


class Settings(Database):
    """The part of the store that keeps settings."""

    def setting(self, name: str, default: str = "") -> str:
        with self.reading() as connection:
            value = connection.scalar(select(Setting.value).where(Setting.name == name))
        return default if value is None else value

    def set_setting(self, name: str, value: str) -> None:
        with self.writing() as connection:
            put_setting(connection, name, value)

    def active_version(self) -> int:
        """The model version in use; 0, the base model, until another is chosen."""
        return int(self.setting("active_version", "0"))

    def set_active_version(self, number: int) -> None:
        self.set_setting("active_version", str(number))


def put_setting(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(Setting).where(Setting.name == name).values(value=value)).rowcount:
        connection.execute(insert(Setting).values(name=name, value=value))
