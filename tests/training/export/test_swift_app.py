"""The kit, its app and all that is generated, type-checked against stand-ins for Apple's frameworks (`apple/`)."""

from __future__ import annotations

import plistlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.training.export.made_bundles import ODD, unzipped_sources
from tests.training.export.required_reasons import SYMBOLS
from tests.training.export.swift_linux import FORMAT, SwiftLinux, swift_linux
from training.export.bundle import APP, LIBRARY, SWIFT
from training.export.swift_names import labels_swift

STAND_INS = Path(__file__).parent / "apple"
ORDER = ["CoreGraphics", "CoreVideo", "ImageIO", "CoreImage", "CoreMedia", "CoreML", "Vision"]
ORDER += ["AVFoundation", "UIKit", "SwiftUI", "PhotosUI"]
"""Each imports only those before it."""
STRICT = ["-strict-concurrency=complete", "-warnings-as-errors", "-parse-as-library"]
MANIFEST_API = "/usr/libexec/swift/lib/swift/pm/ManifestAPI"
MANY = [f"label {number}" for number in range(40)]
pytestmark = pytest.mark.timeout(1800)


@dataclass(frozen=True)
class Checker:
    """Compiles against the stand-ins, in a folder with the unzipped bundle."""

    linux: SwiftLinux
    folder: Path

    def module(self, name: str, files: list[Path], *options: str) -> None:
        """Make the module of these files, for others to import."""
        made = self.folder / "modules" / f"{name}.swiftmodule"
        self.linux.run(
            *self._command(*options), "-emit-module-path", made, "-emit-module", "-module-name", name, *files
        )

    def check(self, name: str, files: list[Path], *options: str) -> None:
        """Fail where the compiler has anything to say of these files, as the module `name`."""
        self.linux.run(*self._command(*options), *STRICT, "-typecheck", "-module-name", name, *files)

    def sources(self, target: str) -> list[Path]:
        return sorted((self.folder / APP / "Sources" / target).glob("*.swift"))

    def _command(self, *options: str) -> list[str]:
        return ["swiftc", "-I", self.linux.inside(self.folder / "modules"), *options]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    linux = swift_linux()
    with linux.folder(unzipped_sources(tmp_path_factory.mktemp("bundle"), ODD)) as folder:
        shutil.copytree(STAND_INS, folder / "apple")
        (folder / "modules").mkdir()
        # What SwiftPM writes for a target with resources.
        (folder / "resources.swift").write_text(
            "import Foundation\n\nextension Bundle { static var module: Bundle { .main } }\n"
        )
        checker = Checker(linux, folder)
        for name in ORDER:
            checker.module(name, [folder / "apple" / f"{name}.swift"], "-parse-as-library", "-suppress-warnings")
        yield checker


@pytest.mark.parametrize("mode", ["5", "6"])
def test_kit_and_app_compile_without_a_warning(checker: Checker, mode: str) -> None:
    options = ["-swift-version", mode, "-D", "SWIFT_PACKAGE"]
    kit = [*checker.sources("Mien"), checker.folder / "resources.swift"]
    checker.check("MienCore", checker.sources("MienCore"), *options)
    checker.module("MienCore", checker.sources("MienCore"), *options)
    checker.check("Mien", kit, *options)
    checker.module("Mien", kit, *options)
    checker.check("MienApp", checker.sources("MienApp"), *options)


def test_the_checker_sees_what_is_wrong(checker: Checker) -> None:
    wrong = checker.folder / "wrong.swift"
    wrong.write_text("import Vision\nlet request = VNDetectFaceLandmarksRequest()\nlet found: Int = request.results\n")
    with pytest.raises(AssertionError, match="cannot convert value of type"):
        checker.check("Wrong", [wrong], "-swift-version", "5")
    wrong.write_text("import Vision\nclass Shared { static let request = VNDetectFaceLandmarksRequest() }\n")
    with pytest.raises(AssertionError, match="not concurrency-safe"):
        checker.check("Wrong", [wrong], "-swift-version", "5")


