"""OpenDocument spreadsheets: values, repeats, what is hidden, bounds."""

from __future__ import annotations

import io
import zipfile

import pytest
from book_files import ods, ods_cell, read, zipped

from engine.register.sheet.book.container import TooMuchError, WorkbookContainer, WorkbookContainerError
from engine.register.sheet.book.facts import EncryptedError, SheetName
from engine.register.sheet.book.ods import OdsBook
from engine.register.sheet.book.workbook import open_book, rows_of
from engine.register.sheet.limits import Limits

REST = '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'

HUNDRED, FIVE = (f' table:number-rows-repeated="{count}"' for count in (100, 5))


def table(rows: str, name: str = "名册", style: str = "") -> str:
    return f'<table:table table:name="{name}"{style}>{rows}</table:table>'


def row(cells: str, attributes: str = "") -> str:
    return f"<table:table-row{attributes}>{cells}</table:table-row>"


def test_each_kind_of_cell_and_the_repeats() -> None:
    cells = (
        ods_cell("甲", ' table:number-columns-repeated="2"')
        + '<table:table-cell office:value-type="float" office:value="911301012345678901"><text:p>9.1E17</text:p></table:table-cell>'
        '<table:table-cell office:value-type="date" office:date-value="2024-04-20"><text:p>四月</text:p></table:table-cell>'
        '<table:table-cell office:value-type="percentage" office:value="0.05"><text:p>5%</text:p></table:table-cell>'
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>真</text:p></table:table-cell>'
    )
    data = ods(table(row(cells) + row(ods_cell("乙"), ' table:number-rows-repeated="2"') + REST))
    found = read(data)
    assert found[0] == (1, ["甲", "甲", "9.11301E+17", "2024-04-20", "0.05", "TRUE"])
    assert [(number, cells[0]) for number, cells in found[1:]] == [(2, "乙"), (3, "乙")]


def test_hidden_and_filtered_rows_columns_and_sheets_are_found() -> None:
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    rows = (
        row(ods_cell("甲"))
        + row(ods_cell("乙"), ' table:visibility="filter" table:number-rows-repeated="2"')
        + row(ods_cell("丙"), ' table:visibility="collapse"')
        + row("", ' table:visibility="collapse"')
        + row(ods_cell("丁"))
    )
    style = '<style:style style:name="t2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    data = ods(
        table(columns + rows) + table(row(ods_cell("戊")), "旧", ' table:style-name="t2"'), styles=style
    )
    book = open_book(data)
    assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [("名册", True), ("旧", False)]
    facts = book.facts(book.sheets[0])
    assert facts.hidden_rows == [1, 2, 3]
    assert facts.hidden_columns == [(1, 2)]
    assert facts.filtered


def test_rows_and_columns_of_no_size_and_groups_that_are_folded_up() -> None:
    styles = (
        '<style:style style:name="r0" style:family="table-row"><style:table-row-properties style:row-height="0cm"/></style:style>'
        '<style:style style:name="c0" style:family="table-column"><style:table-column-properties style:column-width="0.2mm"/></style:style>'
        '<style:style style:name="c9" style:family="table-column"><style:table-column-properties style:column-width="2cm"/></style:style>'
    )
    columns = (
        '<table:table-column table:style-name="c9"/><table:table-column table:style-name="c0"/>'
        '<table:table-column-group table:display="false"><table:table-column table:style-name="c9"/></table:table-column-group>'
        "<table:table-column-group><table:table-column/></table:table-column-group>"
    )
    rows = (
        row(ods_cell("甲"))
        + row(ods_cell("乙"), ' table:style-name="r0"')
        + f'<table:table-row-group table:display="false"><table:table-row-group>{row(ods_cell("丙"))}</table:table-row-group>{row(ods_cell("丁"))}</table:table-row-group>'
        + f"<table:table-row-group>{row(ods_cell('戊'))}</table:table-row-group>"
    )
    book = open_book(ods(table(columns + rows), styles=styles))
    facts = book.facts(book.sheets[0])
    assert facts.hidden_rows == [1, 2, 3]
    assert facts.hidden_columns == [(1, 1), (2, 2)]


