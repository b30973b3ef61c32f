"""Excel workbooks as other programs write them: what is read, what is hidden, what is refused before cells are made."""

from __future__ import annotations

import zipfile

import pytest
from book_files import links, read, rows_of_texts, text_cell, xlsx, xlsx_parts, zipped

from engine.register.sheet.book import xlsx_sheet
from engine.register.sheet.book.container import (
    DuplicatePartError,
    TooMuchError,
    WorkbookContainer,
    WorkbookContainerError,
)
from engine.register.sheet.book.facts import PlaceError, SheetFacts
from engine.register.sheet.book.workbook import open_book, rows_of
from engine.register.sheet.book.xlsx_sheet import number_text
from engine.register.sheet.limits import Limits

STYLES = (
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/>'
    '<numFmt numFmtId="165" formatCode="0.00&quot;day&quot;\\d_d*d"/></numFmts>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="57"/></cellXfs>'
)


def number(text: str, style: str = "0", **how: str) -> str:
    ((_, cells),) = read(
        xlsx(f'<row r="1"><c r="A1" s="{style}"><v>{text}</v></c></row>', styles=STYLES, **how)
    )
    return cells[0]


def facts(data: bytes) -> SheetFacts:
    book = open_book(data)
    return book.facts(book.sheets[0])


def test_cells_stand_where_they_say_and_rows_keep_their_numbers() -> None:
    rows = (
        '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
        '<row r="4"/><row><c r="A5"><v>3</v></c><c><v>4</v></c></row><row r="9"><c r="A9" s="1"/></row>'
    )
    assert [(row, [*cells[:4]]) for row, cells in read(xlsx(rows, styles=STYLES))] == [
        (2, ["", "1", "", "2"]),
        (5, ["3", "4", "", ""]),
    ]


def test_a_sheet_that_begins_in_another_corner() -> None:
    assert read(xlsx('<row r="7"><c r="C7"><v>1</v></c></row>')) == [(7, ["", "", "1"])]


def test_each_kind_of_cell() -> None:
    rows = (
        '<row r="1"><c t="s"><v>1</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c>'
        '<c t="str"><v>甲</v></c><c t="inlineStr"><is><r><t>乙</t></r><rPh><t>yi</t></rPh><r><t>丙</t></r></is></c>'
        '<c t="d"><v>2024-04-20T10:30:00</v></c></row>'
    )
    strings = "<si><t>零</t></si><si><r><t>一</t></r><r><t>二</t></r><rPh><t>yi</t></rPh></si>"
    assert read(xlsx(rows, strings=strings)) == [
        (1, ["一二", "TRUE", "FALSE", "#N/A", "甲", "乙丙", "2024-04-20 10:30:00"])
    ]


def test_a_formula_is_read_by_its_saved_result_and_named_where_there_is_none() -> None:
    rows = (
        '<row r="1"><c><f>A2+1</f><v>7</v></c><c><f>B2</f></c><c t="str"><f>C2</f><v></v></c>'
        '<c><f>D2</f><v></v></c><c t="str"><f>E2</f><v>乙</v></c></row>'
        '<row r="2"><c t="str"><f>A3</f><v></v></c></row><row r="3"><c><f>A4</f><v>0</v></c></row>'
    )
    data = xlsx(rows)
    assert read(data) == [(1, ["7", "=B2", "", "=D2", "乙"]), (3, ["0", "", "", "", ""])]
    found = facts(data)
    assert found.formulas == 3
    assert found.formula_rows == {0, 1, 2}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("123456789012345", "123456789012345"),
        ("911301000000000000", "9.11301E+17"),
        ("911301000000000123", "9.11301E+17"),
        ("1000000000000000", "1.00000E+15"),
        ("12.50", "12.5"),
        ("1E2", "100"),
        ("0.1", "0.1"),
        ("0.10000000000000001", "0.1"),
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
        ("45402.99999999", "1", "2024-04-21"),
        ("45402", "4", "2024-04-20"),
        ("45402", "0", "45402"),
        # Its letters are quoted, escaped or filled in: no date, and what it shows is taken.
        ("45402", "3", "45402.00dayd"),
        ("61", "1", "1900-03-01"),
        ("60", "1", "60"),
        ("0.5", "1", "0.5"),
        ("-3", "1", "-3"),
        ("2958465", "1", "9999-12-31"),
        ("2958466", "1", "2958466"),
    ],
)
def test_a_number_is_a_date_only_in_a_date_format(text: str, style: str, shown: str) -> None:
    assert number(text, style) == shown


