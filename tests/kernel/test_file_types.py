"""The type of a file is told by its content, never by its name."""

from __future__ import annotations

import io
import zipfile

import pytest

from engine.kernel.file_types import ENDINGS, file_type, fits


def zipped(part: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(part, "x" * 100)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"%PDF-1.7\n", "pdf"),
        (b"\xff\xd8\xff\xe0rest", "jpeg"),
        (b"\x89PNG\r\n\x1a\nrest", "png"),
        (zipped("word/document.xml"), "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("OFD.xml"), "ofd"),
        (zipped("run.sh"), None),
        ("甲\r\n乙".encode(), "txt"),
        ("甲乙".encode("gb18030"), "txt"),
        (b"MZ\x90\x00", None),
        (b"\x7fELF", None),
        (b"", None),
    ],
)
def test_a_type_is_told_by_its_content(content: bytes, found: str | None) -> None:
    assert file_type(content) == found


def test_a_name_fits_its_type() -> None:
    assert fits("照片.JPG", "jpeg")
    assert not fits("照片.jpg", "pdf")
    assert not fits("照片", "pdf")
    assert all(fits(f"a.{one}", found) for found, endings in ENDINGS.items() for one in endings)
