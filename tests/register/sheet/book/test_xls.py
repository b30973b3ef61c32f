"""Old Excel workbooks: values, hidden rows and columns, errors, bounds, damage."""

from __future__ import annotations

import struct

import pytest
from book_files import number_cell, read, record, shared_cell, xls, xls_stream

from engine.register.sheet.book.compound_file import SIGNATURE, CompoundFile, compound_file
from engine.register.sheet.book.container import TooMuchError, WorkbookContainerError
from engine.register.sheet.book.facts import EncryptedError, SheetName
from engine.register.sheet.book.workbook import open_book
from engine.register.sheet.book.xls import XlsBook
from engine.register.sheet.limits import Limits

TEXTS = ["统一社会信用代码", "企业名称", "示例甲有限公司"]


def row(number: int, *, hidden: bool = False, height: int = 255, flags: int = 0) -> bytes:
    flags |= 0x20 if hidden else 0
    return record(0x208, struct.pack("<6HI", number, 0, 3, height, 0, 0, flags))


def columns(first: int, last: int, *, width: int = 2000, flags: int = 0) -> bytes:
    return record(0x7D, struct.pack("<6H", first, last, width, 0, flags, 0))


def error_cell(line: int, column: int, code: int) -> bytes:
    return record(0x205, struct.pack("<3H2B", line, column, 0, code, 1))


def formula_cell(line: int, column: int, result: bytes) -> bytes:
    return record(
        0x06, struct.pack("<3H", line, column, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\x01\x00"
    )


def test_shared_texts_numbers_and_errors_are_read() -> None:
    body = (
        shared_cell(0, 0, 0)
        + shared_cell(0, 1, 1)
        + shared_cell(2, 1, 2)
        + number_cell(2, 0, 911301012345678901.0)
        + error_cell(2, 2, 42)
    )
    assert read(xls({"名册": body}, TEXTS)) == [
        (1, ["统一社会信用代码", "企业名称", ""]),
        (3, ["9.11301E+17", "示例甲有限公司", "#N/A"]),
    ]


def test_hidden_rows_columns_and_sheets_and_formulas_are_found() -> None:
    empty, seven = b"\3\0\0\0\0\0\xff\xff", struct.pack("<d", 7.0)
    body = (
        record(0x7D, struct.pack("<6H", 1, 2, 2000, 0, 1, 0))
        + record(0x9B, b"")
        + row(0)
        + row(1, hidden=True)
        + row(2, hidden=True)
        + shared_cell(0, 0, 0)
        + shared_cell(1, 0, 1)
        + formula_cell(3, 0, seven)
        + formula_cell(4, 0, empty)
    )
    book = open_book(xls({"名册": body, "旧": shared_cell(0, 0, 0)}, TEXTS, hidden=["旧"]))
    assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [("名册", True), ("旧", False)]
    facts = book.facts(book.sheets[0])
    assert facts.hidden_rows == [1]
    assert facts.hidden_columns == [(1, 2)]
    assert facts.filtered
    assert facts.formula_rows == {3, 4}
    assert facts.formulas == 1


def test_texts_that_go_on_in_the_next_record() -> None:
    stream = xls_stream({"名册": shared_cell(0, 0, 1)}, ["甲" * 10, "乙" * 10])
    at = stream.index(struct.pack("<H", 0xFC))
    length = struct.unpack_from("<H", stream, at + 2)[0]
    body = stream[at + 4 : at + 4 + length]
    cut = 8 + 3 + 20 + 3 + 8
    split = record(0xFC, body[:cut]) + record(0x3C, b"\1" + body[cut:])
    whole = bytearray(stream[:at] + split + stream[at + 4 + length :])
    place = whole.index(struct.pack("<H", 0x85)) + 4
    start = struct.unpack_from("<I", whole, place)[0] + len(split) - length - 4
    whole[place : place + 4] = struct.pack("<I", start)
    assert read(compound_file("Workbook", bytes(whole))) == [(1, ["乙" * 10])]


SAID = {
    "zero height": (row(1, height=0), [1], []),
    "one pixel": (row(1, height=15), [1], []),
    "ordinary height": (record(0x225, struct.pack("<2H", 0, 255)) + row(1, height=0x8000), [], []),
    "ordinary height is none": (record(0x225, struct.pack("<2H", 1, 0)) + row(0) + row(1, height=0x8000), [1], []),
    "rows that are not in the file": (record(0x225, struct.pack("<2H", 2, 255)) + row(0), [1], []),
    "a group of rows": (row(0) + row(1, flags=1) + row(2, flags=0x10), [1], []),
    "its sum is above": (record(0x81, b"\x80\0") + row(0, flags=0x10) + row(1, flags=1), [1], []),
    "open": (row(0) + row(1, flags=1) + row(2), [], []),
    "zero width": (columns(1, 2, width=0) + columns(3, 3), [], [1, 2]),
    "no width by default": (record(0x55, b"\0\0") + columns(0, 1), [], [2, 3]),
    "standard width": (record(0x55, b"\0\0") + record(0x99, struct.pack("<H", 2048)), [], []),
    "a group of columns": (columns(0, 0) + columns(1, 2, flags=0x100) + columns(3, 3, flags=0x1000), [], [1, 2]),
}  # fmt: skip


@pytest.mark.parametrize("what", SAID)
def test_rows_and_columns_of_no_size_and_groups_that_are_folded_up(what: str) -> None:
    records, rows, hidden = SAID[what]
    book = open_book(xls({"名册": records + shared_cell(0, 0, 0) + shared_cell(1, 0, 1)}, TEXTS))
    facts = book.facts(book.sheets[0])
    assert facts.hidden_rows == rows
    assert [place for place in range(4) if facts.column_hidden(place)] == hidden


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("columns", number_cell(0, 5000, 1.0)),
        ("places", number_cell(0, 0, 1.0) + number_cell(65_535, 255, 1.0)),
        ("text", b"".join(shared_cell(line, 0, 0) for line in range(2000))),
    ],
)
def test_more_than_a_file_of_its_size_may_hold_is_refused(what: str, body: bytes) -> None:
    with pytest.raises(TooMuchError) as caught:
        open_book(xls({"名册": body}, ["甲" * 30_000]))
    assert caught.value.what == what


