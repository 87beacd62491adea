"""What the route of `web_kit_route` answers."""

from __future__ import annotations

from webapp.answer_model import AnswerModel
from webapp.label_colors import LabelColor


class BrowserModel(AnswerModel):
    """How the page runs the version in use in the browser: addresses of the module to import and of the model's folder.

    `module` is "" where the kit is not installed; `install` is the command that does it, typed where the server runs.
    """

    version: int
    labels: list[LabelColor]
    module: str
    models: str
    install: str
