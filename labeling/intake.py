"""Bytes in, faces out: decoded safely, metadata dropped, cropped wide, hashed, ready for the store."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import imagehash
import numpy as np
from PIL import Image

from labeling.store import Store
from labeling.stored_faces import Added, Guess, NewFace, StoredCrop
from models.box import Box
from models.crop import crop, resize
from models.finder import STILL_SIDE, FaceFinder
from models.pictures import RGB, BadImage, decode, encode_jpeg

if TYPE_CHECKING:
    from models.predictor import Predictor

WIDE = 1.6
MAX_SIDE = 512
MIN_FACE = 20
THUMBNAIL_SIDE = 96
THUMBNAIL_QUALITY = 72
MEASURED_SIDE = 96
SMALL_BYTES = 4096
CROP_SIDE = 128

_ORIENTATION = 0x0112
_local = threading.local()


@dataclass(frozen=True)
class FoundFace:
    """A face of a picture: its box there, in pixels, and its crop."""

    box: Box
    crop: StoredCrop


def faces_in(data: bytes) -> list[FoundFace]:
    """Every face of a picture, the largest first, cut out wide. A picture without a face gives an empty list.

    Raises:
        BadImage: the bytes are no usable picture.
    """
    rgb = decode(data)
    return [FoundFace(box, wide_crop(rgb, box)) for box in find_faces(rgb) if box.height >= MIN_FACE]


def find_faces(rgb: RGB) -> list[Box]:
    """The faces of a still picture, by a finder of this thread's own."""
    finder: FaceFinder | None = getattr(_local, "finder", None)
    if finder is None:
        finder = _local.finder = FaceFinder(STILL_SIDE)
    return finder.find(rgb)


def wide_crop(rgb: RGB, box: Box) -> StoredCrop:
    """The square of 1.6 × the box's height around the face, at most 512 pixels, as JPEG."""
    square = crop(rgb, box, scale=WIDE)
    side = square.shape[0]
    if side > MAX_SIDE:
        square = resize(square, MAX_SIDE)
    ratio = square.shape[0] / max(1.0, box.height * WIDE)
    width, height = box.width * ratio, box.height * ratio
    middle = square.shape[0] / 2
    return stored_crop(encode_jpeg(square), square, Box(middle - width / 2, middle - height / 2, width, height))


def whole_crop(data: bytes, box: Box | None = None) -> StoredCrop:
    """A picture that is a face crop already, its pixels kept; `box` is the face inside, else all of it.

    JPEG and PNG lose their metadata and nothing else; other formats become PNG. What is not square or larger than 512
    pixels is cut to the square around the box, or to its middle square, and reduced.

    Raises:
        BadImage: the bytes are no usable picture, or the box lies outside it.
    """
    rgb = decode(data)
    height, width = rgb.shape[:2]
    if box is not None and not (box.x < width and box.y < height and box.x + box.width > 0 and box.y + box.height > 0):
        raise BadImage("The face's box lies outside the picture.")
    if height == width <= MAX_SIDE:
        clean = without_metadata(data) or encode_png(rgb)
        return stored_crop(clean, rgb, box or Box(0.0, 0.0, float(width), float(height)))
    if box is not None:
        return wide_crop(rgb, box)
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = np.ascontiguousarray(rgb[top : top + side, left : left + side])
    square = resize(square, MAX_SIDE) if side > MAX_SIDE else square
    side = square.shape[0]
    clean = encode_png(square) if side <= CROP_SIDE else encode_jpeg(square, 95)
    return stored_crop(clean, square, Box(0.0, 0.0, float(side), float(side)))


def stored_crop(data: bytes, rgb: RGB, box: Box) -> StoredCrop:
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
    )


def perceptual_hash(grey: np.ndarray) -> int:
    """64 bits that hardly change when a picture (H, W) is scaled or compressed."""
    bits = imagehash.phash(Image.fromarray(cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA)))
    return int.from_bytes(np.packbits(bits.hash.flatten()).tobytes(), "big")


def without_metadata(data: bytes) -> bytes | None:
    """JPEG or PNG bytes without EXIF, comments, profiles and thumbnails, the pixels untouched.

    None where the pixels must be written anew: another format, a picture that its metadata turns or colours, or an
    odd structure.
    """
    with Image.open(io.BytesIO(data)) as image:
        kind, plain = image.format, image.mode in ("RGB", "L") and "icc_profile" not in image.info
        if not plain or "transparency" in image.info or image.getexif().get(_ORIENTATION, 1) != 1:
            return None
    if kind == "JPEG":
        return _jpeg_without_metadata(data)
    return _png_without_metadata(data) if kind == "PNG" else None


