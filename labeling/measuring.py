"""What is stored beside a picture: its hashes, its thumbnail, and how sharp and how bright its face is."""

from __future__ import annotations

import hashlib

import cv2
import numpy as np

from labeling.stored_faces import Points, StoredCrop
from models.box import Box
from models.pictures import RGB, encode_jpeg

THUMBNAIL_SIDE = 96
THUMBNAIL_QUALITY = 72
MEASURED_SIDE = 96
HASHED_SIDE = 32
SMALL_BYTES = 4096


def stored_crop(data: bytes, rgb: RGB, box: Box, points: Points | None = None) -> StoredCrop:
    """`data` with its hashes, its thumbnail and its measures; `rgb` is the same picture decoded."""
    height, width = rgb.shape[:2]
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    left, top = int(max(0, box.x)), int(max(0, box.y))
    face = grey[top : max(top + 1, int(box.y + box.height)), left : max(left + 1, int(box.x + box.width))]
    face = cv2.resize(face if face.size else grey, (MEASURED_SIDE, MEASURED_SIDE), interpolation=cv2.INTER_AREA)
    small = len(data) <= SMALL_BYTES and max(height, width) <= 2 * THUMBNAIL_SIDE
    return StoredCrop(
        data=data,
        width=width,
        height=height,
        box=box,
        sha256=hashlib.sha256(data).hexdigest(),
        hash=perceptual_hash(np.asarray(grey, np.uint8)),
        thumbnail=None if small else _thumbnail(rgb),
        sharpness=float(cv2.Laplacian(face, cv2.CV_64F).var()),
        brightness=float(face.mean()),
        points=points,
    )


def perceptual_hash(grey: np.ndarray) -> int:
    """64 bits that hardly change when a picture (H, W) is scaled or compressed: which of its slowest waves, 8 × 8 of
    them, are stronger than their median.

    The bits are those of `phash` in the package imagehash, which brings SciPy along: data sets hold hashes by either.
    """
    small = cv2.resize(grey, (HASHED_SIDE, HASHED_SIDE), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(small.astype(np.float64))[:8, :8]
    # OpenCV weakens the constant wave of each direction, so that its transform is a rotation; imagehash's is none.
    waves[0] *= np.sqrt(2)
    waves[:, 0] *= np.sqrt(2)
    return int.from_bytes(np.packbits(waves > np.median(waves)).tobytes(), "big")


def _thumbnail(rgb: RGB) -> bytes:
    height, width = rgb.shape[:2]
    scale = THUMBNAIL_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return encode_jpeg(np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8), THUMBNAIL_QUALITY)
