from __future__ import annotations

import numpy as np
import pytest


@pytest.fixture(scope="session")
def person() -> np.ndarray:
    """A photograph of one person, (512, 512, 3)."""
    data = pytest.importorskip("skimage.data")
    return np.asarray(data.astronaut())
