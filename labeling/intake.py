"""Pictures in, faces out: found, cut out wide and without metadata, ready for the store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import cv2
import numpy as np

from labeling.measuring import stored_crop
from labeling.second_look import points_near
from labeling.store import Store
from labeling.stored_faces import Added, Guess, NewFace, Points, StoredCrop
from labeling.stripping import without_metadata
from models.box import Box
from models.crop import face_square, resize, upright_square
from models.finder import STILL_SIDE, FaceFinder, FoundFace
from models.pictures import RGB, BadImage, decode, encode_jpeg

WIDE = 1.6
MAX_SIDE = 512
MIN_FACE = 20
CROP_SIDE = 128


@dataclass(frozen=True)
class CroppedFace:
    """A face of a picture: its box there, in pixels, and its crop."""

    box: Box
    crop: StoredCrop


def faces_in(rgb: RGB) -> list[CroppedFace]:
    """Every face of a picture, the largest first, cut out wide. A picture without a face gives an empty list."""
    found = [face for face in FaceFinder(STILL_SIDE).find(rgb) if face.box.height >= MIN_FACE]
    return [CroppedFace(face.box, wide_crop(rgb, face.box, face.points)) for face in found]


def wide_crop(rgb: RGB, box: Box, points: Points | None = None) -> StoredCrop:
    """The unturned square around a face that is 1.6 × its crop's side, at most 512 pixels, as JPEG."""
    pixels, left, top = upright_square(rgb, face_square(points, box).wider(WIDE))
    scale = min(1.0, MAX_SIDE / pixels.shape[0])
    if scale < 1:
        pixels = resize(pixels, MAX_SIDE)
    inside = Box(box.x - left, box.y - top, box.width, box.height).scaled(scale, scale)
    moved = None if points is None else np.asarray((points - [left, top]) * scale, np.float32)
    return stored_crop(encode_jpeg(pixels), pixels, inside, moved)


def whole_crop(data: bytes, rgb: RGB, box: Box | None = None, points: Points | None = None) -> StoredCrop:
    """A picture that is a face crop already, its pixels kept; `box` and `points` are the face inside, else it is all of
    it. For the points of a box that has none YuNet looks.

    `rgb` is `data` decoded.

    JPEG and PNG lose their metadata and nothing else; other formats become PNG. What is not square or larger than 512
    pixels is cut to the square around the box, or to its middle square, and reduced.

    Raises:
        BadImage: the box lies outside the picture.
    """
    height, width = rgb.shape[:2]
    if box is not None and not (box.x < width and box.y < height and box.x + box.width > 0 and box.y + box.height > 0):
        raise BadImage("The face's box lies outside the picture.")
    if box is not None and points is None:
        points = points_near(rgb, box)
    if height == width <= MAX_SIDE:
        clean = without_metadata(data) or encode_png(rgb)
        return stored_crop(clean, rgb, box or Box(0.0, 0.0, float(width), float(height)), points)
    if box is not None:
        return wide_crop(rgb, box, points)
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = np.ascontiguousarray(rgb[top : top + side, left : left + side])
    square = resize(square, MAX_SIDE) if side > MAX_SIDE else square
    side = square.shape[0]
    clean = encode_png(square) if side <= CROP_SIDE else encode_jpeg(square, 95)
    return stored_crop(clean, square, Box(0.0, 0.0, float(side), float(side)))


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
    found: FoundFace,
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
    face = wide_crop(rgb, found.box, found.points)
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
    """What `add_picture` stores.

    Raises:
        BadImage: no usable picture, or no face in it.
    """
    rgb = decode(data)
    if find is None:
        find = max(rgb.shape[:2]) > CROP_SIDE
    if not find:
        return [NewFace(whole_crop(data, rgb), label, subject, session, source)]
    found = faces_in(rgb)
    if not found:
        raise BadImage("No face was found in this picture.")
    if len(found) == 1:
        return [NewFace(found[0].crop, label, subject, session, source)]
    session = session or hashlib.sha256(data).hexdigest()[:16]
    return [NewFace(face.crop, None, subject, session, source, flags=("several",)) for face in found]
