"""Bytes from outside in, pixels out: decoding that refuses what it should."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from models.errors import MienError

RGB = NDArray[np.uint8]
"""A colour picture, (H, W, 3), red green blue, 0…255."""

MAX_PIXELS = 20_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


class BadImage(MienError):
    """These bytes are not a picture that can be used; the message says why, for people to read."""


def decode(data: bytes) -> RGB:
    """The picture in `data`, upright (EXIF orientation applied), as 8-bit RGB; transparency lies on white.

    Raises:
        BadImage: no picture, a truncated, animated or oversized one. The size is checked before any pixel is decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                _check(image)
                return _rgb(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadImage(_too_large()) from error
    except UnidentifiedImageError as error:
        raise BadImage(f"This is not a picture in a known format ({', '.join(FORMATS)}).") from error
    except BadImage:
        raise
    except Exception as error:  # Pillow's decoders raise many kinds on damaged bytes
        raise BadImage("This picture is damaged or cut off and cannot be read.") from error


def jpeg_size(data: bytes) -> tuple[int, int]:
    """Width and height of a camera's frame, a JPEG, from its header: no pixel is decoded.

    Raises:
        BadImage: no JPEG, a cut off or oversized one.
    """
    if data[:3] != b"\xff\xd8\xff":
        raise BadImage("A frame must be a JPEG picture.")
    if b"\xff\xd9" not in data[-64:]:
        raise BadImage("This frame is cut off: its JPEG picture has no end.")
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as header:
            _check(header)
            return header.size
    except BadImage:
        raise
    except Exception as error:
        raise BadImage("This frame is no readable JPEG picture.") from error


def encode_jpeg(rgb: RGB, quality: int = 92) -> bytes:
    """`rgb` as JPEG bytes without any metadata."""
    done, data = cv2.imencode(".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError(f"A picture of shape {rgb.shape} cannot be written as JPEG.")
    return data.tobytes()


def _check(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise BadImage(_too_large(f", this one has {width * height / 1e6:.0f}"))
    if getattr(image, "n_frames", 1) > 1:
        raise BadImage("This picture is animated or has several pages; save the one you want as a picture of its own.")


def _too_large(found: str = "") -> str:
    return f"This picture is too large: at most {MAX_PIXELS // 1_000_000} megapixels{found}."


def _rgb(image: Image.Image) -> RGB:
    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image, np.float64)
        top = 65535.0 if image.mode.startswith("I;16") or grey.max(initial=0) > 255 else 255.0
        image = Image.fromarray((grey.clip(0, top) * (255 / top)).astype(np.uint8))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return np.array(image.convert("RGB"), np.uint8)
