"""What runs or fetches something where it is opened is found, however it is written; plain documents are not."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib

import pytest
from docx import Document

from engine.files.active_content import runs_in_office, runs_in_pdf
from engine.files.containers import ContainerError

RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"{mode}/>'
    "</Relationships>"
)


def plain() -> dict[str, bytes]:
    out = io.BytesIO()
    Document().save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(**more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (plain() | more).items():
            archive.writestr(name, content)
    return out.getvalue()


def refers(kind: str, *, outside: bool = True, encoding: str = "utf-8") -> bytes:
    mode = ' TargetMode="External"' if outside else ""
    text = RELS.format(kind=kind, target="http://example.invalid/x", mode=mode)
    return packed(**{"word/_rels/settings.xml.rels": text.encode(encoding)})


def test_plain_documents_and_links_to_click_on_are_kept() -> None:
    assert not runs_in_office(packed())
    assert not runs_in_office(refers("hyperlink"))
    assert not runs_in_office(refers("image", outside=False))


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "frame", "oleObject", "subDocument"])
def test_what_is_fetched_from_elsewhere_is_found(kind: str) -> None:
    assert runs_in_office(refers(kind))
    # In another encoding, and with letters written as numbers.
    assert runs_in_office(refers(kind, encoding="utf-16"))
    assert runs_in_office(refers(f"&#{ord(kind[0])};{kind[1:]}"))


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-office.vbaProject",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.ms-office.activeX+xml",
        "application/vnd.openxmlformats-officedocument.oleObject",
    ],
)
def test_a_program_is_found_whatever_its_part_is_called(kind: str) -> None:
    types = plain()["[Content_Types].xml"].replace(
        b"</Types>", f'<Override PartName="/word/media/x.png" ContentType="{kind}"/></Types>'.encode()
    )
    assert runs_in_office(packed(**{"[Content_Types].xml": types, "word/media/x.png": b"x"}))


def table(**more: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<w/>")
        for name, content in more.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_table_that_asks_another_program_is_found() -> None:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"
    types = f'<Types><Override PartName="/xl/externalLinks/a.xml" ContentType="{kind}"/></Types>'.encode()
    assert runs_in_office(table(**{"[Content_Types].xml": types}))
    assert not runs_in_office(table(**{"[Content_Types].xml": b"<Types/>"}))


def test_lists_are_found_by_their_names_in_capitals() -> None:
    rels = RELS.format(kind="attachedTemplate", target="x", mode=' TargetMode="External"').encode()
    assert runs_in_office(packed(**{"word/_rels/settings.xml.RELS": rels}))


WORD = '<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}</w:ftr>'
BEGIN, CODE = '<w:fldChar w:fldCharType="begin"/>', "<w:instrText>{}</w:instrText>"


@pytest.mark.parametrize(
    "field",
    [
        BEGIN + CODE.format(" DDEAUTO excel a"),
        # Cut in two, as Word itself does when somebody edits it.
        BEGIN + CODE.format("dD") + CODE.format("EAUTO c:\\x.exe"),
        '<w:fldSimple w:instr="&#68;DE excel a"/>',
    ],
)
def test_a_field_that_starts_a_program_is_found(field: str) -> None:
    assert runs_in_office(packed(**{"word/footer9.xml": WORD.format(field).encode()}))
    assert runs_in_office(packed(**{"word/footer9.xml": WORD.format(field).encode("utf-16")}))


@pytest.mark.parametrize("code", ["PAGE", 'HYPERLINK "http://example.invalid/dde"', "DDELIKE x"])
def test_a_field_that_starts_none_is_kept(code: str) -> None:
    assert not runs_in_office(packed(**{"word/footer9.xml": WORD.format(BEGIN + CODE.format(code)).encode()}))


@pytest.mark.parametrize("text", [b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff\xfe\0"])
def test_a_list_that_is_none_is_damage(text: bytes) -> None:
    with pytest.raises(ContainerError):
        runs_in_office(packed(**{"word/_rels/document.xml.rels": text}))


def test_lists_beyond_measure_are_refused() -> None:
    with pytest.raises(ContainerError):
        runs_in_office(packed(**{"word/_rels/document.xml.rels": b"<a>" + b" " * 1_000_001 + b"</a>"}))


PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction "


@pytest.mark.parametrize(
    "content",
    [
        PDF + b"<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        PDF + b"<</S/J#61vaScript/J#53(app.alert(1))>>>>endobj",
        PDF + b"<</S/Launch/F(calc.exe)>>>>endobj",
        b"%PDF-1.7\n5 0 obj<</Type/ObjStm/Filter/FlateDecode/N 1>>\nstream\n"
        + zlib.compress(b"1 0 <</S/JavaScript/JS(x)>>")
        + b"\nendstream endobj",
    ],
)
def test_a_pdf_that_runs_something_is_found(content: bytes) -> None:
    assert runs_in_pdf(content)


def test_a_plain_pdf_is_kept() -> None:
    assert not runs_in_pdf(PDF + b"[3 0 R/Fit]>>endobj (JavaScript, /JSON) /JSX")
    broken = b"5 0 obj<</Type/ObjStm>>\nstream\nxx\nendstream endobj"
    assert not runs_in_pdf(PDF + b"[3 0 R/Fit]>>endobj " + broken)


def test_the_bytes_of_a_large_scan_are_taken_for_no_program() -> None:
    scan = hashlib.shake_256(b"7").digest(20_000_000)
    assert b"/JS" in scan
    assert not runs_in_pdf(PDF + b"[3 0 R/Fit]>>endobj 4 0 obj<<>>stream\n" + scan + b"\nendstream endobj")
