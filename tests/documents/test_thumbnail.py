"""Small copies: upright, without what the camera wrote, and none of what is too large to open."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

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
