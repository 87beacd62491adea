"""Pictures without what their files say beside the pixels: where and when they were taken, by whom and with what."""

from __future__ import annotations

import io

from PIL import Image

_ORIENTATION = 0x0112
_PNG_EXIF = (b"eXIf", b"Raw profile type", b"XML:com.adobe.xmp")


def without_metadata(data: bytes) -> bytes | None:
    """JPEG or PNG bytes without EXIF, comments, profiles and thumbnails, the pixels untouched.

    None where the pixels must be written anew: another format, a picture that its metadata turns or colours, or an
    odd structure.
    """
    with Image.open(io.BytesIO(data)) as image:
        if image.mode not in ("RGB", "L") or "icc_profile" in image.info or "transparency" in image.info:
            return None
        # Pillow decodes a PNG to look for its orientation, so only one that may have any is asked.
        may_be_turned = image.format != "PNG" or any(sign in data for sign in _PNG_EXIF)
        if may_be_turned and image.getexif().get(_ORIENTATION, 1) != 1:
            return None
        kind = image.format
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
