"""What every action works on: a home, its data set and its versions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import TracebackType

from labeling.store import Store
from models.home import Home
from models.predictor import Predictor
from models.versions import Version, Versions
from training.export import conversion
from training.export.kit_zip import ProvedKit
from training.export.web_settings import WebLook


class Workspace:
    """A home that is worked on. The command line opens one as a context manager; the server's is the `Studio`."""

    def __init__(self, home: Home) -> None:
        self.home, self.versions = home, Versions(home.versions)

    @cached_property
    def store(self) -> Store:
        """The data set, opened when it is first asked for. Raises StoreError where it cannot be opened."""
        return Store(self.home.database_url)

    def version(self, number: int | None = None) -> Version:
        """Version `number`, else the active one. Raises BadVersion where it is missing or damaged."""
        return self.versions.get(self.store.settings.active_version() if number is None else number)

    def activate(self, predictor: Predictor) -> None:
        """Make the predictor's version the one in use, here and for every other process."""
        self.store.settings.set_active_version(predictor.number)

    def convert(self, version: Version, path: Path, *, palettize: bool, onnx: bool, core_ai: bool = False) -> ProvedKit:
        """See `training.export.conversion`."""
        return conversion.convert(self.home, version, path, palettize=palettize, onnx=onnx, core_ai=core_ai)

    def convert_to_onnx(self, version: Version, path: Path) -> ProvedKit:
        """See `training.export.conversion`."""
        return conversion.convert_to_onnx(self.home, version, path)

    def convert_to_web(self, version: Version, path: Path, looks: Mapping[str, WebLook]) -> ProvedKit:
        """See `training.export.conversion`."""
        return conversion.convert_to_web(self.home, version, path, looks)

    def discard_copies(self) -> None:
        """Remove every copy of an image in temporary files; only a server has any."""

    def close(self) -> None:
        """Lets go of the data set."""
        if "store" in vars(self):
            self.store.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
