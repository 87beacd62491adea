"""pyproject.toml, constraints.txt and the code say the same about what Mien needs."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
OWN = {"models", "labeling", "training", "webapp", "tests"}
INSTALLED = packages_distributions()
PINS = [
    Requirement(line) for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line and line[0] != "#"
]


def imported(folder: str) -> set[str]:
    """Top-level modules that the code in `folder` imports and that neither Python nor this repository brings."""
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.add(node.module.split(".")[0])
    return names - OWN - set(sys.stdlib_module_names)


def declared(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(each).name) for each in requirements}


@pytest.mark.parametrize("folder", sorted(OWN))
def test_what_is_imported_is_declared(folder: str) -> None:
    extras = {"tests": ["test"], "training": ["coreai"]}.get(folder, [])
    allowed = declared(PROJECT["dependencies"] + [each for extra in extras for each in EXTRAS[extra]])
    missing = {
        name
        for name in imported(folder) & INSTALLED.keys()
        if not allowed & {canonicalize_name(each) for each in INSTALLED[name]}
    }
    assert not missing


@pytest.mark.parametrize("python", ["3.10", "3.11", "3.12", "3.13"])
def test_one_version_that_will_do_is_named_for_everything(python: str) -> None:
    machine = {**default_environment(), "python_version": python, "python_full_version": f"{python}.9"}
    pins: dict[str, list[Requirement]] = {}
    for pin in PINS:
        if pin.marker is None or pin.marker.evaluate(machine):
            pins.setdefault(canonicalize_name(pin.name), []).append(pin)
    for text in [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]:
        wanted = Requirement(text)
        if wanted.marker is None or wanted.marker.evaluate(machine):
            (pin,) = pins[canonicalize_name(wanted.name)]
            (exact,) = pin.specifier
            assert exact.operator == "==" and wanted.specifier.contains(exact.version), (text, str(pin))


def test_no_host_is_named() -> None:
    assert not re.search(r"://|^-", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
