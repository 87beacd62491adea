"""A camera that can be posed for: a canvas in the page, in place of the browser's own camera."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from tests.serving import astronaut, jpeg

POSES = ("neutral", "hush")
"""What `window.pose` may be: the portrait as it is, or with its mouth covered."""
STEPS = 40
CAMERA = """
  window.pose = "neutral";
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d", { alpha: false });
  const loaded = Object.entries(POSES).map(async ([name, files]) => [name, await Promise.all(files.map(async (file) => {
    const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0));
    return createImageBitmap(new Blob([bytes], { type: "image/jpeg" }));
  }))]);
  navigator.mediaDevices.getUserMedia = async () => {
    const pictures = Object.fromEntries(await Promise.all(loaded));
    let step = 0;
    setInterval(() => {
      const loop = pictures[window.pose];
      pen.drawImage(loop[step++ % loop.length], 0, 0);
    }, 1000 / 30);
    return canvas.captureStream(30);
  };
"""
"""Instead of a camera: the pictures of `window.pose`, thirty a second."""


def posing_camera() -> str:
    """The script to run in a page before its own."""
    return f"const POSES = {poses()};{CAMERA}"


def poses() -> dict[str, list[str]]:
    """For each pose its loop of pictures, as base64 of JPEG."""
    return {
        pose: [base64.b64encode(jpeg(portrait(step / STEPS, pose == POSES[1]), 90)).decode() for step in range(STEPS)]
        for pose in POSES
    }


def portrait(moment: float, hushed: bool) -> NDArray[np.uint8]:
    """The portrait at `moment` 0…1 of a loop of poses and lights, (480, 640, 3) RGB; `hushed`: its mouth is covered."""
    picture = astronaut()
    if hushed:
        cv2.ellipse(picture, (228, 148), (34, 20), 0, 0, 360, (190, 140, 120), -1)
    angle = 2 * np.pi * moment
    move = cv2.getRotationMatrix2D(
        (225, 110), float(15 * np.sin(3 * angle + 0.4)), float(1.2 + 0.25 * np.sin(2 * angle))
    )
    move[:, 2] += 90 + 30 * np.sin(angle), 60 + 10 * np.cos(4 * angle)
    frame = cv2.warpAffine(picture, move, (640, 480), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.convertScaleAbs(frame, alpha=1, beta=float(20 * np.sin(5 * angle + 0.7))), np.uint8)
