"""Compiles the Swift of an unzipped bundle against stand-ins for Apple's frameworks (`apple/`)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.training.export.swift_linux import SwiftLinux
from training.export.bundle import APP

STAND_INS = Path(__file__).parent / "apple"
ORDER = ["CoreGraphics", "CoreVideo", "ImageIO", "CoreImage", "CoreMedia", "CoreML", "Vision"]
ORDER += ["AVFoundation", "UIKit", "SwiftUI", "PhotosUI"]
"""Each imports only those before it."""
STRICT = ["-strict-concurrency=complete", "-warnings-as-errors"]


@dataclass(frozen=True)
class Checker:
    """Compiles against the stand-ins, in a folder with the unzipped bundle."""

    linux: SwiftLinux
    folder: Path

    def compile(self, name: str, files: list[Path], *options: str) -> None:
        """Make the module of these files, for others to import; fails where the compiler has anything to say of them.

        As a whole: that sees what `-typecheck` does not, such as a value that two actors use at a time.
        """
        module, made = self.folder / "modules" / f"{name}.swiftmodule", self.made(name)
        whole = ["-whole-module-optimization", "-parse-as-library", "-module-name", name]
        self.linux.run(*self.command(*options), *whole, "-emit-module-path", module, "-c", "-o", made, *files)

    def made(self, name: str) -> Path:
        return self.folder / "modules" / f"{name}.o"

    def compile_app(self, *options: str) -> None:
        """Make the modules of the kit and its app."""
        options = (*options, "-D", "SWIFT_PACKAGE")
        self.compile("MienCore", self.sources("MienCore"), *options)
        self.compile("Mien", [*self.sources("Mien"), self.folder / "resources.swift"], *options)
        self.compile("MienApp", self.sources("MienApp"), *options)

    def sources(self, target: str) -> list[Path]:
        return sorted((self.folder / APP / "Sources" / target).glob("*.swift"))

    def command(self, *options: str) -> list[str]:
        return ["swiftc", "-I", self.linux.inside(self.folder / "modules"), *options]


@contextmanager
def checking(linux: SwiftLinux, unzipped: Path) -> Iterator[Checker]:
    """A checker of a copy of this unzipped bundle, with the modules of the stand-ins."""
    with linux.folder(unzipped) as folder:
        shutil.copytree(STAND_INS, folder / "apple")
        (folder / "modules").mkdir()
        # What SwiftPM writes for a target with resources.
        (folder / "resources.swift").write_text(
            "import Foundation\n\nextension Bundle { static var module: Bundle { .main } }\n"
        )
        checker = Checker(linux, folder)
        for name in ORDER:
            checker.compile(name, [folder / "apple" / f"{name}.swift"], "-suppress-warnings")
        yield checker
