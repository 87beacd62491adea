"""What well-known data sets call the built-in expressions."""

from __future__ import annotations

from collections.abc import Collection

SYNONYMS = {
    **{"happy": "happiness", "joy": "happiness", "sad": "sadness", "angry": "anger", "surprised": "surprise"},
    **{"disgusted": "disgust", "fearful": "fear", "scared": "fear", "afraid": "fear", "contemptuous": "contempt"},
}


def meant_by(folder: str, own: Collection[str], kept: Collection[str] = ()) -> str:
    """The label that a folder of this name stands for: a synonym's expression, else its own name.

    `own` are the case-folded names of the labels that there are, `kept` the case-folded names that are to stay.
    """
    folded = folder.casefold()
    return folder if folded in own or folded in kept else SYNONYMS.get(folded, folder)
