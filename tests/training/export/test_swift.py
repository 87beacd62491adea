"""The Swift kit as text: it parses, and it names what is in the package."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tree_sitter_swift
from tree_sitter import Language, Node, Parser

from models import crop, quality
from models.card import CORE_ML, MAX_DIFFERENCE
from models.quality import Limits
from models.sureness import REASONS
from models.versions import Versions
from tests.training.export.made_bundles import ODD, unzipped
from training.export.bundle import APP, RESOURCES, SWIFT, contents_name
from training.export.mil_evaluator import Program
from training.export.model_names import BUNDLED, INPUT_NAME, LABEL_NAME, MODULE, PROBABILITIES_NAME
from training.export.quiet import quiet
from training.export.swift_constants import constants_swift, sureness_swift, version_swift
from training.export.swift_names import labels_swift, swift_names

PARSER = Parser(Language(tree_sitter_swift.language()))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unzipped bundle of a version with odd labels."""
    return unzipped(tmp_path_factory.mktemp("swift"), ODD)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from nodes(child)


def errors(source: bytes) -> list[str]:
    """What the parser could not make sense of."""
    tree = PARSER.parse(source)
    return [
        f"line {node.start_point[0] + 1}: {(node.text or b'')[:60]!r}"
        for node in nodes(tree.root_node)
        if node.is_error or node.is_missing
    ]


def constants(source: str) -> dict[str, str]:
    return dict(re.findall(r'static let (\w+) = "([^"]*)"', source))


def unescaped(literal: str) -> str:
    text = re.sub(r"\\u\{([0-9a-f]+)\}", lambda found: chr(int(found[1], 16)), literal)
    return re.sub(r"\\([\"\\])", r"\1", text)


def test_the_parser_sees_what_is_wrong() -> None:
    assert errors(b"func f( -> Int { return 1 }") and errors(b"struct A { let b: Int ")
    assert errors(b"struct A { let b: Int }\n") == []


@pytest.mark.parametrize("file", sorted(SWIFT.rglob("*.swift")), ids=lambda file: str(file.name))
def test_every_file_of_the_kit_parses(file: Path) -> None:
    assert errors(file.read_bytes()) == []


def test_every_file_of_a_bundle_parses(app: Path) -> None:
    files = sorted(app.rglob("*.swift"))
    assert {file.name for file in files} == {file.name for file in SWIFT.rglob("*.swift")}
    for file in files:
        assert errors(file.read_bytes()) == [], file.name


def test_the_code_of_the_readme_parses(app: Path) -> None:
    for text in ((SWIFT / "README.md").read_text("utf-8"), (app / "README.md").read_text("utf-8")):
        snippets = re.findall(r"```swift\n(.*?)```", text, re.DOTALL)
        assert len(snippets) >= 2 and all(errors(snippet.encode()) == [] for snippet in snippets)


def test_names_in_the_code_are_those_of_the_package(app: Path) -> None:
    package = app / APP / RESOURCES / f"{BUNDLED}.mlpackage"
    with quiet():
        program = Program(package)
    described = program.spec.description
    names = constants((app / APP / "Sources/Mien/ExpressionModel.swift").read_text("utf-8"))
    assert names["file"] == BUNDLED
    assert names["inputName"] == described.input[0].name == INPUT_NAME
    assert names["labelName"] == described.predictedFeatureName == LABEL_NAME
    assert names["probabilitiesName"] == described.predictedProbabilitiesName == PROBABILITIES_NAME
    source = (app / APP / "Sources/MienCore/ExpressionLabel.swift").read_text("utf-8")
    cases = re.findall(r'^    case `?(\w+)`? = "(.*)"$', source, re.M)
    assert [unescaped(literal) for _, literal in cases] == list(program.labels) == ODD


def test_module_model_and_types_have_names_of_their_own(app: Path) -> None:
    """Xcode makes classes of the model's file; a type with a module's name hides the module; Foundation has an
    `Expression`; an app's executable lies beside what is built of its modules."""
    sources = " ".join(file.read_text("utf-8") for file in app.rglob("*.swift") if file.name != "Package.swift")
    types = set(re.findall(r"\b(?:class|struct|enum|actor|protocol|typealias) (\w+)", sources))
    manifests = [(folder / "Package.swift").read_text("utf-8") for folder in (app, app / APP)]
    modules = {name for text in manifests for name in re.findall(r'arget\(\s*name: "(\w+)"', text)}
    (product,) = re.findall(r'\.iOSApplication\(\s*name: "([^"]+)"', manifests[1])
    (model,) = {file.stem for file in app.rglob("*.mlpackage")}
    classes = {model, f"{model}Input", f"{model}Output"}
    files = {file.stem for file in app.rglob("*.swift")}
    assert modules == {MODULE, "MienCore", "MienApp", "MienTests", "MienCoreTests"} and model == BUNDLED
    assert "ExpressionLabel" in types and "CaptureService" in types
    for names in (types, classes, files, {product}, {"Expression"}):
        assert not names & modules
    assert not classes & (types | files) and "Expression" not in types


def test_the_self_test_is_what_the_model_beside_it_answers(app: Path) -> None:
    content = json.loads((app / APP / RESOURCES / "SelfTest.json").read_text("utf-8"))
    with quiet():
        program = Program(app / APP / RESOURCES / f"{BUNDLED}.mlpackage")
    side = program.size
    pictures = [np.frombuffer(base64.b64decode(each["grey"]), np.uint8) for each in content["pictures"]]
    answers = program.predict(np.stack(pictures).reshape(-1, 1, side, side))
    expected = np.array([each["probabilities"] for each in content["pictures"]])
    assert list(program.labels) == content["labels"] and len(pictures) >= 12
    assert np.abs(answers - expected).max() <= content["allowed"] == MAX_DIFFERENCE[CORE_ML]
    assert np.abs(answers - np.roll(expected, 1, 0)).max() > content["allowed"], "of other pictures it says others"


