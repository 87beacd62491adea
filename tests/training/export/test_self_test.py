"""The self-test that goes home: its pictures, and that its answers are PyTorch's."""

from __future__ import annotations

import base64
import json

import numpy as np
import torch

from models.network import Network
from tests.training.conftest import LABELS
from tests.training.export.conftest import TEMPERATURE
from training.export.self_test import made_pictures, self_test
from training.metrics import predict_logits


def test_the_answers_are_pytorchs(network: Network) -> None:
    content = json.loads(self_test(network, LABELS, TEMPERATURE, 48))
    assert content["labels"] == list(LABELS) and content["side"] == 48 and content["allowed"] == 0.02
    grey = [np.frombuffer(base64.b64decode(each["grey"]), np.uint8) for each in content["pictures"]]
    pixels = torch.from_numpy(np.stack(grey).reshape(-1, 1, 48, 48))
    expected = (predict_logits(network, pixels) / TEMPERATURE).softmax(1).numpy()
    answers = np.array([each["probabilities"] for each in content["pictures"]])
    np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_the_pictures_are_the_same_every_time_and_no_two_alike() -> None:
    first, again = dict(made_pictures(48)), dict(made_pictures(48))
    assert len(first) == 12 and len({picture.tobytes() for picture in first.values()}) == len(first)
    for name, picture in first.items():
        assert picture.shape == (48, 48) and picture.dtype == np.uint8
        assert np.array_equal(picture, again[name]), name


def test_drawn_faces_are_cut_out_as_any_face_is() -> None:
    """Dark eyes in white above a dark mouth, where the crop has them: both eyes are as far from its middle."""
    face = dict(made_pictures(48))["drawn face, calm"].astype(int)
    eyes, mouth = face[18, [15, 32]], face[36, 24]
    assert (eyes < 60).all() and (face[18, [12, 19, 28, 35]] > 180).all() and mouth < 120 < face[30, 24]
