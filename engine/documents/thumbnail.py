"""Small copies of pictures, made by Pillow where it is installed (extra ``pictures``)."""

from __future__ import annotations

import io
import warnings
from importlib.util import find_spec

from engine.files.pictures import MAX_PIXELS, picture_size, without_metadata
from engine.language import Message, say

#: The longer side of a small copy, in pixels.
SIDE = 320


class ThumbnailError(Exception):
    """No small copy can be made; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def can_make() -> bool:
    """Tell whether what makes small copies is installed."""
    return find_spec("PIL") is not None


def thumbnail(content: bytes) -> bytes:
    """Return a small JPEG of a picture, upright and without what the camera wrote into it. Raises ThumbnailError."""
    if not can_make():
        raise ThumbnailError(say("没有安装缩略图的组件。请安装 shuangsuiji[{extra}]。", extra="pictures"))
    from PIL import Image, ImageOps

    try:
        width, height = picture_size(content)
        if width * height > MAX_PIXELS:
            raise ValueError
        # What a camera or a program wrote beside the picture is left out first: texts that unpack to gigabytes are never
        # unpacked. The pixels are counted above: no warning of Pillow is for the reader.
        bare = without_metadata(content)
        quiet = warnings.catch_warnings(action="ignore")
        with quiet, Image.open(io.BytesIO(bare), formats=("JPEG", "PNG")) as picture:
            picture.draft("RGB", (SIDE, SIDE))
            picture.thumbnail((SIDE, SIDE))
            small = ImageOps.exif_transpose(picture).convert("RGB")
    except (ValueError, OSError, SyntaxError, EOFError, Image.DecompressionBombError):
        raise ThumbnailError(say("这张图片打不开，做不成缩略图")) from None
    out = io.BytesIO()
    small.save(out, "JPEG", quality=80)
    return out.getvalue()
