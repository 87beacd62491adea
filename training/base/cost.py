"""What one face costs: time on one thread, its crop included, and multiply-adds."""

from __future__ import annotations

import math
import time

import numpy as np
import onnxruntime
import torch
from torch.utils.flop_counter import FlopCounterMode

from models.box import Box
from models.crop import face_crop
from models.network import Network
from models.onnx_model import FACE, PROBABILITIES

PICTURE, FACE_SIDE, TILT = (480, 640), 200, math.radians(8)
WARM_UP, TIMES = 30, 300


def milliseconds(session: onnxruntime.InferenceSession, side: int) -> float:
    """The median time of cutting one face of 200 pixels out of a camera's frame and naming it.

    It is the processor's time of the one thread that does it, so that what else the machine does counts less.
    """
    random = np.random.default_rng(0)
    frame = random.integers(0, 256, (*PICTURE, 3)).astype(np.uint8)
    x, y = PICTURE[1] / 2, PICTURE[0] / 2
    turn = np.array([[math.cos(TILT), -math.sin(TILT)], [math.sin(TILT), math.cos(TILT)]])
    places = np.array([[-0.2, -0.12], [0.2, -0.12], [0, 0.1], [-0.15, 0.25], [0.15, 0.25]])
    points = (places * FACE_SIDE @ turn.T + [x, y]).astype(np.float32)
    box = Box(x - FACE_SIDE / 2, y - FACE_SIDE / 2, FACE_SIDE, FACE_SIDE)
    times = []
    for _ in range(WARM_UP + TIMES):
        began = time.thread_time()
        crop = face_crop(frame, points, side, box)
        session.run([PROBABILITIES], {FACE: crop[None, None].astype(np.float32)})
        times.append(time.thread_time() - began)
    return 1000 * float(np.median(times[WARM_UP:]))


def multiply_adds(network: Network) -> int:
    """Multiplications with their additions for one face, biases and activations left out."""
    side = network.config.size
    with torch.inference_mode(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 1, side, side))
    return int(counter.get_total_flops()) // 2
