"""Pictures as bytes: sizes, what the camera wrote, and the same pixels without it."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from engine.files.pictures import PictureError, camera_data, picture_size, without_metadata
from tests.examples import examples


def jpeg(*, progressive: bool = False, orientation: int | None = None) -> bytes:
    """Return a photograph with everything a camera writes."""
    picture = Image.radial_gradient("L").resize((40, 30)).convert("RGB")
    exif = Image.Exif()
    exif[0x10F], exif[0x110] = "Sample", "Cam 1"
    if orientation:
        exif[0x112] = orientation
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 10:00:00"
    gps = exif.get_ifd(0x8825)
    gps.update({1: "N", 2: (39.0, 54.0, 15.0), 3: "W", 4: (116.0, 24.0, 26.0)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=b"secret", progressive=progressive, quality=90)
    return out.getvalue()


def png() -> bytes:
    told = PngInfo()
    told.add_text("Author", "secret")
    out = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(out, "PNG", pnginfo=told)
    return out.getvalue()


SOUND = [jpeg(orientation=3), png()]


def pixels(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


@pytest.mark.parametrize(
    "picture", [jpeg(), jpeg(progressive=True), png()], ids=["jpeg", "progressive", "png"]
)
def test_the_same_pixels_without_what_the_camera_wrote(picture: bytes) -> None:
    clean = without_metadata(picture + b"<script>PK\x05\x06")
    assert pixels(clean) == pixels(picture)
    for word in (b"secret", b"2026:03:02", b"Sample", b"<script>"):
        assert word not in clean
    assert camera_data(clean) == {}


def test_what_the_camera_wrote_is_read_and_the_picture_stays_upright() -> None:
    picture = jpeg(orientation=6)
    assert dict(camera_data(picture)) == {
        "device": "Sample Cam 1",
        "orientation": 6,
        "taken": "2026:03:02 10:00:00",
        "place": "39.904166, -116.407222",
    }
    assert camera_data(without_metadata(picture)) == {"orientation": 6}
    assert picture_size(picture) == (40, 30)
    assert picture_size(png()) == (20, 10)


@settings(max_examples=examples(25, 300), deadline=None)
@given(data=st.data())
def test_damaged_pictures_end_in_their_own_error(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SOUND)))
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, min(400, len(content) - 1)))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(20, len(content))) :]
    for read in (picture_size, without_metadata, camera_data):
        try:
            read(bytes(content))
        except PictureError:
            continue


def test_a_directory_that_deceives_costs_nothing() -> None:
    entry = b"\x01\x10\0\x02\xff\xff\xff\xff\0\0\0\x08"
    body = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + entry * 4000
    bomb = b"\xff\xd8\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + b"\xff\xda\0\x02\xff\xd9"
    assert camera_data(bomb) == {}


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def test_a_picture_that_states_its_size_twice_is_none() -> None:
    """Programs take the last size, so that the first says nothing of what a picture costs to show."""
    picture = png()
    large = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    with pytest.raises(PictureError):
        picture_size(picture[:33] + large + picture[33:])
    photo = jpeg()
    frame = photo.index(b"\xff\xc0")
    end = frame + 2 + int.from_bytes(photo[frame + 2 : frame + 4], "big")
    wide = bytearray(photo[frame:end])
    wide[5:9] = struct.pack(">HH", 60_000, 60_000)
    with pytest.raises(PictureError):
        picture_size(photo[:end] + bytes(wide) + photo[end:])


def test_what_any_program_hung_into_a_picture_is_left_out() -> None:
    """Content credentials, private chunks, a small picture of before it was cut: none belongs to the picture."""
    picture = png()
    more = chunk(b"caBX", b"secret place") + chunk(b"prVt", b"secret")
    assert without_metadata(picture[:33] + more + picture[33:]) == without_metadata(picture)
    photo = jpeg()
    for hung in (
        segment(0xE0, b"JFXX\0\x10secret"),
        segment(0xE2, b"MPF\0secret"),
        segment(0xEB, b"JP secret"),
        segment(0xEE, b"secret"),
    ):
        assert without_metadata(photo[:2] + hung + photo[2:]) == without_metadata(photo)
    # Colours and the frame stay.
    kept = segment(0xE2, b"ICC_PROFILE\0\1\1x")
    assert kept in without_metadata(photo[:2] + kept + photo[2:])
    assert b"JFIF" in without_metadata(photo)
