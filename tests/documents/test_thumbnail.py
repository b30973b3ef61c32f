"""Small copies: upright, without what the camera wrote, and none of what is too large to open."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from engine.documents.thumbnail import SIDE, ThumbnailError, thumbnail


def test_a_copy_is_small_upright_and_says_nothing() -> None:
    exif = Image.Exif()
    exif[0x112], exif[0x110] = 6, "secret"
    out = io.BytesIO()
    Image.new("RGB", (1600, 800), "red").save(out, "JPEG", exif=exif)
    small = thumbnail(out.getvalue())
    with Image.open(io.BytesIO(small)) as picture:
        assert picture.size == (SIDE // 2, SIDE)
        assert not picture.getexif()
    assert b"secret" not in small


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + struct.pack(">II", 1 << 30, 1 << 30)]
)
def test_what_cannot_be_opened_is_refused(content: bytes) -> None:
    with pytest.raises(ThumbnailError):
        thumbnail(content)


def test_what_is_written_beside_a_picture_does_not_keep_it_from_being_shown() -> None:
    """A text in a PNG that unpacks to 50 MB, twenty megabytes of camera data and a page behind a JPEG."""
    out, texts = io.BytesIO(), PngImagePlugin.PngInfo()
    texts.add(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000)))
    Image.new("RGB", (40, 20), "red").save(out, "PNG", pnginfo=texts)
    jpeg = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(jpeg, "JPEG")
    plain = jpeg.getvalue()
    segment = b"\xff\xe1" + struct.pack(">H", 65_000) + b"Exif\0\0" + bytes(64_992)
    for content in (out.getvalue(), plain[:2] + segment * 300 + plain[2:], plain + b"<script>1</script>"):
        small = thumbnail(content)
        assert b"script" not in small
        with Image.open(io.BytesIO(small)) as picture:
            assert picture.size == (40, 20)
