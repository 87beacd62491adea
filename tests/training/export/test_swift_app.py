"""The kit, its app and all that is generated, compiled against stand-ins for Apple's frameworks (`apple/`)."""

from __future__ import annotations

import json
import plistlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.export.made_bundles import ODD, unzipped_sources
from tests.training.export.required_reasons import reasons_needed
from tests.training.export.swift_checker import ORDER, STRICT, Checker, checking
from tests.training.export.swift_linux import FORMAT, swift_linux
from training.export.bundle import APP, RESOURCES, SWIFT
from training.export.model_names import BUNDLED
from training.export.swift_names import labels_swift

MANIFEST_API = "/usr/libexec/swift/lib/swift/pm/ManifestAPI"
MANY = [f"label {number}" for number in range(40)]
PLAIN = ["calm", "wink"]


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    with checking(swift_linux(), unzipped_sources(tmp_path_factory.mktemp("bundle"), ODD)) as checker:
        yield checker


@pytest.mark.parametrize("mode", ["5", "6"])
def test_kit_and_app_compile_without_a_warning(checker: Checker, mode: str) -> None:
    checker.compile_app(*STRICT, "-swift-version", mode)


WRONG = {
    "cannot convert value of type": "let found: Int = VNDetectFaceLandmarksRequest().results",
    "not concurrency-safe": "class Shared { static let request = VNDetectFaceLandmarksRequest() }",
    "risks causing data races": """
        actor Camera { func keep(_ request: VNRequest) {} }
        func twice(_ camera: Camera) async -> VNRequest {
            let request = VNDetectFaceLandmarksRequest()
            await camera.keep(request)
            return request
        }""",
    "used before being initialized": "func size() -> Int { let size: Int; return size }",
    "is deprecated": '@available(*, deprecated, message: "") func old() {}\nfunc new() { old() }',
}


def test_the_checker_sees_what_is_wrong(checker: Checker) -> None:
    wrong = checker.folder / "wrong.swift"
    for complaint, source in WRONG.items():
        wrong.write_text(f"import Vision\n{source}\n")
        with pytest.raises(AssertionError, match=complaint):
            checker.compile("Wrong", [wrong], *STRICT, "-swift-version", "6")


def test_dragged_into_an_app_its_sources_are_one_module(checker: Checker) -> None:
    """Of an app whose declarations are the main actor's by default, as Xcode 26 makes one, where the compiler is of
    6.2 or later and so knows of that."""
    version = re.search(r"Swift version (\d+)\.(\d+)", checker.linux.run("swiftc", "--version"))
    assert version
    newer = (int(version[1]), int(version[2])) >= (6, 2)
    isolation = ["-default-isolation", "MainActor"] if newer else []
    files = [*checker.sources("MienCore"), *checker.sources("Mien")]
    for mode in ("5", "6"):
        checker.compile("Someones", files, *STRICT, "-swift-version", mode, *isolation)


@pytest.mark.parametrize("labels", [MANY, ["one"]], ids=["40 labels", "one label"])
def test_any_label_set_compiles(checker: Checker, labels: list[str]) -> None:
    written = checker.folder / "ExpressionLabel.swift"
    written.write_text(labels_swift(labels), "utf-8")
    those = ("ExpressionError.swift", "ExpressionProbabilities.swift", "Unisolated.swift")
    files = [file for file in checker.sources("MienCore") if file.name in those]
    checker.compile("Labels", [*files, written], *STRICT, "-swift-version", "6")


def test_the_apps_manifest_compiles(checker: Checker) -> None:
    options = ["-I", MANIFEST_API, "-package-description-version", "5.10.0"]
    checker.compile("AppleProductTypes", [checker.folder / "apple/AppleProductTypes.swift"], *options)
    manifest = checker.folder / APP / "Package.swift"
    checker.linux.run(*checker.command(*options), "-warnings-as-errors", "-typecheck", manifest)


def test_the_sources_are_laid_out_as_swift_format_has_it(checker: Checker) -> None:
    settings = checker.folder / "format.json"
    shutil.copy(SWIFT / ".swift-format", settings)
    folder = checker.folder
    files = [folder / "Package.swift", *(folder / "Tests").rglob("*.swift"), *(folder / APP).rglob("*.swift")]
    assert len(files) > 40
    checker.linux.run(FORMAT, "lint", "--strict", "--configuration", settings, *files)