def test_dragged_into_an_app_its_sources_are_one_module(checker: Checker) -> None:
    """Of an app whose declarations are the main actor's by default, as Xcode 26 makes one, where the compiler is of
    6.2 or later and so knows of that."""
    version = re.search(r"Swift version (\d+)\.(\d+)", checker.linux.run("swiftc", "--version"))
    assert version
    newer = (int(version[1]), int(version[2])) >= (6, 2)
    default = ["-default-isolation", "MainActor"] if newer else []
    files = [*checker.sources("MienCore"), *checker.sources("Mien")]
    for mode in ("5", "6"):
        checker.check("Someones", files, "-swift-version", mode, *default)


@pytest.mark.parametrize("labels", [MANY, ["one"]], ids=["40 labels", "one label"])
def test_any_label_set_compiles(checker: Checker, labels: list[str]) -> None:
    other = checker.folder / "other.swift"
    other.write_text(labels_swift(labels), "utf-8")
    files = [file for file in checker.sources("MienCore") if file.name != "ExpressionLabel.swift"]
    checker.check("MienCore", [*files, other], "-swift-version", "6")


def test_the_apps_manifest_compiles(checker: Checker) -> None:
    options = ["-I", MANIFEST_API, "-package-description-version", "5.10.0"]
    stand_in = checker.folder / "apple/AppleProductTypes.swift"
    checker.module("AppleProductTypes", [stand_in], *options, "-parse-as-library", "-suppress-warnings")
    manifest = checker.folder / APP / "Package.swift"
    checker.linux.run(*checker._command(*options), "-warnings-as-errors", "-typecheck", manifest)


def test_the_sources_are_laid_out_as_swift_format_has_it(checker: Checker) -> None:
    settings = checker.folder / "format.json"
    shutil.copy(SWIFT / ".swift-format", settings)
    where = [checker.folder / LIBRARY, checker.folder / APP]
    checker.linux.run(FORMAT, "lint", "--strict", "--recursive", "--configuration", settings, *where)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unzipped_sources(tmp_path_factory.mktemp("bundle"), ODD)


def test_the_privacy_manifest_says_that_nothing_is_tracked_or_collected(bundle: Path) -> None:
    for folder in (LIBRARY, APP):
        manifest = plistlib.loads((bundle / folder / "Sources/Mien/Resources/PrivacyInfo.xcprivacy").read_bytes())
        assert manifest == {
            "NSPrivacyTracking": False,
            "NSPrivacyTrackingDomains": [],
            "NSPrivacyCollectedDataTypes": [],
            "NSPrivacyAccessedAPITypes": [],
        }


def test_nothing_that_needs_a_reason_is_used(bundle: Path) -> None:
    for file in sorted(bundle.rglob("*.swift")):
        words = set(re.findall(r"\w+", file.read_text("utf-8")))
        assert not words & {symbol for symbols in SYMBOLS.values() for symbol in symbols}, file


def test_what_depends_on_a_framework_asks_for_it_by_name(bundle: Path) -> None:
    """Never by system, so that the stand-ins have all of it checked."""
    for file in sorted(bundle.rglob("*.swift")):
        assert not re.search(r"#(?:else)?if .*\b(?:os|targetEnvironment)\(", file.read_text("utf-8")), file
    for file in sorted((bundle / LIBRARY / "Sources/Mien").glob("*.swift")):
        text = file.read_text("utf-8")
        frameworks = set(re.findall(r"^(?:@\w+ )?import (\w+)", text, re.M)) - {"Foundation", "Observation", "MienCore"}
        assert not frameworks or text.lstrip("/ \n").startswith("#if canImport("), file


def test_the_app_says_what_it_needs_the_camera_for_and_has_an_icon(bundle: Path) -> None:
    manifest = (bundle / APP / "Package.swift").read_text("utf-8")
    assert re.search(r'\.camera\(purposeString: "[^"]{20,}"\)', manifest) and "appIcon:" in manifest