@pytest.mark.parametrize(
    "data",
    [
        SIGNATURE,
        SIGNATURE + bytes(600),
        SIGNATURE + b"\xff" * 5000,
        compound_file("Other", b"x"),
        compound_file("Workbook", b"\x09\x08\xff\xff"),
        xls({"名册": shared_cell(0, 0, 9)}, TEXTS),
        xls({"名册": record(0xFD, b"\0")}, TEXTS),
        xls({}),
    ],
)
def test_what_is_no_workbook(data: bytes) -> None:
    with pytest.raises(WorkbookContainerError):
        read(data)


def test_a_chain_that_runs_in_a_circle_ends() -> None:
    data = bytearray(compound_file("Workbook", b"x" * 20_000))
    table = 4096
    # The first sector of the stream is followed by itself.
    data[table + 8 : table + 12] = struct.pack("<I", 2)
    with pytest.raises(WorkbookContainerError):
        CompoundFile(bytes(data)).stream("workbook")


def test_a_workbook_with_a_password_says_so() -> None:
    for data in (
        compound_file("EncryptedPackage", b"x"),
        xls({"名册": b""}).replace(record(0xFC, bytes(8)), record(0x2F, bytes(8))),
    ):
        with pytest.raises(EncryptedError):
            open_book(data)


