"""Files and answers made to do harm: each is refused with a sentence, kept as bytes under its digest, or shown as text."""

from __future__ import annotations

import hashlib
import struct
import zlib
from pathlib import Path

import pytest
from access_factories import BUREAU, services_over
from hostile_files import begins_as_pdf, bomb, lying_bomb, packed, picture, twice_sized, with_remote_template

from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.papers.files import KeptFile, NewFile, keep_file
from engine.files.pictures import camera_data, without_metadata
from engine.files.reading import read_file
from engine.kernel.budget import KEPT_FILE, BudgetExceededError
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


class Files:
    """Keeps bytes in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        digest = hashlib.sha256(content).hexdigest()
        self.kept[digest] = content
        return digest

    def get(self, sha256: str) -> bytes | None:
        return self.kept.get(sha256)

    def remove(self, sha256: str) -> None:
        del self.kept[sha256]


@pytest.fixture(scope="module")
def services() -> Application:
    return office()


def office() -> Application:
    made = services_over(MemoryStore(), BUREAU, people=True)
    made.files = Files()
    made.start("errand", "anna", NewCase(title="示例"))
    return made


def photo(exif: bytes = b"") -> bytes:
    """Return a JPEG of one grey pixel, with what a camera wrote."""
    app1 = b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif if exif else b""
    frame = b"\xff\xc0" + struct.pack(">HBHHBBBB", 11, 8, 1, 1, 1, 1, 0x11, 0)
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + b"\x12\xff\xd9"
    return b"\xff\xd8" + app1 + frame + scan


def exif_bomb() -> bytes:
    """Return a directory that says it has 65,535 entries of 4 GB each, and leads back to itself."""
    entry = struct.pack("<HHII", 0x010F, 2, 0xFFFFFFFF, 8)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 0xFFFF) + entry * 200 + struct.pack("<I", 8)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.zip", packed(), "文件名不符"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 64, "不能存入"),
        ("账.docx", bomb(), "账.docx"),
        ("账.docx", lying_bomb(), "已损坏"),
        ("账.docx", begins_as_pdf(), "同时也是另一种文件"),
        # Some programs look for the end of a zip in more than the last 65,557 bytes.
        ("a.jpg", photo() + packed() + b"\0" * 70_000, "同时也是另一种文件"),
        ("a.svg", f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode(), "文件名不符"),
        ("a.png", f"<svg xmlns='http://www.w3.org/2000/svg'>{SCRIPT}</svg>".encode(), "文件名不符"),
        ("a.html", SCRIPT.encode(), "文件名不符"),
        ("a.png", picture() + packed(), "同时也是另一种文件"),
        ("a.jpg", photo() + packed(), "同时也是另一种文件"),
        ("a.pdf", b"%PDF-1.7\n" + packed(), "同时也是另一种文件"),
        ("a.png", picture()[:40] + b"%PDF-1.7" + picture()[40:], "同时也是另一种文件"),
        ("a.png", picture(width=1 << 30), "像素"),
        ("表.xlsx", b"MZ\x90\0" + packed(), "不能存入"),
        ("表.docx", packed(**{"word/vbaProject.bin": b"x"}), "宏"),
        ("表.docx", with_remote_template(), "从别处取来"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</OpenAction<</S/J#61vaScript/JS(x)>>>>endobj", "带有程序"),
        ("a.jpg", twice_sized(), "不是完好的图片"),
        ("a.jpg", photo() + b"<html><script>alert(1)</script></html>", "同时也是另一种文件"),
        ("a.jpg", photo() + b"\0" * 99 + b"\n<SCRIPT src=x>", "同时也是另一种文件"),
        ("a.png", picture() + b"<?php system(1);?>", "同时也是另一种文件"),
        ("a.png", picture()[:33] + b"\0\0\0\x10tEXta\0<!DOCTYPE html\0\0\0\0" + picture()[33:], "同时也是另一种文件"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n<html><body>", "同时也是另一种文件"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</Names<</Embedded#46iles 5 0 R>>>>endobj\n%%EOF", "里面还有别的文件"),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</Subtype/FileAttachment>>endobj\n%%EOF", "里面还有别的文件"),
        ("a.pdf", b"%PDF-1.7\n9 0 obj<</Type/ObjStm/N 1>>stream\n" + zlib.compress(b"5 0 <</Type/EmbeddedFile>>"), "里面还有别的文件"),
        ("表.docx", packed(**{"../../x": b"y"}), "“../../x”要放到压缩包以外的地方"),
        ("表.docx", packed(**{"/etc/x": b"y"}), "压缩包以外"),
        ("表.docx", packed(**{"word\\..\\..\\x": b"y"}), "压缩包以外"),
        ("表.docx", packed(**{"C:/x": b"y"}), "压缩包以外"),
        ("表.docx", packed(**{"word/embeddings/oleObject1.bin": b"x"}), "嵌入的对象"),
        ("表.docx", packed(**{"word/media/a.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}), "嵌入的对象"),
        ("表.docx", packed(**{"word/a.xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///x">]><x>&e;</x>'}), "文档类型声明"),
        ("表.docx", packed(**{"word/a.xml": "\ufeff<!DOCTYPE x []><x/>".encode("utf-16-le")}), "文档类型声明"),
        ("表.docx", packed(**{"customXml/b.xml": b" " * ((1 << 20) - 4) + b"<!DOCTYPE x []><x/>"}), "文档类型声明"),
        ("表.docx", packed() + b"<script>alert(1)</script>", "末尾以后还有别的内容"),
        ("a.jpg", b"\x7fELF\0\0", "不能存入"),
        ("a.jpg\0.exe", photo(), "控制字符"),
        ("a\n.jpg", photo(), "一行"),
    ],
)  # fmt: skip
def test_it_is_refused_with_a_sentence(services: Application, name: str, content: bytes, said: str) -> None:
    refused = keep_file(services, Caller("anna"), "errand-1", NewFile(content, name, "x"))
    assert isinstance(refused, Refusal)
    assert said in str(refused)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        # What telephones write behind a photograph: a film, a second photograph, figures of their own.
        ("a.jpg", photo() + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40),
        ("a.jpg", photo() + photo() + b"<?xpacket begin='' ?><x:xmpmeta/>"),
        ("a.jpg", photo() + b"SEFH" + bytes(60) + b"SEFT"),
        ("a.png", picture() + bytes(16)),
        ("表.docx", packed(**{"word/media/a.svg": b"<!DOCTYPE svg><svg/>", "word/a..b.xml": b"<w/>"})),
        ("a.pdf", b"%PDF-1.7\n1 0 obj<</A(<html>)>>endobj\n%%EOF\n"),
        ("a.txt", SCRIPT.encode()),
    ],
)
def test_what_a_telephone_or_an_office_writes_is_kept(name: str, content: bytes) -> None:
    kept = keep_file(office(), Caller("anna"), "errand-1", NewFile(content, name, "x"))
    assert isinstance(kept, KeptFile), str(kept)


def test_a_photo_of_200_megabytes_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    with file.open("wb") as made:
        made.write(photo())
        # A hole: it takes no room on the disk.
        made.truncate(200 * 1024 * 1024)
    with pytest.raises(BudgetExceededError):
        read_file(file, KEPT_FILE)


@pytest.mark.parametrize("name", ["../../x.jpg", "/etc/passwd.jpg", "..\\..\\x.jpg", "=1+1.jpg", "CON.jpg"])
def test_no_name_of_an_uploader_is_ever_the_name_of_a_file(services: Application, name: str) -> None:
    kept = keep_file(services, Caller("anna"), "errand-1", NewFile(photo(), name, name))
    assert isinstance(kept, KeptFile)
    assert kept.sha256 == hashlib.sha256(photo()).hexdigest()
    # One file of these bytes, whatever it was called and how often.
    assert isinstance(services.files, Files)
    assert set(services.files.kept) == {kept.sha256}


def test_what_a_camera_wrote_too_much_of_costs_nothing_and_is_left_out() -> None:
    bombed = photo(exif_bomb())
    assert set(camera_data(bombed)) <= {"taken", "place", "device"}
    assert without_metadata(bombed) == without_metadata(photo())