def test_workbooks_that_count_from_1904() -> None:
    for value in ("1", "true"):
        assert number("43940", "1", properties=f'<workbookPr date1904="{value}"/>') == "2024-04-20"
    assert number("43940", "1", properties='<workbookPr date1904="0"/>') == "2020-04-19"


def shared(*numbers: int) -> str:
    """Return a row of cells with shared texts."""
    cells = (f'<c t="s"><v>{number}</v></c>' for number in numbers)
    return f"<row>{''.join(cells)}</row>"


def test_shared_texts_of_many_runs_readings_and_blanks() -> None:
    strings = (
        '<si><t>甲 </t></si><si><t xml:space="preserve"> 乙\n</t></si><si/><si><t/></si>'
        '<si><r><rPr><sz val="11"/></rPr><t>示</t></r><r><t xml:space="preserve"> 例</t></r><rPh sb="0" eb="1"><t>ya</t></rPh></si>'
        "<si><t><![CDATA[<丙>&]]></t></si><si><t>_x4E00__x000D__x005F_x0041_</t></si><si><r><t>_x00</t></r><r><t>41_</t></r></si>"
    )
    assert read(xlsx(shared(*range(8)), strings=strings)) == [
        (1, ["甲", " 乙\n", "", "", "示 例", "<丙>&", "一\r_x0041_", "_x0041_"])
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_large_sheet_takes_from_the_table_what_each_part_of_it_uses(
    monkeypatch: pytest.MonkeyPatch, backwards: bool
) -> None:
    monkeypatch.setattr(xlsx_sheet, "BLOCK", 6)
    texts = [f"示例{number}" for number in range(30)]
    table = "".join(f"<si><t>{text}</t></si>" for text in (reversed(texts) if backwards else texts))
    last = len(texts) - 1
    rows = [
        shared(*(last - one if backwards else one for one in (number, number + 1, 0)))
        for number in range(0, 28, 2)
    ]
    data = xlsx("".join(rows), strings=table)
    book = open_book(data)
    facts = book.facts(book.sheets[0])
    blocks = [block for _, block in book.blocks(book.sheets[0])]
    assert len(blocks) == 7
    assert [cells for _, cells in rows_of(book, book.sheets[0], facts)] == [
        [texts[number], texts[number + 1], texts[0]] for number in range(0, 28, 2)
    ]
    for place, block in enumerate(blocks):
        part = b"".join(
            WorkbookContainer(block, Limits.of(len(block))).pieces("xl/sharedStrings.xml")
        ).decode()
        assert part.count("<t ") == (4 if place == 0 else 5)


def test_a_table_of_shared_texts_is_not_counted_for_each_of_many_sheets() -> None:
    count = 60_000
    parts = xlsx_parts(shared(count - 1), strings="<si/>" * (count - 1) + "<si><t>甲</t></si>")
    data = zipped(parts)
    book = open_book(data)
    facts = book.facts(book.sheets[0])
    most = 16 * Limits.of(len(data)).elements // count
    for _ in range(most):
        assert list(rows_of(book, book.sheets[0], facts)) == [(1, ["甲"])]
    with pytest.raises(TooMuchError) as caught:
        list(rows_of(book, book.sheets[0], facts))
    assert caught.value.what == "elements"


def test_how_many_shared_texts_a_part_says_it_has_is_not_trusted() -> None:
    parts = xlsx_parts(shared(0), strings="<si><t>甲</t></si>")
    name = "xl/sharedStrings.xml"
    parts[name] = parts[name].replace("<sst ", '<sst count="9" uniqueCount="2000000000" ')
    book = open_book(zipped(parts))
    ((_, block),) = [*book.blocks(book.sheets[0])][:1]
    given = b"".join(WorkbookContainer(block, Limits.of(len(block))).pieces(name))
    assert b"2000000000" not in given
    assert read(zipped(parts)) == [(1, ["甲"])]


def test_the_escape_of_the_standard_is_undone_once_everywhere() -> None:
    rows = f'<row><c t="s"><v>0</v></c>{text_cell("a_x0041_b")}<c t="str"><v>_x005F_x000D_</v></c></row>'
    strings = "<si><t>甲_x0020_乙</t></si>"
    assert read(xlsx(rows, strings=strings)) == [(1, ["甲 乙", "aAb", "_x000D_"])]
    assert open_book(xlsx("", name="名_x0028_册_x0029_")).sheets[0].name == "名(册)"


def test_hidden_and_filtered_rows_and_columns_are_found() -> None:
    rows = rows_of_texts([["甲", "乙"]]) + (
        f'<row r="2" hidden="1">{text_cell("丙")}</row><row r="3" hidden=" true "/>'
        f'<row r="4" ht="0">{text_cell("丁")}</row><row r="5">{text_cell("戊")}</row>'
    )
    sheet = (
        '<cols><col min="1" max="1" width="9"/><col min="2" max="3" hidden=" 1 "/><col min="5" max="5" width="0"/></cols>'
        f"<sheetData>{rows}</sheetData>"
        '<autoFilter ref="A1:B5"><filterColumn colId="0"/></autoFilter>'
    )
    found = facts(xlsx(sheet, data=False))
    assert found.hidden_rows == [1, 3]
    assert found.hidden_columns == [(1, 2), (4, 4)]
    assert [found.column_hidden(place) for place in range(6)] == [False, True, True, False, True, False]
    assert found.filtered
    assert not facts(xlsx(rows_of_texts([["甲"]]), data=True)).filtered


@pytest.mark.parametrize(
    ("before", "row", "hidden"),
    [
        ('<sheetFormatPr defaultRowHeight="0" customHeight="1"/>', "", [1]),
        ('<sheetFormatPr defaultRowHeight="0.0"/>', 'ht="15"', []),
        # Rows that are in the file are shown: it is the empty ones behind them that are hidden.
        ('<sheetFormatPr zeroHeight="1" defaultRowHeight="15"/>', "", []),
        ('<sheetFormatPr zeroHeight="1" defaultRowHeight="15"/>', 'hidden="1"', [1]),
        ("", 'ht="0.00"', [1]),
        ("", 'ht="0E0"', [1]),
        ("", 'ht="1.5" customHeight="1"', [1]),
        ("", 'ht="12.75"', []),
        ("", 'outlineLevel="1"', [1]),
        ('<sheetPr><outlinePr summaryBelow="0"/></sheetPr>', 'outlineLevel="1"', []),
        ("", 'outlineLevel="0"', []),
    ],
)
def test_rows_of_no_height_and_groups_of_rows_that_are_folded_up(
    before: str, row: str, hidden: list[int]
) -> None:
    rows = f'<row ht="15">{text_cell("甲")}</row><row {row}>{text_cell("乙")}</row><row r="3" ht="15" collapsed="1"/>'
    found = facts(xlsx(f"{before}<sheetData>{rows}</sheetData>", data=False))
    assert found.hidden_rows == hidden


@pytest.mark.parametrize(
    ("before", "hidden"),
    [
        ('<sheetFormatPr defaultColWidth="0"/>', {0, 1, 2, 3}),
        ('<sheetFormatPr defaultColWidth="0.0"/><cols><col min="2" max="3" width="9"/></cols>', {0, 3}),
        ('<sheetFormatPr defaultColWidth="0"/><cols><col min="2" max="3" width="9" hidden="1"/></cols>', {0, 1, 2, 3}),
        ('<sheetFormatPr defaultColWidth="0"/><cols><col min="1" max="4" style="1"/></cols>', {0, 1, 2, 3}),
        ('<sheetFormatPr defaultColWidth="8.43"/><cols><col min="2" max="2" width="0.000"/></cols>', {1}),
        ('<cols><col min="4" max="4" width="0.3" customWidth="1"/></cols>', {3}),
        ('<cols><col min="1" max="2" width="9" outlineLevel="1"/><col min="3" max="3" width="9" collapsed="1"/></cols>', {0, 1}),
        (
            ('<sheetPr><outlinePr summaryRight="0"/></sheetPr><cols><col min="1" max="1" width="9" collapsed="true"/>'
            '<col min="2" max="2" width="9" outlineLevel="2"/></cols>'),
            {1},
        ),
        ('<sheetFormatPr defaultColWidth="9"/><cols><col min="1" max="4" width="9" outlineLevel="1"/></cols>', set()),
    ],
)  # fmt: skip
def test_columns_of_no_width_and_groups_of_columns_that_are_folded_up(before: str, hidden: set[int]) -> None:
    rows = rows_of_texts([["甲", "乙", "丙", "丁"]])
    found = facts(xlsx(f"{before}<sheetData>{rows}</sheetData>", data=False))
    assert {place for place in range(4) if found.column_hidden(place)} == hidden


def test_no_more_is_said_about_columns_than_there_are() -> None:
    column = '<col min="1" max="1" width="9"/>'
    with pytest.raises(TooMuchError):
        facts(xlsx(f"<cols>{column * 16_385}</cols><sheetData/>", data=False))


@pytest.mark.parametrize(
    "renamed",
    [
        lambda name: name.replace("/", "\\"),
        str.upper,
        lambda name: name.replace("sharedStrings", "SHAREDSTRINGS").replace("one", "ONE"),
        lambda name: f"/{name}",
        lambda name: f"./{name}",
        lambda name: f".\\{name}",
    ],
)
def test_names_of_parts_are_met_in_any_case_and_with_any_separator(renamed: object) -> None:
    parts = xlsx_parts('<row><c t="s"><v>0</v></c></row>', strings="<si><t>甲</t></si>")
    changed = {(name if name.startswith("[") else renamed(name)): text for name, text in parts.items()}  # type: ignore[operator] # one of the above
    assert read(zipped(changed)) == [(1, ["甲"])]


def test_parts_that_stand_elsewhere_are_found_by_their_relations() -> None:
    parts = xlsx_parts(rows_of_texts([["甲"]]))
    moved = {
        "_rels/.rels": links([("a", "officeDocument", "/book/main.xml")]),
        "book/main.xml": parts["xl/workbook.xml"],
        "book/_rels/main.xml.rels": links([("r1", "worksheet", "..\\sheets\\1.xml")]),
        "sheets/1.xml": parts["xl/worksheets/one.xml"],
    }
    assert read(zipped(moved)) == [(1, ["甲"])]


def test_programs_that_prefix_every_tag() -> None:
    parts = xlsx_parts("")
    parts["xl/worksheets/one.xml"] = (
        '<x:worksheet xmlns:x="x"><x:sheetData><x:row r="3"><x:c r="A3"><x:v>5</x:v></x:c>'
        '<x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert read(zipped(parts)) == [(3, ["5", "甲"])]


def test_two_parts_of_one_name_are_refused() -> None:
    parts = xlsx_parts(rows_of_texts([["甲"]]))
    with pytest.raises(DuplicatePartError):
        open_book(zipped({**parts, "XL\\worksheets\\one.xml": parts["xl/worksheets/one.xml"]}))


@pytest.mark.parametrize(
    "damage",
    [
        {"xl/workbook.xml": "<workbook/>"},
        {"xl/workbook.xml": "<workbook>"},
        {"xl/workbook.xml": '<workbook><sheets><sheet name="x" id="r9"/></sheets></workbook>'},
        {"xl/workbook.xml": '<workbook><sheets><sheet id="r1"/></sheets></workbook>'},
        {"xl/workbook.xml": '<!DOCTYPE x [<!ENTITY a "b">]><workbook/>'},
        {"xl/workbook.xml": '<?xml version="1.0" encoding="gbk"?><workbook/>'},
        {"_rels/.rels": "<Relationships><Relationship Id='a'/></Relationships>"},
        {"xl/worksheets/one.xml": "<worksheet><sheetData><row>"},
        {"xl/worksheets/one.xml": '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'},
    ],
)
def test_parts_that_make_no_workbook(damage: dict[str, str]) -> None:
    with pytest.raises(WorkbookContainerError):
        read(zipped({**xlsx_parts(rows_of_texts([["甲"]])), **damage}))


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="x"/>',
        '<row><c t="s"><v>5</v></c></row>',
        '<row><c r="XFE1"><v>1</v></c></row>',
        '<row><c r="1"><v>1</v></c></row>',
        '<row r="1048577"><c><v>1</v></c></row>',
        '<row r="99999999999"><c><v>1</v></c></row>',
    ],
)
def test_rows_that_cannot_be_read(rows: str) -> None:
    with pytest.raises(WorkbookContainerError):
        read(xlsx(rows))


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="2">{text_cell("甲")}</row><row r="3"/><row r="2">{text_cell("乙")}</row>',
        f'<row r="2">{text_cell("甲")}</row><row r="1">{text_cell("丙")}</row><row>{text_cell("乙")}</row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c><c r="C2"><v>2</v></c><c r="B2"><v>3</v></c></row>',
        '<row r="2"><c r="A3"><v>1</v></c></row><row r="3"><c r="A3"><v>2</v></c></row>',
    ],
)
def test_two_rows_or_cells_at_one_place_are_refused(rows: str) -> None:
    with pytest.raises(PlaceError) as caught:
        read(xlsx(rows))
    assert caught.value.row == 1


