"""The house rules of CONTRIBUTING.md that a program can check."""

from __future__ import annotations

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("models", "labeling", "training", "webapp")


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the four packages by its dotted name."""
    paths = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    return {dotted(path): ast.parse(path.read_text("utf-8")) for path in paths}


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(tree: ast.Module) -> Iterator[str]:
    """The modules of the four packages that this one imports anywhere in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            within = [f"{node.module}.{name.name}" for name in node.names]
            names = [name if name in modules() else node.module for name in within]
        else:
            continue
        yield from (name for name in names if name in modules())


def lines(name: str) -> int:
    path = ROOT / Path(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return len(file.read_text("utf-8").splitlines())


def test_a_floor_knows_nothing_of_the_floors_above() -> None:
    upwards = [
        f"{name} imports {other}"
        for name, tree in modules().items()
        for other in imports(tree)
        if FLOORS.index(other.split(".")[0]) > FLOORS.index(name.split(".")[0])
    ]
    assert not upwards


def test_no_modules_import_each_other() -> None:
    TopologicalSorter({name: set(imports(tree)) for name, tree in modules().items()}).prepare()


def test_no_two_modules_and_no_two_classes_share_a_name() -> None:
    names = Counter(name.rpartition(".")[2] for name in modules() if not name.endswith("__main__") and lines(name) > 0)
    classes = Counter(
        node.name for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    assert not {name for name, count in (names + classes).items() if count > 1}


def test_modules_are_small() -> None:
    sizes = {name: lines(name) for name in modules() if lines(name) > 5}
    assert not {name: size for name, size in sizes.items() if size > 400}
    assert statistics.median(sizes.values()) < 150


def test_what_crosses_an_edge_has_a_type() -> None:
    sources = (path.read_text("utf-8") for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
    assert sum(len(re.findall(r"dict\[str, Any\]", source)) for source in sources) <= 10


def test_sql_stays_in_the_data_set() -> None:
    above = {name for name in modules() if name.split(".")[0] in ("training", "webapp")}
    assert not {
        name
        for name in above
        for node in ast.walk(modules()[name])
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy"))
        or (isinstance(node, ast.Import) and any(each.name.startswith("sqlalchemy") for each in node.names))
    }
