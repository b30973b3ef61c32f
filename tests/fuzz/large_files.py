"""Sound files of about so many million bytes, for readers without a small limit: ``python large_files.py READER MB``.

Prints the bytes of the file, the seconds of the processor it cost to read it, and the memory of the process above that
of one which has read a small file of the kind.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
for place in (ROOT, ROOT / "tests" / "fuzz", ROOT / "tests" / "register" / "sheet" / "book"):
    sys.path.insert(0, str(place))

from book_files import MAIN, RELATED, ods, ods_cell, record, xls, xls_stream, xlsx_parts  # noqa: E402
from small_files import a_package  # noqa: E402


def _lines(million: float, line: Callable[[int], str], head: str = "", tail: str = "") -> Iterator[bytes]:
    """Yield lines until there are so many million bytes."""
    yield head.encode()
    size = number = 0
    while size < million * 1_000_000:
        made = line(number).encode()
        size, number = size + len(made), number + 1
        yield made
    yield tail.encode()


def _seals(file: Path, million: float) -> None:
    with file.open("wb") as out:
        head = '{"format": "shuangsuiji-seal/1", "seals": [], "heads": [["a", 1, "00"]'
        out.writelines(_lines(million, lambda n: f',\n["case-{n}", 3, "{"ab" * 32}"]', head, "]}"))


def _labels(file: Path, million: float) -> None:
    with file.open("wb") as out:
        out.writelines(_lines(million, lambda n: f"91990102MA3W{n:06d}\n"))


def _csv(file: Path, million: float) -> None:
    from engine.register.uscc import check_digit

    def row(number: int) -> str:
        code = f"91990102MA{number:07d}"
        return f"{code}{check_digit(code)},示例{number}有限公司,清河区\n"

    with file.open("wb") as out:
        out.writelines(_lines(million, row, "统一社会信用代码,企业名称,区县\n"))


def _of_firms(million: float, bytes_a_row: int, *, most: int = 1_000_000) -> Iterator[tuple[str, str, str]]:
    """Yield firms: as many as make so many million bytes, each with an address of its own."""
    from engine.register.uscc import check_digit

    for number in range(min(most, int(million * 1_000_000 / bytes_a_row))):
        code = f"91990102MA{number:07d}"
        digest = hashlib.sha512(str(number).encode()).hexdigest()
        yield f"{code}{check_digit(code)}", f"示例{number}有限公司", f"No. {digest}"


TITLES = ("统一社会信用代码", "企业名称", "住所")


def _rows(million: float, bytes_a_row: int, row: Callable[[Sequence[str]], str]) -> Iterator[bytes]:
    yield row(TITLES).encode()
    for cells in _of_firms(million, bytes_a_row):
        yield row(cells).encode()


def _write_zip(file: Path, parts: dict[str, str], large: str, content: Iterator[bytes]) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        with archive.open(large, "w", force_zip64=True) as out:
            out.writelines(content)


def _xlsx(file: Path, million: float) -> None:
    _workbook(file, million, 92, lambda cells: cells)


def _dense_xlsx(file: Path, million: float) -> None:
    """Write the rows that take the fewest bytes: names of few letters, addresses of few words."""
    _workbook(file, million, 30, lambda cells: (*cells[:2], cells[2][:36]))


def _workbook(
    file: Path, million: float, bytes_a_row: int, shortened: Callable[[Sequence[str]], Sequence[str]]
) -> None:
    def row(cells: Sequence[str]) -> str:
        made = "".join(f'<c t="str"><v>{cell}</v></c>' for cell in shortened(cells))
        return f"<row>{made}</row>"

    def content() -> Iterator[bytes]:
        yield f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
        yield from _rows(million, bytes_a_row, row)
        yield b"</sheetData></worksheet>"

    parts = xlsx_parts("")
    del parts["xl/worksheets/one.xml"]
    _write_zip(file, parts, "xl/worksheets/one.xml", content())


def _shared_workbook(
    file: Path,
    million: float,
    bytes_a_row: int,
    made: Callable[[Sequence[str]], Sequence[str]],
    order: Callable[[list[str]], list[str]] = list,
    sheets: int = 1,
) -> None:
    """Write a workbook as programs of offices do: each text once, in a table of the whole file, and its number in the cells.

    Only the first sheet has the titles of a register.
    """
    rows = [TITLES, *_of_firms(million, bytes_a_row)]
    texts = order([*dict.fromkeys(text for cells in rows for text in made(cells))])
    table = {text: number for number, text in enumerate(texts)}

    def row(number: int, cells: Sequence[str]) -> bytes:
        shown = "".join(
            f'<c r="{_letters(place)}{number}" s="0" t="s"><v>{table[text]}</v></c>'
            for place, text in enumerate(made(cells))
        )
        return f'<row r="{number}" spans="1:9">{shown}</row>'.encode()

    parts = xlsx_parts("", strings="".join(f"<si><t>{text}</t></si>" for text in texts))
    name, many = "xl/worksheets/one.xml", len(rows) // sheets + 1
    del parts[name]
    names = [name, *(f"xl/worksheets/s{place}.xml" for place in range(1, sheets))]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, target in enumerate(names[1:]):
            link, part = f"r{place + 10}", target.removeprefix("xl/")
            key = "xl/_rels/workbook.xml.rels"
            parts[key] = parts[key].replace(
                "</Relationships>",
                f'<Relationship Id="{link}" Type="{RELATED}/worksheet" Target="{part}"/></Relationships>',
            )
            parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
                "</sheets>", f'<sheet name="表{place}" sheetId="{place + 10}" r:id="{link}"/></sheets>'
            )
        for part, text in parts.items():
            archive.writestr(part, text)
        for place, target in enumerate(names):
            with archive.open(target, "w", force_zip64=True) as out:
                out.write(f'<worksheet xmlns="{MAIN}"><sheetData>'.encode())
                some = rows[place * many : (place + 1) * many]
                out.writelines(row(number, cells) for number, cells in enumerate(some, 1))
                out.write(b"</sheetData></worksheet>")


def _letters(place: int) -> str:
    return (chr(64 + place // 26) if place >= 26 else "") + chr(65 + place % 26)


def _of_seven(cells: Sequence[str]) -> Sequence[str]:
    """Return seven cells: four with texts of their own, three with texts that come again."""
    code, name, address = cells
    return (
        *(code, name, address[:24], f"{code[-8:]}-{code[11:18]}"),
        *(f"清河区{code[-3]}街道", f"20{code[-4:-2]}-01-01", "存续"),
    )


def _shared_xlsx(file: Path, million: float) -> None:
    _shared_workbook(file, million, 78, _of_seven)


def _unordered_xlsx(file: Path, million: float) -> None:
    """Write a table of shared texts in another order than the cells are in."""

    def order(texts: list[str]) -> list[str]:
        return sorted(texts, key=lambda text: hashlib.md5(text.encode(), usedforsecurity=False).digest())

    _shared_workbook(file, million, 95, _of_seven, order)


def _sheets_xlsx(file: Path, million: float) -> None:
    """Write ten sheets, of which one is a register."""
    _shared_workbook(file, million, 78, _of_seven, sheets=10)


def _wide_xlsx(file: Path, million: float) -> None:
    """Write rows of forty cells, each with a short text of its own."""
    _shared_workbook(
        file,
        million,
        380,
        lambda cells: (*cells[:2], *(cells[2][at : at + 6] or str(at) for at in range(5, 81, 2))),
    )


def _numbers_xlsx(file: Path, million: float) -> None:
    """Write rows of a code, a name and twenty numbers."""

    def row(cells: Sequence[str]) -> str:
        shown = (*cells, *(f"数{place}" for place in range(20))) if cells is TITLES else cells
        texts = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in shown)
        digits = cells[2][4:44] if cells is not TITLES else ""
        numbers = "".join(f"<c><v>{int(digits[at : at + 2], 16)}</v></c>" for at in range(0, len(digits), 2))
        return f"<row>{texts}{numbers}</row>"

    def content() -> Iterator[bytes]:
        yield f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()
        yield from _rows(million, 170, row)
        yield b"</sheetData></worksheet>"

    parts = xlsx_parts("")
    del parts["xl/worksheets/one.xml"]
    _write_zip(file, parts, "xl/worksheets/one.xml", content())


def _shared_xls(file: Path, million: float) -> None:
    """Write an old workbook with a table of shared texts, in records of some 8,000 bytes."""
    from engine.register.sheet.book.compound_file import compound_file

    rows = [TITLES, *_of_firms(million, 330, most=65_000)]
    longer = "示" * max(0, (int(million * 1_000_000 / len(rows)) - 330) // 2)
    made = [(*_of_seven(cells), f"{longer}{cells[0]}" if longer else "") for cells in rows]
    table = {
        text: number for number, text in enumerate(dict.fromkeys(text for cells in made for text in cells))
    }
    body = b"".join(
        record(0xFD, struct.pack("<3HI", number, place, 0, table[text]))
        for number, cells in enumerate(made)
        for place, text in enumerate(cells)
    )
    records: list[bytes] = []
    left = struct.pack("<2I", len(table), len(table))
    for text in table:
        one = struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")
        if len(left) + len(one) > 8_000:
            records.append(left)
            left = b""
        left += one
    records.append(left)
    shared = record(0xFC, records[0]) + b"".join(record(0x3C, more) for more in records[1:])
    # The ordinary way writes the table as one record: here it stands where that one was, and the sheet behind it.
    stream = xls_stream({"名册": body})
    empty = record(0xFC, struct.pack("<2I", 0, 0))
    start = stream.index(b"\x85\0") + 4
    place = struct.unpack_from("<I", stream, start)[0] + len(shared) - len(empty)
    stream = stream[:start] + struct.pack("<I", place) + stream[start + 4 :].replace(empty, shared, 1)
    file.write_bytes(compound_file("Workbook", stream))


def _ods(file: Path, million: float) -> None:
    _spreadsheet(file, million, 92, lambda cells: cells)


def _narrow_ods(file: Path, million: float) -> None:
    """Write rows that take few bytes."""
    _spreadsheet(file, million, 40, lambda cells: (*cells[:2], cells[2][4:36]))


def _wide_ods(file: Path, million: float) -> None:
    """Write rows of forty cells, each with a short text of its own."""
    _spreadsheet(
        file,
        million,
        230,
        lambda cells: (*cells[:2], *(cells[2][at : at + 6] or str(at) for at in range(5, 81, 2))),
    )


def _spreadsheet(
    file: Path, million: float, bytes_a_row: int, made: Callable[[Sequence[str]], Sequence[str]]
) -> None:
    def row(cells: Sequence[str]) -> str:
        return f"<table:table-row>{''.join(map(ods_cell, made(cells)))}</table:table-row>"

    with zipfile.ZipFile(io.BytesIO(ods("<table:table/>"))) as empty:
        mime, around = empty.read("mimetype").decode(), empty.read("content.xml").decode()
    before, after = around.split("<table:table/>")

    def content() -> Iterator[bytes]:
        yield f'{before}<table:table table:name="名册">'.encode()
        yield from _rows(million, bytes_a_row, row)
        yield f"</table:table>{after}".encode()

    _write_zip(file, {"mimetype": mime}, "content.xml", content())


def _short_csv(file: Path, million: float) -> None:
    """Write rows of two short cells."""
    with file.open("wb") as out:
        out.write("统一社会信用代码,企业名称\n".encode())
        for code, name, _ in _of_firms(million, 32, most=10_000_000):
            out.write(f"{code},{name.removesuffix('有限公司')}\n".encode())


def _xls(file: Path, million: float) -> None:
    """Write an old workbook: it has 65,536 rows at the most, so that those of a large one are longer."""
    from engine.register.uscc import check_digit

    rows = min(65_000, int(million * 1_000_000 / 250))
    scope = "示" * max(0, (int(million * 1_000_000 / max(rows, 1)) - 250) // 2)

    def cell(row: int, column: int, text: str) -> bytes:
        body = struct.pack("<3HHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
        return record(0x204, body)

    def line(row: int) -> bytes:
        code = f"91990102MA{row:07d}"
        cells = (
            f"{code}{check_digit(code)}",
            f"示例{row}有限公司",
            hashlib.sha512(str(row).encode()).hexdigest()[:60],
        )
        return b"".join(cell(row, column, text) for column, text in enumerate((*cells, scope)))

    head = b"".join(cell(0, column, title) for column, title in enumerate((*TITLES, "经营范围")))
    file.write_bytes(xls({"名册": head + b"".join(map(line, range(1, rows)))}))


def _html(file: Path, million: float) -> None:
    def row(cells: Sequence[str]) -> str:
        return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"

    with file.open("wb") as out:
        out.write(b"<html><meta charset=utf-8><table>")
        out.writelines(_rows(million, 220, row))
        out.write(b"</table></html>")


def _archive(file: Path, million: float) -> None:
    from datetime import UTC, datetime

    from engine.documents.archive import event_json, line_of, package_bytes
    from engine.documents.archive_verification import EVENTS, MANIFEST
    from engine.lifecycle.chain import GENESIS, canonical, follow

    with zipfile.ZipFile(io.BytesIO(a_package())) as package:
        files = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(files[MANIFEST])
    lines, previous, seq, size = [], GENESIS, 0, 0
    while size < million * 1_000_000:
        seq += 1
        event = follow(
            manifest["case"],
            seq,
            datetime(2024, 1, 1, tzinfo=UTC),
            "P01",
            "advanced",
            {"step": "x" * 80},
            previous,
        )
        previous = event.hash
        lines.append(line_of(event_json(event)))
        size += len(lines[-1])
    files[EVENTS] = b"".join(lines)
    manifest |= {"events": seq, "chain_head": previous}
    manifest["files"][EVENTS] = hashlib.sha256(files[EVENTS]).hexdigest()
    files[MANIFEST] = (canonical(manifest) + "\n").encode()
    file.write_bytes(package_bytes(files))


def read_seals(file: Path) -> None:
    """Read seals that somebody kept."""
    from engine.app.audit.verify_seals import SealFileError, read_outside
    from engine.files.reading import read_file
    from engine.kernel.budget import SEALS

    try:
        read_outside(read_file(file, SEALS))
    except SealFileError:
        raise AssertionError(file) from None


def read_labels(file: Path) -> None:
    """Read labels of tickets."""
    from engine.draw.tickets import read_labels
    from engine.files.reading import read_file
    from engine.kernel.budget import LABELS

    assert read_labels(read_file(file, LABELS))


def read_table(file: Path) -> None:
    """Read a register."""
    from engine.register.import_result import read_register

    assert read_register("objects", file).entries


def read_platforms_table(file: Path) -> None:
    """Read a table as a platform's workbook, and its rows as entries of the register."""
    from engine.exchange.folder import formats_of
    from engine.exchange.register_rows import read_entries
    from engine.exchange.table_file import read_rows
    from engine.files.reading import read_file
    from engine.kernel.budget import Budget

    used = formats_of(file.parent).formats["objects"]
    found = read_rows(used, read_file(file, Budget(200_000_000)))
    assert found.rows
    read_entries(used, found.good, None, found.columns)