def test_rows_without_order_and_empty_ones_that_come_again() -> None:
    rows = '<row r="3"><c><v>3</v></c></row><row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row><row r="3"/>'
    assert [(row, cells[0]) for row, cells in read(xlsx(rows))] == [(1, "1"), (3, "3")]


@pytest.mark.parametrize(
    ("what", "sheet", "how"),
    [
        ("columns", '<row><c r="XFC1"><v>1</v></c></row>' * 5000, {}),
        ("places", '<row><c r="BXX1"><v>1</v></c></row><row r="40000"><c><v>1</v></c></row>', {}),
        ("elements", "<row><c/></row>" * 300_000, {}),
        ("rows", "<row><c><v>1</v></c></row>" * 100_000, {}),
        ("elements", "", {"styles": "<cellXfs><xf/></cellXfs>" + "<a/>" * 600_000}),
        ("styles", "", {"styles": f"<cellXfs>{'<xf/>' * 70_000}</cellXfs>"}),
        ("elements", "", {"strings": "<si><t>a</t></si>" * 300_000}),
        ("text", '<row><c t="s"><v>0</v></c></row>' * 2000, {"strings": f"<si><t>{'甲' * 10_000}</t></si>"}),
        ("cell", f"<row>{text_cell('甲' * 200_000)}</row>", {}),
        ("unpacked", "", {"more": " " * 30_000_000}),
        ("formulas", f"<row>{'<c><f>1</f></c>' * 3}</row>" * 50_000, {}),
    ],
)
def test_more_than_a_file_of_its_size_may_hold_is_refused_before_cells_are_made(
    what: str, sheet: str, how: dict[str, str]
) -> None:
    data = xlsx(sheet, **how)
    assert len(data) < 800_000
    with pytest.raises(TooMuchError) as caught:
        read(data)
    assert caught.value.what == what


