"""The command line: `mien` and its subcommands."""

from __future__ import annotations

import argparse
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from pkgutil import resolve_name
from typing import get_args

from labeling.path_reading import PeopleFrom
from models.errors import MienError
from models.failures import new_id
from models.home import open_home

FAULT = 70
"""Exit status of a fault of Mien's own, as BSD's sysexits has it."""
HOME = "Mien's folder (else MIEN_HOME, else your user data folder)"
DEBUG = "where Mien itself fails, show where"

Command = Callable[[argparse.Namespace], int]


def main(arguments: list[str] | None = None) -> int:
    """Run a command; its exit status."""
    chosen = parser().parse_args(_with_default(sys.argv[1:] if arguments is None else arguments))
    try:
        run: Command = resolve_name(chosen.run)
        chosen.home = open_home(chosen.home)
        return run(chosen)
    except MienError as error:
        print(f"mien: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("mien: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # who reads the output has had enough, and nothing more may be written at the exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception:
        if chosen.debug:
            traceback.print_exc()
        print(f"mien: Mien failed at this (id {new_id()}); add --debug to see why.", file=sys.stderr)
        return FAULT


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="mien", description="Facial expressions: see, collect, retrain, take along.")
    commands = _Commands(top.add_subparsers(metavar="command", required=True))

    page = commands.add("serve", "serve:serve", "Open the page (this is what `mien` alone does).")
    page.add_argument("--host", default="127.0.0.1", help="address to listen on; any but a local one needs --auth")
    page.add_argument("--port", type=_port, help="port to listen on (else 7860, or the next free one)")
    page.add_argument("--auth", metavar="USER:PASSWORD", type=_auth, help="ask for this name and password")
    page.add_argument("--no-browser", action="store_true", help="do not open the browser")

    about = "Name the expression of every face in pictures."
    predict = commands.add("predict", "predict_command:predict", about, json=True)
    predict.add_argument("paths", metavar="PATH", nargs="+", type=Path)
    predict.add_argument("--crop", action="store_true", help="each picture is a face crop already")
    predict.add_argument("--version", type=int, metavar="N", help="use this version (else the active one)")

    about = "Add a folder, a zip or a FER CSV file to the data set."
    take_in = commands.add("import", "data_commands:import_data", about, json=True)
    take_in.add_argument("path", metavar="PATH", type=Path)
    take_in.add_argument("--label", help="label for everything without one")
    take_in.add_argument("--subject", help="whose faces these are")
    take_in.add_argument(
        "--people-from", choices=get_args(PeopleFrom), help="where paths name people (else where nothing else fits)"
    )
    take_in.add_argument("--keep-names", action="store_true", help="a folder “happy” is no “happiness”")

    about = "Write the data set: a zip of one folder a label, or FER's CSV."
    export = commands.add("export", "data_commands:export_data", about)
    export.add_argument("path", metavar="OUT.zip|OUT.csv", type=Path)

    about = "List the labels; add, rename, merge or remove one."
    labels = commands.add("labels", "data_commands:list_labels", about, json=True)
    _add_label_changes(_Commands(labels.add_subparsers(metavar="add|rename|merge|remove"), below=True))

    about = "Say what the trash holds; restore all of it, or empty it."
    trash = commands.add("trash", "data_commands:show_trash", about, json=True)
    changes = _Commands(trash.add_subparsers(metavar="restore|empty"), below=True)
    changes.add("restore", "data_commands:restore_trash", "bring everything in the trash back")
    changes.add("empty", "data_commands:empty_trash", "remove everything in the trash for good")

    about = "Fine-tune on what is labelled; before and after."
    train = commands.add("train", "model_commands:train", about, json=True)
    about = "begin from the active version, not from the base model"
    train.add_argument("--continue", dest="go_on", action="store_true", help=about)
    about = "measure on this person, of whom nothing is learned; may be given several times"
    train.add_argument("--hold-out", metavar="NAME", action="append", default=[], help=about)
    commands.add("cancel", "model_commands:cancel_training", "Cancel the training run that is under way.")

    about = "List the versions of the model; describe or delete one."
    versions = commands.add("versions", "model_commands:list_versions", about, json=True)
    _add_version_changes(_Commands(versions.add_subparsers(metavar="describe|delete"), below=True))
    use = commands.add("use", "model_commands:use_version", "Make a version the active one.")
    use.add_argument("version", type=int, metavar="N")

    about = "Write the Core ML bundle of a version, proved right."
    core_ml = commands.add("coreml", "model_commands:core_ml", about, json=True)
    core_ml.add_argument("path", metavar="OUT.zip", type=Path)
    core_ml.add_argument("--version", type=int, metavar="N", help="of this version (else the active one)")
    core_ml.add_argument("--palettize", action="store_true", help="8-bit weights: half the size")
    core_ml.add_argument("--onnx", action="store_true", help="put an ONNX file beside it")
    about = "put a Core AI model (iOS 27) beside it; Apple's converter for these is a beta, the extra mien[coreai]"
    core_ml.add_argument("--coreai", dest="core_ai", action="store_true", help=about)

    about = "Write a version's ONNX models, single and half precision, proved right."
    onnx = commands.add("onnx", "model_commands:onnx", about, json=True)
    onnx.add_argument("path", metavar="OUT.zip", type=Path)
    onnx.add_argument("--version", type=int, metavar="N", help="of this version (else the active one)")
    about = "Write the web kit of a version: a page, a module, the networks; or let the Live tab run in browsers."
    web = commands.add("web", "model_commands:web_kit", about, json=True)
    web.add_argument("path", metavar="OUT.zip", type=Path, nargs="?")
    web.add_argument("--version", type=int, metavar="N", help="of this version (else the active one)")
    about = "instead of a zip: get with npm what lets the Live tab run the model in the browser"
    web.add_argument("--install", action="store_true", help=about)
    return top