@pytest.mark.parametrize("size", [0, 1, 4096, 100_000, 6_000_000])
def test_the_file_around_one_stream_gives_it_back(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert CompoundFile(compound_file("Workbook", content)).stream("WORKBOOK")[:size] == content


def test_the_book_itself_gives_names_facts_and_the_stream_alone() -> None:
    data = xls(
        {"名册": shared_cell(0, 0, 0) + row(1, hidden=True) + number_cell(1, 0, 2.0), "空": b""},
        TEXTS,
        ["空"],
    )
    book = XlsBook(data, Limits.of(len(data)))
    assert book.sheets == [SheetName("名册", True, "0"), SheetName("空", False, "1")]
    assert book.facts(book.sheets[0]).hidden_rows == [1]
    ((_, block),) = book.blocks(book.sheets[0])
    assert CompoundFile(block).stream("Workbook") == CompoundFile(data).stream("Workbook")
    with pytest.raises(WorkbookContainerError):
        XlsBook(compound_file("Other", b"x" * 5000), Limits.of(5000))


DIAGRAM = record(0x809, struct.pack("<4H2I", 0x600, 0x20, 0, 1997, 0, 0)) + record(0x0A, b"")
SPACES = b"\x19\x40\x00\xff"


def with_spaces(line: int, count: int) -> bytes:
    """Return a formula cell whose formula says so many times that 255 spaces come."""
    tokens = b"\x1e\x01\x00" + SPACES * count
    return record(0x06, struct.pack("<3HdHIH", line, 0, 0, 7.0, 0, 0, len(tokens)) + tokens)


def name_of_spaces(count: int) -> bytes:
    """Return a name for such a formula."""
    tokens = b"\x1e\x01\x00" + SPACES * count
    return record(0x18, struct.pack("<H2B3H4B", 0, 0, 1, len(tokens), 0, 0, 0, 0, 0, 0) + b"\0a" + tokens)


def test_what_a_reader_of_values_would_make_much_of_is_not_handed_over() -> None:
    far = record(0x200, struct.pack("<2I3H", 0, 65_536, 0, 256, 0))
    body = far + shared_cell(0, 0, 0) + with_spaces(1, 2_000)
    data = xls({"名册": body}, TEXTS, styles=name_of_spaces(1_000))
    book = XlsBook(data, Limits.of(len(data)))
    ((_, block),) = book.blocks(book.sheets[0])
    given, kept = CompoundFile(block).stream("Workbook"), CompoundFile(data).stream("Workbook")
    changed = [place for place in range(len(kept)) if given[place] != kept[place]]
    starts = [kept.index(name_of_spaces(1_000)), kept.index(far), kept.index(with_spaces(1, 2_000)) + 24]
    assert {place - place % 2 for place in changed} <= {place - place % 2 for place in starts} | {
        starts[-1] + 1 - (starts[-1] + 1) % 2
    }
    assert [given[place : place + 2] for place in starts] == [b"\xe2\0", b"\xe2\0", b"\0\0"]
    assert read(data) == [(1, ["统一社会信用代码"]), (2, ["7"])]


def test_cells_behind_a_diagram_count() -> None:
    near = DIAGRAM + shared_cell(0, 0, 0) + number_cell(1, 1, 2.0) + row(1, hidden=True)
    data = xls({"名册": near}, TEXTS)
    assert read(data) == [(1, ["统一社会信用代码", ""]), (2, ["", "2"])]
    assert open_book(data).facts(SheetName("名册", True, "0")).hidden_rows == [1]
    inside = DIAGRAM.replace(record(0x0A, b""), number_cell(65_535, 255, 1.0) + record(0x0A, b""))
    assert read(xls({"名册": inside + shared_cell(0, 0, 0)}, TEXTS)) == [(1, ["统一社会信用代码"])]
    with pytest.raises(TooMuchError) as caught:
        open_book(xls({"名册": DIAGRAM + shared_cell(0, 0, 0) + number_cell(65_535, 255, 1.0)}, TEXTS))
    assert caught.value.what == "places"


def test_sheets_that_lie_in_each_other_are_refused() -> None:
    stream = xls_stream({"名册": shared_cell(0, 0, 0) * 3, "表": shared_cell(0, 0, 0)}, TEXTS)
    second = struct.pack(
        "<I", stream.index(record(0x809, struct.pack("<4H2I", 0x600, 0x10, 0, 1997, 0, 0)), 20)
    )
    first = stream.index(record(0x85, second)[4:8])
    other = stream.index(b"\x85\0", first)
    inside = struct.pack("<I", struct.unpack("<I", second)[0] + 20)
    moved = stream[: other + 4] + inside + stream[other + 8 :]
    with pytest.raises(WorkbookContainerError):
        open_book(compound_file("Workbook", moved))
    assert len(open_book(compound_file("Workbook", stream)).sheets) == 2


def test_cells_that_do_not_show_what_they_hold_are_found() -> None:
    def font(height: int) -> bytes:
        return record(0x31, struct.pack("<H", height) + bytes(14))

    def cell_format(font_number: int, number: int) -> bytes:
        return record(0xE0, struct.pack("<2H", font_number, number) + bytes(16))

    # There is no font 4: the fifth record is number 5.
    fonts = font(220) * 4 + font(20)
    code = record(0x41E, struct.pack("<2HB", 170, 3, 0) + b";;;")
    formats = cell_format(0, 0) + cell_format(0, 170) + cell_format(5, 0) + cell_format(4, 0)
    many = record(
        0xBD,
        struct.pack("<2H", 1, 4) + struct.pack("<HI", 0, 6) + struct.pack("<HI", 1, 6) + struct.pack("<H", 5),
    )
    cells = b"".join(
        record(0x203, struct.pack("<3Hd", 0, column, style, 7.0)) for column, style in enumerate((0, 1, 2, 3))
    )
    stream = xls_stream({"名册": cells + many})
    # The styles stand after the first record; the sheet begins so much later.
    added = fonts + code + formats
    whole = bytearray(stream[:20] + added + stream[20:])
    place = whole.index(struct.pack("<H", 0x85), 20 + len(added)) + 4
    start = struct.unpack_from("<I", whole, place)[0]
    struct.pack_into("<I", whole, place, start + len(added))
    book = open_book(compound_file("Workbook", bytes(whole)))
    assert book.facts(book.sheets[0]).unseen_columns == {1, 2, 5}
