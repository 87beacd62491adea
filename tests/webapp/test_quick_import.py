"""The import of Gradio, in a process that has not imported it yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
IMPORT = """
import ast, gc, sys
from webapp.quick_import import quick_import

parsed, parse, finders = [], ast.parse, list(sys.meta_path)
ast.parse = lambda source, *args, **options: parsed.append(str(source)) or parse(source, *args, **options)
with quick_import():
    import gradio
components = sum("EVENTS = [" in source for source in parsed)
assert not components, f"{components} sources of components were read for stub files"
assert gc.isenabled() and gc.get_freeze_count() > 0 and sys.meta_path == finders
assert gradio.Textbox("a").change and gradio.Button().click
"""


def test_gradio_is_imported_whole_and_without_looking_after_stub_files() -> None:
    subprocess.run([sys.executable, "-c", IMPORT], cwd=ROOT, check=True, timeout=300)
