"""Importing Gradio in a third of the time."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

STUBS = "gradio.component_meta"
"""The module of Gradio that compares, at each start, the source of every class of component with its stub file, which
only editors read: half of its import. There is no switch for it."""


@contextmanager
def quick_import() -> Iterator[None]:
    """A block that imports Gradio without its stub files, and collects no garbage.

    What is imported stays, so that looking through it is lost time: a fifth of the import, and afterwards, were it not
    frozen, a tenth of a second in which the live view stands still.
    """
    finder = _StubsFinder()
    sys.meta_path.insert(0, finder)
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        sys.meta_path.remove(finder)


class _StubsFinder(MetaPathFinder):
    """Finds `STUBS`, to be loaded by `_StubsLoader`."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(fullname, path, target) if fullname == STUBS else None
        if spec is not None and spec.loader is not None:
            spec.loader = _StubsLoader(spec.loader)
        return spec


class _StubsLoader(Loader):
    """Loads `STUBS` as it is, but for the function that looks after a class's stub file: it does nothing."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        vars(module)["create_or_modify_pyi"] = lambda *_: None
