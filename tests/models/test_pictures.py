import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from models.pictures import BadImage, decode, encode_jpeg, jpeg_size


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def gradient(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    pixels = np.zeros((size[1], size[0], 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, size[0])
    return Image.fromarray(pixels).convert(mode)


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "CMYK", "RGBA", "LA", "1"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    kind = "TIFF" if mode in ("CMYK",) else "PNG"
    rgb = decode(saved(gradient(mode), kind))
    assert rgb.shape == (30, 40, 3) and rgb.dtype == np.uint8
    assert rgb[:, 30:, 0].mean() > rgb[:, :10, 0].mean() + 50


def test_cmyk_jpeg() -> None:
    rgb = decode(saved(gradient("CMYK"), "JPEG", quality=95))
    assert int(rgb[15, 38, 0]) > 200 and int(rgb[15, 1, 0]) < 60


def test_sixteen_bits_keep_their_range() -> None:
    ramp = np.tile(np.linspace(0, 65535, 40).astype(np.uint16), (30, 1))
    rgb = decode(saved(Image.fromarray(ramp), "PNG"))
    assert abs(int(rgb[0, 20, 0]) - 131) <= 2 and rgb[0, -1, 0] == 255


def test_transparent_pixels_lie_on_white() -> None:
    assert (decode(saved(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), "PNG")) == 255).all()


def test_orientation_is_honoured() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    rgb = decode(saved(gradient(), "JPEG", exif=exif, quality=95))
    assert rgb.shape == (40, 30, 3)
    assert int(rgb[-1, 15, 0]) > int(rgb[0, 15, 0])


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff", b"<svg/>"])
def test_what_is_no_picture(data: bytes) -> None:
    with pytest.raises(BadImage, match=r"not a picture|damaged"):
        decode(data)


def test_a_truncated_picture() -> None:
    whole = saved(gradient(size=(400, 300)), "JPEG")
    with pytest.raises(BadImage, match="cut off"):
        decode(whole[: len(whole) // 2])


def test_an_animation() -> None:
    frames = [gradient(), gradient().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    with pytest.raises(BadImage, match="animated"):
        decode(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]))


@pytest.mark.parametrize("size", [(5001, 4000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(BadImage, match="too large"):
        decode(png_header(*size))


def test_a_frames_size() -> None:
    assert jpeg_size(saved(gradient(size=(40, 30)), "JPEG")) == (40, 30)


def test_a_frame_must_be_jpeg_and_whole_and_not_huge() -> None:
    with pytest.raises(BadImage, match="JPEG"):
        jpeg_size(saved(gradient(), "PNG"))
    with pytest.raises(BadImage, match="cut off"):
        jpeg_size(b"\xff\xd8\xff\xe0nothing more")
    with pytest.raises(BadImage, match="readable JPEG"):
        jpeg_size(b"\xff\xd8\xff\xe0nothing more\xff\xd9")
    with pytest.raises(BadImage, match="too large"):
        jpeg_size(saved(Image.new("L", (5000, 4100)), "JPEG"))


def test_written_jpegs_carry_no_metadata() -> None:
    assert not Image.open(io.BytesIO(encode_jpeg(np.asarray(gradient())))).getexif()