def test_the_directory_of_the_zip_is_not_trusted() -> None:
    data = bytearray(xlsx(rows_of_texts([["甲" * 50]])))
    at = data.index(b"PK\1\2", data.index(b"xl/worksheets/one.xml"))
    at = next(
        place
        for place in range(at, len(data))
        if data[place : place + 4] == b"PK\1\2" and b"one.xml" in data[place : place + 80]
    )
    data[at + 24 : at + 28] = (7).to_bytes(4, "little")
    with pytest.raises(WorkbookContainerError):
        read(bytes(data))
    with pytest.raises(WorkbookContainerError):
        read(zipped(xlsx_parts(rows_of_texts([["甲"]])), zipfile.ZIP_LZMA))


def test_numbers_that_are_none() -> None:
    assert read(xlsx("<row><c><v>abc</v></c></row>")) == [(1, ["abc"])]
    assert number_text(float("nan")) == "nan"
    assert number_text(float("inf")) == "inf"


UNSEEN = (
    '<numFmts><numFmt numFmtId="170" formatCode=";;;"/><numFmt numFmtId="171" formatCode=";;;@"/></numFmts>'
    '<fonts><font><sz val="11"/></font><font><sz val="1"/></font></fonts>'
    '<cellXfs><xf/><xf numFmtId="170"/><xf numFmtId="171"/><xf fontId="1"/></cellXfs>'
)