def read_archive(file: Path) -> None:
    """Verify a package."""
    from engine.documents.archive_verification import verify_package

    assert verify_package(file) == []


LARGE: dict[str, tuple[Callable[[Path, float], None], Callable[[Path], None]]] = {
    "seals": (_seals, read_seals),
    "labels": (_labels, read_labels),
    "csv": (_csv, read_table),
    "archive": (_archive, read_archive),
    "xlsx": (_xlsx, read_table),
    "xls": (_xls, read_table),
    "html": (_html, read_table),
    "ods": (_ods, read_table),
}
#: Of these no file of a hundred million bytes is held against the bounds: a sheet has a million rows.
DENSE: dict[str, tuple[Callable[[Path, float], None], Callable[[Path], None]]] = {
    "dense xlsx": (_dense_xlsx, read_table),
    "shared xlsx": (_shared_xlsx, read_table),
    "unordered xlsx": (_unordered_xlsx, read_table),
    "xlsx of ten sheets": (_sheets_xlsx, read_table),
    "wide xlsx": (_wide_xlsx, read_table),
    "xlsx of numbers": (_numbers_xlsx, read_table),
    "shared xls": (_shared_xls, read_table),
    "platform's xlsx": (_shared_xlsx, read_platforms_table),
    "narrow ods": (_narrow_ods, read_table),
    "wide ods": (_wide_ods, read_table),
    "platform's csv": (_short_csv, read_platforms_table),
    "platform's ods": (_narrow_ods, read_platforms_table),
}


def main(name: str, million: float) -> None:
    """Make the file in another process, read it in this one, and print what it cost."""
    import subprocess

    _, read = {**LARGE, **DENSE}[name]
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        for file, size in ((small, 0.01), (large, million)):
            subprocess.run([sys.executable, __file__, "make", name, str(size), str(file)], check=True)
        read(small)
        before = resource.getrusage(resource.RUSAGE_SELF)
        read(large)
        after = resource.getrusage(resource.RUSAGE_SELF)
        cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            json.dumps(
                {
                    "bytes": large.stat().st_size,
                    "seconds": round(cost, 2),
                    "memory": (after.ru_maxrss - before.ru_maxrss) * 1024,
                }
            )
        )


if __name__ == "__main__":
    if sys.argv[1] == "make":
        {**LARGE, **DENSE}[sys.argv[2]][0](Path(sys.argv[4]), float(sys.argv[3]))
    else:
        main(sys.argv[1], float(sys.argv[2]))
