"""What a named endpoint says when it cannot do what was asked."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar, get_type_hints

import gradio as gr

from models.errors import MienError
from models.failures import failed

P = ParamSpec("P")
T = TypeVar("T")


def translating_errors(endpoint: Callable[P, T]) -> Callable[P, T]:
    """`endpoint`, whose client hears why something cannot be done, and of a fault of Mien's only its number in the log.

    Gradio takes every value for every parameter, so texts are checked here.
    """
    texts = {name for name, hint in get_type_hints(endpoint).items() if hint is str}

    @wraps(endpoint)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            for name, value in inspect.signature(endpoint).bind(*args, **kwargs).arguments.items():
                if name in texts and not isinstance(value, str):
                    raise MienError(f"“{name}” must be a text.")
            return endpoint(*args, **kwargs)
        except MienError as error:
            raise gr.Error(str(error), print_exception=False) from error
        except Exception:
            raise gr.Error(failed(f"The endpoint {endpoint.__name__}"), print_exception=False) from None

    return call