def _add_label_changes(changes: _Commands) -> None:
    add = changes.add("add", "data_commands:add_label", "add a label")
    add.add_argument("name")
    rename = changes.add("rename", "data_commands:rename_label", "rename a label")
    rename.add_argument("name")
    rename.add_argument("new_name")
    about = "give the images of a label to another one; it goes away"
    merge = changes.add("merge", "data_commands:merge_labels", about)
    merge.add_argument("name")
    merge.add_argument("into")
    about = "remove a label; its images become unlabelled, or go to another label"
    remove = changes.add("remove", "data_commands:remove_label", about)
    remove.add_argument("name")
    remove.add_argument("--into", metavar="LABEL", help="move its images to this label")


def _add_version_changes(changes: _Commands) -> None:
    describe = changes.add("describe", "model_commands:describe_version", "give a version a name or a note")
    describe.add_argument("version", type=int, metavar="N")
    describe.add_argument("--name", help="what to call it (at most 60 characters)")
    describe.add_argument("--note", help="what to say of it (at most 1000 characters)")
    delete = changes.add("delete", "model_commands:delete_version", "delete a version that is not in use")
    delete.add_argument("version", type=int, metavar="N")


class _Commands:
    """Makes commands that have the options of every command; `below`: of a command that has them too.

    A command's function is named as `module:function` and imported once it is chosen: none waits for what others need.
    """

    def __init__(self, made: argparse._SubParsersAction[argparse.ArgumentParser], below: bool = False) -> None:
        self._made = made
        # Below, a default would take the place of what was given before the subcommand.
        self._default = argparse.SUPPRESS if below else None

    def add(self, name: str, run: str, about: str, *, json: bool = False) -> argparse.ArgumentParser:
        command = self._made.add_parser(name, help=about, description=about)
        command.add_argument("--home", type=Path, default=self._default, help=HOME)
        command.add_argument("--debug", action="store_true", default=self._default or False, help=DEBUG)
        if json:
            command.add_argument("--json", action="store_true", help="print JSON")
        command.set_defaults(run=f"webapp.{run}")
        return command


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
