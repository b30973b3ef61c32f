"""Every shipped paper in its three formats: one text, fit for the archive, laid out alike by Word and WPS."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from made_up_papers import KINDS, made_up_paper
from pdf_faults import pdf_faults
from pdf_text import outside_or_covered, pdf_text
from seals import seals_alone

from engine.documents.paper.blocks import Heading, Look, Run, Table, line_text, paper_text
from engine.documents.paper.pdf import pdf_bytes
from engine.documents.paper.word import BOX, word_bytes

DAY = date(2026, 3, 5)
#: A PDF takes a third of a second: `make papers` writes all, every test run these, one of each look and with a QR code.
SOME = ("check_sheet", "crime_transfer", "notice")
AS_PDF = [name if name in SOME else pytest.param(name, marks=pytest.mark.soak) for name in KINDS]


@cache
def as_pdf(name: str) -> bytes:
    return pdf_bytes(made_up_paper(name), DAY)


@cache
def as_word(name: str) -> bytes:
    return word_bytes(made_up_paper(name), DAY)


def squeezed(text: str) -> str:
    """Return a text without white space and without what stands for a box to tick."""
    return "".join(text.replace(BOX, "").replace("\u200b", "").split())


@pytest.mark.parametrize("name", KINDS)
def test_word_says_what_the_page_says(name: str) -> None:
    body = docx.Document(io.BytesIO(as_word(name))).element.body
    text = "".join(node.text or "" for node in body.iter(qn("w:t")))
    assert squeezed(text) == squeezed(paper_text(made_up_paper(name)))


@pytest.mark.parametrize("name", AS_PDF)
def test_the_pdf_says_what_the_page_says(name: str) -> None:
    assert squeezed(pdf_text(as_pdf(name))) == squeezed(paper_text(made_up_paper(name)))


@pytest.mark.parametrize("name", KINDS)
def test_a_seal_and_signatures_are_never_alone_on_a_page(name: str) -> None:
    assert seals_alone(made_up_paper(name)) == []


@pytest.mark.parametrize("name", AS_PDF)
def test_the_pdf_may_be_kept_for_ever(name: str) -> None:
    assert pdf_faults(as_pdf(name)) == []


@pytest.mark.parametrize("name", AS_PDF)
def test_two_renderings_are_equal_byte_for_byte(name: str) -> None:
    paper = made_up_paper(name)
    assert (pdf_bytes(paper, DAY), word_bytes(paper, DAY)) == (as_pdf(name), as_word(name))


LONG = (Run("检查人员到场查看了劳动合同、工资台账和社会保险缴纳凭证，逐项核对并记录，未见有遗漏。" * 20),)


@pytest.mark.parametrize("name", AS_PDF)
def test_long_answers_are_printed_whole_and_over_nothing(name: str) -> None:
    paper = made_up_paper(name)
    blocks = [
        replace(
            block,
            rows=tuple(
                replace(
                    row,
                    cells=tuple(one if one.head else replace(one, lines=(LONG, LONG)) for one in row.cells),
                )
                for row in block.rows
            ),
        )
        if isinstance(block, Table)
        else block
        for block in paper.blocks
    ]
    assert outside_or_covered(pdf_bytes(replace(paper, blocks=tuple(blocks)), DAY)) == []


@pytest.mark.parametrize("name", KINDS)
def test_word_has_real_headings_and_grids_and_what_wps_asks_for(name: str) -> None:
    paper, made = made_up_paper(name), docx.Document(io.BytesIO(as_word(name)))
    named = {(p.style.name if p.style else "", p.text) for p in made.paragraphs}
    assert sum(p.style is not None and p.style.name == "Title" for p in made.paragraphs) == 1
    for block in paper.blocks:
        if isinstance(block, Heading):
            assert ("Heading 2", line_text(block.line)) in named
    assert len(made.tables) >= sum(isinstance(block, Table) for block in paper.blocks)
    for table in made.tables:
        # WPS takes widths from the grid and shares none out itself.
        grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid.iter(qn("w:gridCol"))]
        assert all(width > 0 for width in grid)
        layout = table._tbl.tblPr.find(qn("w:tblLayout"))
        assert layout is not None
        assert layout.get(qn("w:type")) == "fixed"
        for row in table._tbl.iter(qn("w:tr")):
            assert row.find(qn("w:trPr")).find(qn("w:cantSplit")) is not None
    for style in made.styles:
        fonts = style.element.find(f"{qn('w:rPr')}/{qn('w:rFonts')}")
        if fonts is not None and (
            style.name.startswith("SSJ") or style.name in ("Title", "Heading 2", "Normal")
        ):
            assert fonts.get(qn("w:eastAsia"))
            assert not [key for key in fonts.attrib if key.endswith("Theme")]
    fields = [node.text for node in made.element.body.iter(qn("w:instrText"))]
    assert fields == []
    numbers = [
        node.text.strip()
        for footer in (made.sections[0].footer, made.sections[0].even_page_footer)
        for node in footer._element.iter(qn("w:instrText"))
    ]
    # GB/T 9704-2012 has the number of the page alone, on odd and even pages; all others say of how many.
    assert numbers == (["PAGE", "PAGE"] if paper.look is Look.OFFICIAL else ["PAGE", "NUMPAGES"])


@cache
def by_libreoffice(folder: Path) -> Path:
    """Let LibreOffice open every Word file and write it as PDF; return the folder of those."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program is not None
    for name in KINDS:
        (folder / f"{name}.docx").write_bytes(as_word(name))
    words = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    files = [str(folder / f"{name}.docx") for name in KINDS]
    subprocess.run(
        [*words, "--outdir", str(folder / "made"), *files], check=True, timeout=600, capture_output=True
    )
    return folder / "made"