WORDS = "its own words"
CASES = {
    "no picture": "unreadableImage. This picture cannot be read.",
    "no face": "640 × 480, faces at []",
    "20 megapixels": "4096 × 2731, faces at [[0.5, 0.25, 0.75, 0.5]]",
    "turned by EXIF": "480 × 640, faces at [[0.5, 0.25, 0.75, 0.5]]",
    "no model": 'modelMissing("MienExpressions.mlpackage"). The app has no MienExpressions.mlpackage.',
    "a model that does not compile": f'modelUnavailable("{WORDS}"). The expression model cannot be loaded: {WORDS}',
    "a model of other labels": f'labelMismatch(model: ["another", "label"], code: {json.dumps(PLAIN)}). '
    f"The model names another, label; this code knows {', '.join(PLAIN)}.",
    "a model that fails": f'modelFailed("{WORDS}"). The expression model failed: {WORDS}',
    "Vision fails": f'visionFailed("{WORDS}"). The picture could not be analysed: {WORDS}',
    "camera denied": "cameraDenied. The camera is not allowed.",
    "camera not allowed when asked": "cameraDenied. The camera is not allowed.",
    "camera forbidden": "cameraDenied. The camera is not allowed.",
    "no camera": "cameraMissing. This device has no camera.",
    "camera unplugged": "cameraMissing. This device has no camera.",
    "camera taken": "cameraTaken. Another app uses the camera.",
    "camera taken later": "cameraTaken. Another app uses the camera.",
    "too hot": 'cameraFailed("the device is too hot.',
    "camera fails": f'cameraFailed("{WORDS}"). The camera failed: {WORDS}',
    "camera fails later": f'cameraFailed("{WORDS}"). The camera failed: {WORDS}',
}


@pytest.fixture(scope="module")
def app(checker: Checker) -> Path:
    """A program of the kit and the stand-ins, with the model in its folder."""
    options = ["-swift-version", "6", "-D", "SWIFT_PACKAGE"]
    labels = checker.folder / "ExpressionLabel.swift"
    labels.write_text(labels_swift(PLAIN), "utf-8")
    core = [labels, *(file for file in checker.sources("MienCore") if file.name != labels.name)]
    checker.compile("MienCore", core, *options)
    checker.compile("Mien", [*checker.sources("Mien"), checker.folder / "resources.swift"], *options)
    checker.compile("BadInput", [checker.folder / "apple/BadInput.swift"], *options)
    objects = [checker.made(name) for name in (*ORDER, "MienCore", "Mien", "BadInput")]
    app = checker.folder / "app"
    shutil.copytree(checker.folder / APP / RESOURCES, app)
    # Debian's libswiftObservation lacks a symbol that nothing here calls.
    checker.linux.run("swiftc", *objects, "-Xlinker", "--allow-shlib-undefined", "-o", app / "program")
    return app


@pytest.mark.parametrize("case", CASES)
def test_bad_input_gets_a_typed_error_or_no_face(checker: Checker, app: Path, case: str) -> None:
    if case == "no model":
        app = Path(shutil.copytree(app, app.with_name("bare")))
        shutil.rmtree(app / f"{BUNDLED}.mlpackage")
    with checker.linux.folder() as caches:
        kept = f"XDG_CACHE_HOME={checker.linux.inside(caches)}"
        said = checker.linux.run("env", kept, app / "program", case)
    assert said.startswith(CASES[case]), said


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unzipped_sources(tmp_path_factory.mktemp("bundle"), ODD)


def test_the_privacy_manifest_says_that_nothing_is_tracked_or_collected(bundle: Path) -> None:
    assert plistlib.loads((bundle / APP / RESOURCES / "PrivacyInfo.xcprivacy").read_bytes()) == {
        "NSPrivacyTracking": False,
        "NSPrivacyTrackingDomains": [],
        "NSPrivacyCollectedDataTypes": [],
        "NSPrivacyAccessedAPITypes": [],
    }


def test_nothing_that_needs_a_reason_is_used(bundle: Path) -> None:
    for file in sorted(bundle.rglob("*.swift")):
        assert reasons_needed(file.read_text("utf-8")) == {}, file


def test_what_needs_a_reason_is_seen() -> None:
    source = "let seen = try file.resourceValues(forKeys: [.contentModificationDateKey]), state = UserDefaults.standard"
    assert reasons_needed(source) == {
        "NSPrivacyAccessedAPICategoryFileTimestamp": {"contentModificationDateKey"},
        "NSPrivacyAccessedAPICategoryUserDefaults": {"UserDefaults"},
    }
    assert reasons_needed("fstat(descriptor, &status)") and not reasons_needed("static let state = status(restated)")


def test_what_depends_on_a_framework_asks_for_it_by_name(bundle: Path) -> None:
    """Never by system, so that the stand-ins have all of it checked."""
    for file in sorted(bundle.rglob("*.swift")):
        assert not re.search(r"#(?:else)?if .*\b(?:os|targetEnvironment)\(", file.read_text("utf-8")), file
    for file in sorted((bundle / APP / "Sources/Mien").glob("*.swift")):
        text = file.read_text("utf-8")
        frameworks = set(re.findall(r"^(?:@\w+ )?import (\w+)", text, re.M)) - {"Foundation", "Observation", "MienCore"}
        assert not frameworks or text.lstrip("/ \n").startswith("#if canImport("), file


def test_the_app_says_what_it_needs_the_camera_for_and_has_an_icon(bundle: Path) -> None:
    manifest = (bundle / APP / "Package.swift").read_text("utf-8")
    assert re.search(r'\.camera\(purposeString: "[^"]{20,}"\)', manifest) and "appIcon:" in manifest