def test_the_size_of_rows_that_do_not_say_theirs() -> None:
    default = '<style:default-style style:family="table-row"><style:table-row-properties style:row-height="0pt"/></style:default-style>'
    own = '<style:style style:name="r9" style:family="table-row"><style:table-row-properties style:row-height="0.5cm"/></style:style>'
    data = ods(
        table(row(ods_cell("甲"), ' table:style-name="r9"') + row(ods_cell("乙"))), styles=default + own
    )
    book = open_book(data)
    assert book.facts(book.sheets[0]).hidden_rows == [1]


HIDING = (
    '<style:style style:name="gone" style:family="table-cell"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="tiny" style:family="text"><style:text-properties fo:font-size="0pt"/></style:style>'
    '<style:style style:name="kept" style:family="table-cell"><style:table-cell-properties style:cell-protect="hidden-and-protected"/></style:style>'
)


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        (row(ods_cell("甲") + ods_cell("乙", ' table:style-name="gone"')), {1}),
        (row(ods_cell("甲", ' table:style-name="gone" table:number-columns-repeated="2"')), {0, 1}),
        (row(ods_cell("甲"), ' table:default-cell-style-name="gone"'), {0}),
        (
            '<table:table-column/><table:table-column table:number-columns-repeated="3" table:default-cell-style-name="gone"/>'
            + row(
                ods_cell("甲", ' table:number-columns-repeated="3"') + ods_cell("乙", ' table:style-name="x"')
            ),
            {1, 2},
        ),
        (
            row(
                '<table:table-cell office:value-type="string"><text:p>甲<text:span text:style-name="tiny">乙</text:span></text:p></table:table-cell>'
                + ods_cell("丙")
            ),
            {0},
        ),
        (row('<table:table-cell table:style-name="gone"/>'), set()),
        (row(ods_cell("甲", ' table:style-name="gone"'), ' table:visibility="collapse"'), set()),
        (row(ods_cell("甲", ' table:style-name="kept"')), set()),
    ],
)
def test_cells_that_do_not_show_what_they_hold_are_found(content: str, columns: set[int]) -> None:
    data = ods(table(content), styles=HIDING)
    book = open_book(data)
    facts = book.facts(book.sheets[0])
    assert facts.unseen_columns == columns
    assert {column for column in range(9) if facts.column_hidden(column)} == columns


def test_a_protected_sheet_hides_cells_and_common_styles_count() -> None:
    protected = table(row(ods_cell("甲", ' table:style-name="kept"')), style=' table:protected="true"')
    book = open_book(ods(protected, styles=HIDING))
    assert book.facts(book.sheets[0]).unseen_columns == {0}
    common = f'<office:document-styles xmlns:office="o" xmlns:style="s" xmlns:text="t" xmlns:fo="f">{HIDING}</office:document-styles>'
    plain = ods(table(row(ods_cell("甲") + ods_cell("乙", ' table:style-name="gone"'))))
    with zipfile.ZipFile(io.BytesIO(plain)) as parts:
        both = zipped({**{name: parts.read(name) for name in parts.namelist()}, "styles.xml": common})
    book = open_book(both)
    assert book.facts(book.sheets[0]).unseen_columns == {1}


def test_rows_that_hold_nothing_but_formulas_are_known() -> None:
    empty = '<table:table-cell table:formula="of:=[.A1]" office:value-type="string" office:string-value=""/>'
    result = '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    data = ods(table(row(ods_cell("甲") + result) + row(empty) + row(result)))
    book = open_book(data)
    facts = book.facts(book.sheets[0])
    assert facts.formula_rows == {1, 2}
    assert facts.formulas == 2


@pytest.mark.parametrize(
    ("what", "content"),
    [
        (
            "places",
            row(ods_cell("a", ' table:number-columns-repeated="1000"'), ' table:number-rows-repeated="1000"'),
        ),
        ("columns", row(ods_cell("a", ' table:number-columns-repeated="99999"'))),
        ("rows", row(ods_cell("a"), ' table:number-rows-repeated="200000"')),
        ("rows", row("", ' table:number-rows-repeated="99999999"') * 2),
        ("text", row(ods_cell("甲" * 30_000), ' table:number-rows-repeated="2000"')),
        ("elements", row("<table:table-cell/>") * 300_000),
    ],
)
def test_more_than_a_file_of_its_size_may_hold_is_refused(what: str, content: str) -> None:
    with pytest.raises(TooMuchError) as caught:
        read(ods(table(content)))
    assert caught.value.what == what