def _jpeg_without_metadata(data: bytes) -> bytes | None:
    kept, at = [data[:2]], 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:
            end = data.rfind(b"\xff\xd9")
            return b"".join([*kept, data[at : end + 2]]) if end > at else None
        # APP0 (JFIF) and APP14 (Adobe's colour transform) say how to decode; the other APPn and comments do not.
        if not (marker == 0xFE or 0xE1 <= marker <= 0xED or marker == 0xEF):
            kept.append(data[at : at + 2 + length])
        at += 2 + length
    return None


def _png_without_metadata(data: bytes) -> bytes | None:
    kept, at = [data[:8]], 8
    while at + 12 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if name == b"IHDR" and data[at + 16] != 8:
            return None
        if name in (b"IHDR", b"PLTE", b"IDAT", b"IEND"):
            kept.append(data[at : at + 12 + length])
        at += 12 + length
        if name == b"IEND":
            return b"".join(kept)
    return None


def encode_png(rgb: RGB) -> bytes:
    """`rgb` as PNG, in one channel where it is grey."""
    grey = bool((rgb[..., 0] == rgb[..., 1]).all() and (rgb[..., 1] == rgb[..., 2]).all())
    done, data = cv2.imencode(".png", rgb[..., 0] if grey else cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    if not done:
        raise BadImage("This picture cannot be stored.")
    return data.tobytes()


def add_crop_from_frame(
    store: Store,
    rgb: RGB,
    box: Box,
    *,
    label: str | None = None,
    subject: str | None = None,
    session: str | None = None,
    source: str = "camera",
    guess: Guess | None = None,
    burst: bool = False,
) -> Added:
    """Stores one face of a frame; `burst` leaves out near copies of the session's last ones.

    Raises:
        LabelError: there is no such label.
        StoreError: the database cannot be written.
    """
    face = wide_crop(rgb, box)
    return store.images.add(
        face, label=label, subject=subject, session=session, source=source, guess=guess, burst=burst, relabel=not burst
    )


def add_picture(
    store: Store,
    data: bytes,
    *,
    label: str | None = None,
    subject: str | None = None,
    session: str | None = None,
    source: str = "upload",
    find: bool | None = None,
) -> list[Added]:
    """Stores the faces of one picture, in one transaction.

    One face gets the label. Several are all stored without it and flagged, for a person to say which is which. `find`:
    look for faces; False takes the picture as a face crop; None does so for pictures of up to 128 pixels.

    Raises:
        BadImage: no usable picture, or no face in it.
        LabelError: there is no such label.
    """
    return store.images.add_all(new_faces(data, label, subject, session, source, find))


def new_faces(
    data: bytes, label: str | None, subject: str | None, session: str | None, source: str, find: bool | None
) -> list[NewFace]:
    """What `add_picture` stores."""
    if find is None:
        rgb = decode(data)
        find = max(rgb.shape[:2]) > CROP_SIDE
    if not find:
        return [NewFace(whole_crop(data), label, subject, session, source)]
    found = faces_in(data)
    if not found:
        raise BadImage("No face was found in this picture.")
    if len(found) == 1:
        return [NewFace(found[0].crop, label, subject, session, source)]
    session = session or hashlib.sha256(data).hexdigest()[:16]
    return [NewFace(face.crop, None, subject, session, source, flags=("several",)) for face in found]


def _thumbnail(rgb: RGB) -> bytes:
    height, width = rgb.shape[:2]
    scale = THUMBNAIL_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return encode_jpeg(np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8), THUMBNAIL_QUALITY)


def suggest_some(store: Store, predictor: Predictor, batch: int = 32) -> int:
    """Asks a model about up to `batch` images that it has not seen, and stores its suggestions.

    Returns how many of the next ones still wait, at most `batch`; 0 means that all are done.
    """
    ids = store.suggestions.waiting(predictor.number, 2 * batch)
    suggest_batch(store, predictor, ids[:batch])
    return max(0, len(ids) - batch)


def suggest_batch(store: Store, predictor: Predictor, ids: Sequence[int]) -> None:
    """Asks a model about these images, and stores its suggestions.

    Raises:
        BadImage: one of them cannot be read; nothing was stored.
        NotFound: one of them has been removed for good meanwhile.
    """
    boxes = store.images.boxes(ids)
    if not boxes:
        return
    rows = predictor.classify([crop(decode(store.images.data(image)), box) for image, box in boxes.items()])
    guesses = {
        image: Guess(predictor.labels[int(row.argmax())], float(row.max()), predictor.number)
        for image, row in zip(boxes, rows, strict=True)
    }
    store.suggestions.record(guesses, predictor.labels)
