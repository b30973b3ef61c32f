"""Small sound files of the kinds that are containers: a workbook, a kit, an archive package, a backup."""

from __future__ import annotations

import io
import shutil
import sqlite3
import struct
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

_BOOK = str(Path(__file__).parent.parent / "register" / "sheet" / "book")
_DRAW = str(Path(__file__).parent.parent / "draw")


@cache
def a_workbook() -> bytes:
    """Return a workbook of one register with two rows."""
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["统一社会信用代码", "企业名称", "区县"], ["91990102MA3W55JQ6H", "示例甲有限公司", "清河区"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_NUMBER_STYLES = (
    '<number:number-style style:name="N1" xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0">'
    '<number:text>甲</number:text><number:number number:decimal-places="1" number:min-integer-digits="6"/>'
    '<style:map style:condition="value()&gt;=0" style:apply-style-name="N1"/></number:number-style>'
    '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
)


def _numbers_shown() -> str:
    cell = '<table:table-cell table:style-name="ce1" office:value-type="float" office:value="123"><text:p>1</text:p></table:table-cell>'
    return f"<table:table-row>{3 * cell}</table:table-row>"


def sheets_by_hand(form: str) -> list[bytes]:
    """Return sheets of a register as programs other than openpyxl write them."""
    if _BOOK not in sys.path:
        sys.path.append(_BOOK)
    from book_files import (
        number_cell,
        number_formats,
        ods,
        ods_cell,
        record,
        rows_of_texts,
        shared_cell,
        xls,
        xlsx,
    )

    head, row = ["统一社会信用代码", "企业名称", "职工人数"], ["91990102MA3W55JQ6H", "示例甲有限公司", "7"]
    if form == "xlsx":
        cells = "".join(f'<c t="s"><v>{number}</v></c>' for number in range(3))
        rows = f'<row r="1">{cells}</row><row r="2" hidden="1"><c r="A2" t="s"><v>3</v></c><c t="s"><v>4</v></c><c s="1"><f>A1</f><v>45402</v></c></row>'
        rows += '<row r="3"><c r="A3" s="2"><v>123</v></c><c s="3"><v>7</v></c><c s="2"><v>1.5</v></c></row>'
        strings = "".join(f"<si><t>{text}</t></si>" for text in [*head, *row])
        formats = '<numFmt numFmtId="170" formatCode="000000"/><numFmt numFmtId="171" formatCode="[&gt;5]&quot;甲&quot;0,%;0.0#"/>'
        xfs = "".join(f'<xf numFmtId="{number}"/>' for number in (0, 14, 170, 171))
        styles = f"<numFmts>{formats}</numFmts><cellXfs>{xfs}</cellXfs>"
        more = '<autoFilter ref="A1:B2"><filterColumn colId="0"/></autoFilter>'
        return [xlsx(rows, strings=strings, styles=styles, more=more), xlsx(rows_of_texts([head, row]))]
    if form == "ods":
        rows = "".join(
            f"<table:table-row{more}>{''.join(map(ods_cell, texts))}</table:table-row>"
            for texts, more in ((head, ""), (row, ' table:visibility="filter"'))
        )
        return [
            ods(f'<table:table table:name="一">{rows}{_numbers_shown()}</table:table>', styles=_NUMBER_STYLES)
        ]
    if form == "xls":
        body = b"".join(shared_cell(0, place, place) for place in range(3))
        body += record(0x208, bytes([1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0]))
        body += shared_cell(1, 0, 3) + shared_cell(1, 1, 4) + number_cell(1, 2, 7.0)
        shown = record(0x203, struct.pack("<3Hd", 2, 2, 1, 123.0)) + record(
            0x203, struct.pack("<3Hd", 2, 1, 2, 7.0)
        )
        numbers = number_formats("000000", '[>5]"甲"0,%;0.0#')
        return [xls({"一": body}, [*head, *row]), xls({"一": body + shown}, [*head, *row], styles=numbers)]
    rows = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in texts)}</tr>" for texts in (head, row))
    return [f"<html><meta charset=utf-8><table>{rows}</table></html>".encode()]


@cache
def a_kit() -> Mapping[str, bytes]:
    """Return the files of a verification kit."""
    if _DRAW not in sys.path:
        sys.path.append(_DRAW)
    from draw_factories import whole_draw

    from engine.draw.kit import kit_files

    return dict(kit_files(whole_draw()))


@cache
def a_package() -> bytes:
    """Return the archive package of a case."""
    sys.path.append(str(Path(__file__).parent.parent / "documents"))
    from document_factories import inspection
    from first_packages import pack

    from engine.documents.archive import package_bytes
    from engine.lifecycle.chain import GENESIS, follow

    case = inspection()
    first = follow(case.id, 1, datetime(2024, 1, 1, tzinfo=UTC), "P01", "advanced", {"step": "a"}, GENESIS)
    return package_bytes(pack(case, [first], [], []))


@cache
def a_bag() -> bytes:
    """Return the archive package of a case as BagIt."""
    sys.path.append(str(Path(__file__).parent.parent / "documents"))
    from package_factories import bytes_of, case_file

    from engine.documents.archive import package_bytes
    from engine.documents.package.contents import package_of

    return package_bytes(package_of(case_file(), bytes_of(case_file())))


@cache
def a_backup() -> bytes:
    """Return the backup of a deployment without definitions of its own."""
    from engine.app.commands import Caller
    from engine.deployment.clocks import SystemClock
    from engine.deployment.home import SETTINGS, find_home
    from engine.deployment.open import open_deployment_store
    from engine.operations.backup import _write

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "bureau"
        home.mkdir()
        (home / SETTINGS).write_text("database: data/ssj.db\n", encoding="utf-8")
        open_deployment_store(find_home(str(home)), create=True).close()
        file = Path(folder) / "b.zip"
        _write(find_home(str(home)), file, SystemClock(), False, Caller("leading"))
        shutil.rmtree(home)
        return file.read_bytes()


@cache
def a_database() -> bytes:
    """Return the database of that backup, with every table, in pages of 512 bytes: an eighth of its size."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ssj.db"
        with zipfile.ZipFile(io.BytesIO(a_backup())) as package:
            file.write_bytes(package.read("database.sqlite"))
        with closing(sqlite3.connect(file, isolation_level=None)) as found:
            for order in ("journal_mode=DELETE", "page_size=512"):
                found.execute(f"PRAGMA {order}")
            found.execute("VACUUM")
        return file.read_bytes()