def text_of(inside: str, attributes: str = "") -> str:
    """Return a cell whose text is written with elements."""
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{inside}</text:p></table:table-cell>'


BLANKS = '<text:s text:c="%d"/>'
WIDE = ' table:number-columns-repeated="1000"'
FORMULA = "<table:table-cell table:formula='of:=%s'%s/>"
EMPTY = '<table:table-cell office:value-type="string"%s/>'
FAR = row("<table:table-cell/>", ' table:number-rows-repeated="50000"')


@pytest.mark.parametrize(
    ("what", "content"),
    [
        ("cell", row(text_of("甲" + BLANKS % 300_000_000))),
        ("cell", row(text_of("甲" + BLANKS % 10**24))),
        ("cell", row(text_of(BLANKS % 60_000 * 9))),
        ("cell", row(text_of("<text:s text:c='00000000000000000000200000'/>"))),
        ("cell", row(text_of(f"<text:span><text:a>{BLANKS % 140_000}</text:a></text:span>"))),
        ("cell", row(f"<table:covered-table-cell>{BLANKS % 140_000}</table:covered-table-cell>")),
        ("text", row(text_of("a" + BLANKS % 130_000, HUNDRED.replace("rows", "columns")), HUNDRED)),
        ("text", row(FORMULA % ("A" * 60_000, WIDE))),
        ("text", row(FORMULA % ("A" * 600, WIDE), HUNDRED)),
        ("places", row(FORMULA % (1, "")) + FAR + row(f"<table:table-cell{WIDE}/>" + FORMULA % (1, ""))),
        ("places", row(EMPTY % WIDE, ' table:number-rows-repeated="1000"')),
        (
            "places",
            row(f"<table:table-cell office:string-value=''{WIDE}/>", ' table:number-rows-repeated="1000"'),
        ),
        ("columns", row(EMPTY % ' table:number-columns-repeated="16384"')),
        ("unpacked", row("<!--" + "a" * 900_000 + "-->") + row(("<!--" + "a" * 900_000 + "-->") * 18)),
    ],
)
def test_what_a_reader_of_values_makes_of_little_counts(what: str, content: str) -> None:
    with pytest.raises(TooMuchError) as caught:
        open_book(ods(table(content)))
    assert caught.value.what == what


@pytest.mark.parametrize(
    "content",
    [
        # Of two attributes, or tables, or cells, readers would not take the same.
        row(text_of("<text:s x:c='1' text:c='300000000' xmlns:x='x'/>")),
        row(text_of("a", " xmlns:x='x' x:number-columns-repeated='1' table:number-columns-repeated='16000'")),
        row(text_of("a"), " xmlns:x='x' x:number-rows-repeated='1' table:number-rows-repeated='1000000'"),
        row(
            f'<table:table-cell office:value-type="string">{BLANKS % 90_000}{ods_cell("b")}</table:table-cell>'
        ),
        row(ods_cell("a")) + table(row(ods_cell("b", WIDE), HUNDRED)),
        row(f"<table:table-cell>{table(row(ods_cell('b', WIDE), HUNDRED))}</table:table-cell>"),
    ],
)
def test_what_may_be_counted_in_two_ways_is_refused(content: str) -> None:
    with pytest.raises(WorkbookContainerError):
        open_book(ods(table(content)))


def test_blanks_empty_texts_and_formulas_that_come_again_are_read() -> None:
    cells = text_of(f"甲<text:s/>乙{BLANKS % 3}丙{BLANKS % 0}")
    twice = '<table:table-cell table:formula="of:=1" office:value-type="float" office:value="1" table:number-columns-repeated="2"/>'
    assert read(ods(table(row(cells + EMPTY % "" + twice)))) == [(1, ["甲 乙   丙", "", "1", "1"])]


def test_many_sheets_are_bounded_together() -> None:
    wide = row(ods_cell("a", ' table:number-columns-repeated="500"'), ' table:number-rows-repeated="500"')
    with pytest.raises(TooMuchError):
        open_book(ods("".join(table(wide, f"表{number}") for number in range(4))))