def test_the_compiled_model_is_kept_under_what_is_in_it(app: Path) -> None:
    package = app / APP / RESOURCES / f"{BUNDLED}.mlpackage"
    files = {file.relative_to(package).as_posix(): file.read_bytes() for file in package.rglob("*") if file.is_file()}
    source = (app / APP / "Sources/Mien/ModelVersion.swift").read_text("utf-8")
    assert source == version_swift(contents_name(files)) and constants(source)["modelVersion"] == contents_name(files)
    assert "\\(modelVersion).mlmodelc" in (app / APP / "Sources/Mien/ExpressionModel.swift").read_text("utf-8")
    first = next(iter(files))
    for other in ({**files, first: b"other"}, {**files, "more": b""}, {**files, f"{first}2": files[first]}):
        assert contents_name(other) != contents_name(files)


def test_labels_become_identifiers_no_two_alike() -> None:
    names = swift_names(ODD)
    assert names[:4] == ["neutral", "raisedEyebrow", "`switch`", "expression3d"]
    assert names[4:10] == ["sayHiX", "expression6", "newLine", "neutralToo", "`default`", "expression10"]
    assert names[10:16] == ["expression42", "selfLabel", "initLabel", "noneLabel", "`some`", "allCasesLabel"]
    assert names[16:] == ["rawValueLabel", "hashValueLabel", "type", "namesLabel", "hashLabel", "`in`"]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"`?[A-Za-z]\w*`?", name, re.ASCII) for name in names)


def test_a_label_cannot_break_out_of_its_string() -> None:
    source = labels_swift(['"; import Foundation //', "\\", "a\nb"])
    assert errors(source.encode()) == []
    assert "import " not in re.sub(r'"(\\.|[^"\\])*"', "", source)
    assert r'= "\"; import Foundation //"' in source and r'= "a\u{a}b"' in source


def test_what_mien_writes_is_checked_in_as_it_would_be_written() -> None:
    written = {
        "MienCore/ExpressionLabel.swift": labels_swift(Versions(Path()).get(0).labels),
        "MienCore/ModelSureness.swift": sureness_swift(None),
        "MienCore/Constants.swift": constants_swift(),
        "Mien/ModelVersion.swift": version_swift("none"),
    }
    for name, text in written.items():
        assert (SWIFT / "Sources" / name).read_text("utf-8") == text, f"Write {name} anew"


def test_the_kit_cuts_out_and_judges_by_miens_numbers(app: Path) -> None:
    source = (app / APP / "Sources/MienCore/Constants.swift").read_text("utf-8")
    numbers = dict(re.findall(r"static let (\w+) = ([\d.]+)$", source, re.M))
    assert float(numbers["sideOfFace"]) == crop.SIDE and float(numbers["wayDown"]) == crop.DOWN
    assert float(numbers["farthest"]) == crop.FARTHEST and int(numbers["samples"]) == crop.SAMPLES
    assert int(numbers["side"]) == quality.SIDE and float(numbers["faceShare"]) == quality.FACE
    assert float(numbers["toSigma"]) == quality.TO_SIGMA
    limits = re.findall(r"static let (\w+) = QualityLimits\(fine: (\S+), hopeless: (\S+)\)", source)
    named = {name.lower(): (float(fine), float(hopeless)) for name, fine, hopeless in limits}
    mine = {name.replace("_", "").lower(): value for name, value in vars(quality).items() if isinstance(value, Limits)}
    del mine["uncertain"]
    assert named == {name: (limit.fine, limit.hopeless) for name, limit in mine.items()}
    faults = dict(re.findall(r'case (\w+) = "(.*)"', source))
    reasons = dict(re.findall(r'case \.(\w+): return "(.*)"', source))
    assert {faults[name]: reasons[name] for name in faults} == REASONS


def test_every_number_that_mien_writes_is_used(app: Path) -> None:
    sources = app / APP / "Sources"
    written = (sources / "MienCore/Constants.swift").read_text("utf-8")
    others = " ".join(file.read_text("utf-8") for file in sources.rglob("*.swift") if file.name != "Constants.swift")
    for name in re.findall(r"static let (\w+)", written):
        assert re.search(rf"\b{name}\b", others), name


def test_the_versions_limits_are_in_the_bundle(app: Path) -> None:
    source = (app / APP / "Sources/MienCore/ModelSureness.swift").read_text("utf-8")
    assert "static let ofModel: Sureness? = Sureness(margin: 0.3, quality: 0.45)\n" in source
    readme = (app / "README.md").read_text("utf-8")
    assert "71% of these are answered, and 95% of the answers are right." in readme
    assert "static let ofModel: Sureness? = nil\n" in sureness_swift(None)


@pytest.mark.parametrize("manifest", [SWIFT / "Package.swift", SWIFT / "App/Package.swift"], ids=["package", "app"])
def test_package_and_app_ask_for_swift_5_10_and_ios_17(manifest: Path) -> None:
    text = manifest.read_text("utf-8")
    assert text.startswith("// swift-tools-version: 5.10\n") and ".iOS(.v17)" in text
    for resource in (f"{BUNDLED}.mlpackage", "SelfTest.json", "PrivacyInfo.xcprivacy"):
        assert f'.copy("Resources/{resource}")' in text
