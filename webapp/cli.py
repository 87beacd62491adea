"""The command line: `mien` and its subcommands."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from models.errors import MienError
from models.home import open_home
from models.versions import BadVersion
from webapp import commands
from webapp.serve import serve

HOME = "Mien's folder (else MIEN_HOME, else your user data folder)"
PROBLEMS = (MienError, ValueError, OSError, BadVersion)
"""What goes wrong because of what was asked or found, not because of a mistake in Mien: shown as one line."""


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit status."""
    chosen = parser().parse_args(_with_default(sys.argv[1:] if arguments is None else arguments))
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        chosen.home = open_home(chosen.home)
        return run(chosen)
    except PROBLEMS as error:
        print(f"mien: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mien: stopped", file=sys.stderr)
        return 130


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="mien", description="Facial expressions: see, collect, retrain, take along.")
    commands_of = top.add_subparsers(metavar="command", required=True)

    def command(
        name: str, run: Callable[[argparse.Namespace], int], about: str, json: bool = False
    ) -> argparse.ArgumentParser:
        made = commands_of.add_parser(name, help=about, description=about)
        made.add_argument("--home", type=Path, help=HOME)
        if json:
            made.add_argument("--json", action="store_true", help="print JSON")
        made.set_defaults(run=run)
        return made

    page = command("serve", serve, "Open the page (this is what `mien` alone does).")
    page.add_argument("--host", default="127.0.0.1", help="address to listen on; any but a local one needs --auth")
    page.add_argument("--port", type=_port, help="port to listen on (else 7860, or the next free one)")
    page.add_argument("--auth", metavar="USER:PASSWORD", type=_auth, help="ask for this name and password")
    page.add_argument("--no-browser", action="store_true", help="do not open the browser")

    predict = command("predict", commands.predict, "Name the expression of every face in pictures.", json=True)
    predict.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    predict.add_argument("--crop", action="store_true", help="each picture is a face crop already")
    predict.add_argument("--version", type=int, metavar="N", help="use this version (else the active one)")

    take_in = command(
        "import", commands.import_data, "Add a folder, a zip or a FER CSV file to the data set.", json=True
    )
    take_in.add_argument("path", metavar="PATH", type=Path)
    take_in.add_argument("--label", help="label for everything without one")
    take_in.add_argument("--subject", help="whose faces these are")

    export = command("export", commands.export_data, "Write the data set: a zip of one folder a label, or FER's CSV.")
    export.add_argument("path", metavar="OUT.zip|OUT.csv", type=Path)

    labels = command("labels", commands.list_labels, "List the labels; add, rename or remove one.", json=True)
    change = labels.add_subparsers(metavar="add|rename|remove")

    def change_of_labels(name: str, about: str) -> argparse.ArgumentParser:
        made = change.add_parser(name, help=about, description=about)
        # Without a default, or one given before the subcommand would be lost.
        made.add_argument("--home", type=Path, default=argparse.SUPPRESS, help=HOME)
        return made

    add = change_of_labels("add", "add a label")
    add.add_argument("name")
    add.set_defaults(run=commands.add_label)
    rename = change_of_labels("rename", "rename a label")
    rename.add_argument("name")
    rename.add_argument("new_name")
    rename.set_defaults(run=commands.rename_label)
    remove = change_of_labels("remove", "remove a label; its images become unlabelled, or go to another label")
    remove.add_argument("name")
    remove.add_argument("--into", metavar="LABEL", help="move its images to this label")
    remove.set_defaults(run=commands.remove_label)

    command("train", commands.train, "Fine-tune on what is labelled; before and after.", json=True)
    command("versions", commands.list_versions, "List the versions of the model.", json=True)
    use = command("use", commands.use_version, "Make a version the active one.")
    use.add_argument("version", type=int, metavar="N")

    core_ml = command("coreml", commands.core_ml, "Write the Core ML bundle of a version, proved right.", json=True)
    core_ml.add_argument("path", metavar="OUT.zip", type=Path)
    core_ml.add_argument("--version", type=int, metavar="N", help="of this version (else the active one)")
    core_ml.add_argument("--palettize", action="store_true", help="8-bit weights: half the size")
    core_ml.add_argument("--onnx", action="store_true", help="put an ONNX file beside it")
    return top


def _with_default(arguments: list[str]) -> list[str]:
    """`mien --port 80` means `mien serve --port 80`."""
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("-h", "--help")):
        return ["serve", *arguments]
    return arguments


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port: take one from 1 to 65535")
    return port


def _auth(text: str) -> tuple[str, str]:
    user, colon, password = text.partition(":")
    if not (user and colon and password):
        raise argparse.ArgumentTypeError("give a user name and a password as USER:PASSWORD")
    return user, password


if __name__ == "__main__":
    sys.exit(main())