@pytest.mark.soak
@pytest.mark.skipif(
    shutil.which("soffice") is None and shutil.which("libreoffice") is None, reason="no LibreOffice here"
)
@pytest.mark.parametrize("name", KINDS)
def test_libreoffice_opens_the_word_file_and_has_as_many_pages(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = by_libreoffice(tmp_path_factory.getbasetemp())
    with pikepdf.open(made / f"{name}.pdf") as theirs, pikepdf.open(io.BytesIO(as_pdf(name))) as ours:
        assert abs(len(theirs.pages) - len(ours.pages)) <= 1


def _drop(*names: str) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        for name in names:
            del file.Root[name]

    return change


def _metadata(key: str) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        with file.open_metadata() as about:
            del about[key]

    return change


def _fonts(change: Callable[[pikepdf.Object], None]) -> Callable[[pikepdf.Pdf], None]:
    def each(file: pikepdf.Pdf) -> None:
        change(next(iter(file.pages[0].Resources.Font.values())))

    return each


def _no_file(font: pikepdf.Object) -> None:
    about = font.DescendantFonts[0].FontDescriptor
    for key in ("/FontFile2", "/FontFile3"):
        if key in about:
            del about[key]


def _no_letters(font: pikepdf.Object) -> None:
    del font["/ToUnicode"]


def _script(file: pikepdf.Pdf) -> None:
    file.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")


def _alert() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")


def _page_script(file: pikepdf.Pdf) -> None:
    file.pages[0].obj["/AA"] = pikepdf.Dictionary(O=_alert())


def _note(**action: pikepdf.Object) -> Callable[[pikepdf.Pdf], None]:
    def change(file: pikepdf.Pdf) -> None:
        note = pikepdf.Dictionary(
            Type=pikepdf.Name("/Annot"), Subtype=pikepdf.Name("/Link"), Rect=pikepdf.Array([0, 0, 9, 9])
        )
        for name, value in action.items():
            note[f"/{name}"] = value
        file.pages[0].obj["/Annots"] = pikepdf.Array([file.make_indirect(note)])

    return change


def _empty_map(file: pikepdf.Pdf) -> None:
    for font in file.pages[0].Resources.Font.values():
        font["/ToUnicode"] = file.make_stream(b"")


def _empty_structure(file: pikepdf.Pdf) -> None:
    file.Root["/StructTreeRoot"] = pikepdf.Dictionary(Type=pikepdf.Name("/StructTreeRoot"))


def _without_profile(file: pikepdf.Pdf) -> None:
    del file.Root.OutputIntents[0]["/DestOutputProfile"]


def _empty_profile(file: pikepdf.Pdf) -> None:
    file.Root.OutputIntents[0]["/DestOutputProfile"] = file.make_stream(b"")


@pytest.mark.parametrize(
    ("fault", "change"),
    [
        ("pdfaid", _metadata("pdfaid:conformance")),
        ("pdfuaid", _metadata("pdfuaid:part")),
        ("script", _page_script),
        ("script", _note(A=_alert())),
        ("script", _note(AA=pikepdf.Dictionary(E=_alert()))),
        ("ToUnicode", _empty_map),
        ("StructTreeRoot", _empty_structure),
        ("OutputIntents", _without_profile),
        ("OutputIntents", _empty_profile),
        ("OutputIntents", _drop("/OutputIntents")),
        ("StructTreeRoot", _drop("/StructTreeRoot")),
        ("Lang", _drop("/Lang")),
        ("script", _script),
        ("ToUnicode", _fonts(_no_letters)),
        ("FontFile", _fonts(_no_file)),
    ],
)
def test_a_pdf_that_lacks_one_of_them_is_found(fault: str, change: Callable[[pikepdf.Pdf], None]) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(as_pdf("notice"))) as file:
        change(file)
        file.save(out)
    assert set(pdf_faults(out.getvalue())) == {fault}