def styled(style: int, value: str = "<v>7</v>") -> str:
    return f'<c s="{style}">{value}</c>'


@pytest.mark.parametrize(
    ("cells", "columns"),
    [
        (text_cell("甲") + styled(1) + styled(0), {1}),
        (styled(2) + styled(3), {0, 1}),
        (text_cell("甲").replace("<c ", '<c s="1" ') + text_cell("乙").replace("<c ", '<c s="2" '), {0}),
        ('<c t="s"><v>0</v></c><c t="s"><v>1</v></c><c><v>1</v></c>', {1}),
        ('<c t="inlineStr"><is><r><rPr><sz val="1"/></rPr><t>甲</t></r></is></c>' + text_cell("乙"), {0}),
        ('<c s="1" t="e"><v>#N/A</v></c>' + styled(1, ""), set()),
    ],
)
def test_cells_that_do_not_show_what_they_hold_are_found(cells: str, columns: set[int]) -> None:
    strings = '<si><t>甲</t></si><si><r><rPr><sz val="1"/></rPr><t>乙</t></r></si>'
    book = open_book(xlsx(f"<row>{cells}</row>", styles=UNSEEN, strings=strings))
    assert book.facts(book.sheets[0]).unseen_columns == columns
    hidden = open_book(xlsx(f'<row hidden="1">{cells}</row>', styles=UNSEEN, strings=strings))
    assert hidden.facts(hidden.sheets[0]).unseen_columns == set()


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_parts_in_utf_16_are_read(declared: bool, codec: str) -> None:
    """ECMA-376 part 2 allows it; the reader of values took such a sheet for an empty one."""
    plain = xlsx_parts(
        f'{rows_of_texts([["甲", "乙"], ["丙", "丁"]])}<row><c t="s"><v>0</v></c></row>',
        strings="<si><t>戊</t></si>",
        styles=STYLES,
    )
    parts: dict[str, str | bytes] = dict(plain)
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}[codec]
    head = '<?xml version="1.0" encoding="UTF-16"?>' if declared else ""
    for name in ("xl/worksheets/one.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"):
        parts[name] = mark + (head + plain[name]).encode(codec)
    assert read(zipped(parts)) == [(1, ["甲", "乙"]), (2, ["丙", "丁"]), (3, ["戊", ""])]
    parts["xl/worksheets/one.xml"] = mark + b"\x00\xd8" * 3
    with pytest.raises(WorkbookContainerError):
        read(zipped(parts))