@pytest.mark.parametrize(
    "content",
    [
        "",
        table(row(ods_cell("a", ' table:number-columns-repeated="0"'))),
        table(row(ods_cell("a"), ' table:number-rows-repeated="x"')),
        "<table:table>",
    ],
)
def test_what_is_no_spreadsheet(content: str) -> None:
    with pytest.raises(WorkbookContainerError):
        read(ods(content))


def test_a_spreadsheet_with_a_password_says_so() -> None:
    manifest = "<m:manifest xmlns:m='m'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    with pytest.raises(EncryptedError):
        open_book(zipped({"META-INF/manifest.xml": manifest, "content.xml": "\x01\x02"}))


def test_the_book_itself_gives_names_facts_and_one_file_of_its_rows_alone() -> None:
    data = ods(
        table(row(ods_cell("甲")) + row('<table:table-cell table:formula="of:=1"/>')) + table("", "空")
    )
    limits = Limits.of(len(data))
    book = OdsBook(WorkbookContainer(data, limits), limits)
    assert book.sheets == [SheetName("名册", True, "0"), SheetName("空", True, "1")]
    facts = book.facts(book.sheets[0])
    assert (facts.formula_rows, facts.formulas, facts.hidden_rows) == ({1}, 0, [])
    ((_, block),) = book.blocks(book.sheets[0])
    kept = b"".join(WorkbookContainer(block, limits).pieces("content.xml"))
    whole = b"".join(WorkbookContainer(data, limits).pieces("content.xml"))
    rows = whole[whole.index(b"<table:table-row>") : whole.index(b"</table:table>")]
    assert rows in kept
    assert kept.count(b"</table:table>") == 1
    assert list(book.blocks(book.sheets[1])) == []
    with pytest.raises(WorkbookContainerError):
        OdsBook(WorkbookContainer(zipped({"content.xml": "<a/>"}), limits), limits)


def test_a_content_in_utf_16_is_read() -> None:
    plain = ods(table(row(ods_cell("甲"))))
    with zipfile.ZipFile(io.BytesIO(plain)) as parts:
        content = parts.read("content.xml").decode()
    assert read(zipped({"content.xml": content.encode("utf-16")})) == [(1, ["甲"])]


def test_a_large_sheet_is_read_in_parts_with_its_rows_where_they_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Groups that are open where it is cut, empty rows between, repeated rows, a sheet behind it."""
    monkeypatch.setattr("engine.register.sheet.book.ods.BLOCK", 3)
    empty = '<table:table-cell table:number-columns-repeated="2"/>'
    numbered = [row(ods_cell(f"甲{n}") + empty + ods_cell("乙")) for n in range(4)]
    rows = (
        f"<table:table-header-rows>{numbered[0]}</table:table-header-rows>"
        f"<table:table-row-group><table:table-row-group>{numbered[1]}"
        f"{row(empty, HUNDRED)}{numbered[2]}"
        f"</table:table-row-group>{numbered[3]}</table:table-row-group>"
        f"{row(ods_cell('丙'), FIVE)}{row(ods_cell('丁'))}"
    )
    data = ods(table(rows) + table(row(ods_cell("戊")), "另一个"))
    book = open_book(data)
    assert len(list(book.blocks(book.sheets[0]))) > 3
    filled = {1: 0, 2: 1, 103: 2, 104: 3}
    expected = [(number, [f"甲{n}", "", "", "乙"]) for number, n in filled.items()]
    expected += [(number, ["丙"]) for number in range(105, 110)]
    assert [(number, _stripped(cells)) for number, cells in read(data)] == [*expected, (110, ["丁"])]
    assert [*rows_of(book, book.sheets[1], book.facts(book.sheets[1]))] == [(1, ["戊"])]


def _stripped(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return cells


def test_what_is_around_a_row_is_bounded() -> None:
    with pytest.raises(TooMuchError):
        open_book(ods(table(f"{'<x>' * 1_000}{row(ods_cell('甲'))}{'</x>' * 1_000}")))
    with pytest.raises(TooMuchError):
        open_book(ods(table(f"<x{'y' * 20_000}>{row(ods_cell('甲'))}</x{'y' * 20_000}>")))
    with pytest.raises(WorkbookContainerError):
        open_book(ods(table("<table:table-row><table:table-row/></table:table-row>")))
