"""What every JSON answer has in common, of a route, of the live socket and of the command line."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer, WithJsonSchema

IsoTime = Annotated[
    datetime,
    PlainSerializer(datetime.isoformat, return_type=str, when_used="json"),  # with an offset: Python 3.10 reads no Z
    WithJsonSchema({"type": "string", "format": "date-time"}),
]


class AnswerModel(BaseModel):
    """A JSON answer. Its fields are always there, also those with a default, and its schema says so."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)
