"""The cells of a workbook as texts, from parts written by hand, as other programs write them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook as Written

from engine.register.sheet.workbook import DAMAGED, Sheet, Workbook, WorkbookError

MOST = 1_000_000
PACKAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = '<workbook xmlns:r="r">{properties}<sheets>{sheets}</sheets></workbook>'


def book(
    rows: str,
    *,
    sheets: str = '<sheet name="名册" r:id="r1"/>',
    properties: str = "",
    strings: str | None = None,
    styles: str | None = None,
    prefix: str = "",
    **more: str,
) -> io.BytesIO:
    """Write a workbook with one worksheet of these rows."""
    links = [("r1", "worksheet", "worksheets/one.xml"), ("r2", "worksheet", "/xl/worksheets/two.xml")]
    parts = {
        "_rels/.rels": _links([("r0", "officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": BOOK.format(properties=properties, sheets=sheets),
        "xl/worksheets/one.xml": f"<{prefix}worksheet>{rows}</{prefix}worksheet>",
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f"<sst>{strings}</sst>"
        links.append(("r3", "sharedStrings", "sharedStrings.xml"))
    if styles is not None:
        parts["xl/styles.xml"] = f"<styleSheet>{styles}</styleSheet>"
        links.append(("r4", "styles", "styles.xml"))
    parts["xl/_rels/workbook.xml.rels"] = _links(links)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (parts | more).items():
            archive.writestr(name, text)
    return file


def _links(links: list[tuple[str, str, str]]) -> str:
    inside = "".join(
        f'<Relationship Id="{link}" Type="{PACKAGE}/{kind}" Target="{target}"/>'
        for link, kind, target in links
    )
    return f'<Relationships>{inside}<Relationship Id="x" Type="t" Target="u" TargetMode="External"/></Relationships>'


def cells(rows: str, **more: str) -> list[tuple[int, list[str]]]:
    opened = Workbook(book(rows, **more), MOST)
    return list(opened.rows(opened.sheets[0]))


def number(text: str, style: str = "") -> str:
    attribute = f' s="{style}"' if style else ""
    return cells(f'<row r="1"><c r="A1"{attribute}><v>{text}</v></c></row>', styles=STYLES)[0][1][0]


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/>'
    '<numFmt numFmtId="165" formatCode="0.00&quot;day&quot;\\d_d*d[h]"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
)


def test_sheets_by_name_with_their_parts() -> None:
    opened = Workbook(
        book("", sheets='<sheet name="甲" r:id="r1"/><sheet name="乙" r:id="r2" state="hidden"/>'), MOST
    )
    assert opened.sheets == (
        Sheet("甲", "xl/worksheets/one.xml", True),
        Sheet("乙", "xl/worksheets/two.xml", False),
    )
    opened.close()
    with pytest.raises(ValueError, match="closed"):
        next(opened.rows(opened.sheets[0]))


def test_cells_stand_where_they_say_and_rows_keep_their_numbers() -> None:
    assert cells(
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
        '<row r="4"/><row><c><v>3</v></c><c><v>4</v></c></row><row r="9"><c r="A9" s="1"/></row>'
    ) == [(2, ["", "1", "", "2"]), (5, ["3", "4"])]
    assert cells('<row r="1"><c r="AB1"><v>1</v></c><c r="A1"><v>2</v></c></row>') == [
        (1, ["2", *[""] * 26, "1"])
    ]


def test_each_kind_of_cell() -> None:
    assert cells(
        '<row r="1"><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>'
        '<c t="str"><v>甲</v></c><c t="inlineStr"><is><t>乙</t><rPh><t>yi</t></rPh><t>丙</t></is></c>'
        '<c t="d"><v>2024-04-20T10:30:00</v></c></row>',
        strings="<si><t>零</t></si><si><r><t>一</t></r><r><t>二</t></r><rPh><t>yi</t></rPh></si>",
    ) == [(1, ["一二", "TRUE", "FALSE", "#N/A", "甲", "乙丙", "2024-04-20 10:30:00"])]


def test_formulas_keep_their_sign_and_nothing_is_computed() -> None:
    assert cells(
        '<row r="1"><c><f>A1+1</f><v>7</v></c><c><f t="shared" si="0"/><v>7</v></c><c><v>7</v></c></row>'
    ) == [(1, ["=A1+1", "=…", "7"])]


def test_programs_that_prefix_every_tag() -> None:
    rows = '<x:row r="3"><x:c r="A3"><x:v>5</x:v></x:c><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row>'
    assert cells(rows, prefix="x:") == [(3, ["5", "甲"])]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("123456789012345", "123456789012345"),
        ("911301000000000000", "9.11301E+17"),
        ("1000000000000000", "1.00000E+15"),
        ("12.50", "12.5"),
        ("1E2", "100"),
        ("0.1", "0.1"),
        ("-3", "-3"),
    ],
)
def test_numbers_are_written_plainly_as_far_as_excel_keeps_them(text: str, shown: str) -> None:
    assert number(text) == shown


@pytest.mark.parametrize(
    ("text", "style", "shown"),
    [
        ("45402", "1", "2024-04-20"),
        ("45402.4375", "2", "2024-04-20 10:30:00"),
        ("45402", "0", "45402"),
        # Its letters are quoted, escaped or bracketed.
        ("45402", "3", "45402"),
        ("61", "1", "1900-03-01"),
        ("60", "1", "60"),
        ("2958465", "1", "9999-12-31"),
        ("2958466", "1", "2958466"),
    ],
)
def test_a_number_is_a_date_only_in_a_date_format(text: str, style: str, shown: str) -> None:
    assert number(text, style) == shown


def test_workbooks_that_count_from_1904() -> None:
    row = '<row r="1"><c s="1"><v>43940</v></c></row>'
    for value in ("1", "true"):
        made = cells(row, properties=f'<workbookPr date1904="{value}"/>', styles=STYLES)
        assert made == [(1, ["2024-04-20"])]
    assert cells(row, properties='<workbookPr date1904="0"/>', styles=STYLES) == [(1, ["2020-04-19"])]


@pytest.mark.parametrize(
    "damaged",
    [
        {"sheets": ""},
        {"sheets": '<sheet name="x" r:id="r9"/>'},
        {"sheets": '<sheet r:id="r1"/>'},
        {"xl/workbook.xml": "<workbook>"},
        {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'},
        {"styles": "<numFmts><numFmt numFmtId='x' formatCode='yyyy'/></numFmts>"},
    ],
)
def test_parts_that_make_no_workbook(damaged: dict[str, str]) -> None:
    with pytest.raises(DAMAGED):
        Workbook(book("", **damaged), MOST)


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="x"/>',
        '<row><c t="s"><v>5</v></c></row>',
        "<row><c><v>abc</v></c></row>",
        '<row><c r="XFE1"><v>1</v></c></row>',
        '<row><c r="1"><v>1</v></c></row>',
        "<row>",
    ],
)
def test_rows_that_cannot_be_read(rows: str) -> None:
    with pytest.raises(DAMAGED):
        cells(rows)


def test_a_file_that_unpacks_to_too_much_is_not_read() -> None:
    with pytest.raises(WorkbookError):
        Workbook(book("<row/>" * 1000), 1000)


instants = st.builds(
    datetime.combine,
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.times().map(lambda time: time.replace(microsecond=0)),
)
values = st.text(st.sampled_from("甲a <&"), min_size=1, max_size=5) | st.integers(-(10**9), 10**9) | instants


@given(st.lists(values, min_size=1, max_size=4))
@settings(max_examples=20)
def test_what_another_program_writes_is_read(row: list[str | int | datetime]) -> None:
    made = Written()
    assert made.active is not None
    made.active.append(row)
    file = io.BytesIO()
    made.save(file)
    opened = Workbook(file, MOST)
    ((_, found),) = opened.rows(opened.sheets[0])
    # A day without a time of day is a day.
    assert found == [str(value).removesuffix(" 00:00:00") for value in row]
