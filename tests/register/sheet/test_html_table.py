"""Web pages under the name of a workbook: their tables, in one pass, under bounds."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import pytest

from engine.register.import_result import read_register
from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.html_table import charset_of, is_web_page, tables_in
from engine.register.sheet.limits import Limits

CODE = "1" + "0" * 16 + "Y"
LIMITS = Limits.of(1000)


def page(rows: str, head: str = '<meta charset="utf-8">') -> str:
    return f"<html><head>{head}<style>td {{ color: red }}</style></head><body><table>{rows}</table></body></html>"


HEAD = "<tr><th>统一社会信用代码</th><th>企业名称</th><th>住所</th></tr>"


def test_rows_cells_spans_entities_and_breaks() -> None:
    text = page(
        "<tr><td colspan='2'>一&amp;二<td>三<br>四</td></tr><!-- <tr><td>x</td></tr> -->\n"
        "<TR><TD>&#20116;</TD><td> 六\n 七 </td></TR><script>'<tr><td>y'</script>"
    )
    assert [table.rows for table in tables_in(text, LIMITS)] == [
        [(1, ["一&二", "", "三\n四"], False), (2, ["五", "六 七"], False)]
    ]


def test_tables_inside_of_tables_and_hidden_rows() -> None:
    text = page(
        "<tr style='display: none'><td>甲</td></tr><tr><td><table><tr><td>乙</td></tr></table></td></tr>"
    )
    assert tables_in(text, LIMITS)[0].rows == [(1, ["甲"], True)]
    assert tables_in(text, LIMITS)[1].rows == [(1, ["乙"], False)]


@pytest.mark.parametrize(
    ("row", "head"),
    [
        ("<tr hidden><td>甲</td></tr>", ""),
        ("<tr HIDDEN=''><td>甲</td></tr>", ""),
        ("<tr height=0><td>甲</td></tr>", ""),
        ("<tr style='mso-height-source:userset;height:0pt'><td>甲</td></tr>", ""),
        ('<tr style="mso-x:1;Display :\n none"><td>甲</td></tr>', ""),
        ("<tr style='visibility:collapse'><td>甲</td></tr>", ""),
        ("<tr class='odd off'><td>甲</td></tr>", "<style>/* .odd{display:none} */ td,tr.off{display:none}</style>"),
        ("<tr id=r7><td>甲</td></tr>", "<style>@media all{#r7 {color:red;display:none !important}}</style>"),
        ("<tbody hidden><tr><td>甲</td></tr></tbody>", ""),
        ("</table><div style='display:none'><div></div><table><tr><td>甲</td></tr></table></div><table>", ""),
    ],
)  # fmt: skip
def test_rows_which_a_page_hides(row: str, head: str) -> None:
    rows = [
        row for table in tables_in(page(f"{row}<tr><td>乙</td></tr>", head), LIMITS) for row in table.rows
    ]
    assert [(cells, hidden) for _, cells, hidden in rows] == [(["甲"], True), (["乙"], False)]


def test_rows_which_only_look_hidden() -> None:
    row = '<tr aria-hidden="true" class="hidden" style="overflow:hidden" title=" hidden "><td>甲</td></tr>'
    assert tables_in(page(row, "<style>.hidden td{display:none}.x{display:none}</style>"), LIMITS)[
        0
    ].rows == [(1, ["甲"], False)]


def test_columns_which_a_page_hides() -> None:
    (table,) = tables_in(
        page(
            "<col><col span=2 hidden><col width=0><tr><td>甲<td>乙<td>丙<td>丁<td style=display:none>戊</tr>"
        ),
        LIMITS,
    )
    assert table.hidden_columns == {1, 2, 3, 4}
    assert table.rows == [(1, ["甲", "乙", "丙", "丁", "戊"], False)]


def test_cells_that_reach_into_the_rows_below() -> None:
    text = page(
        "<tr><td rowspan=3>甲<td>一<td rowspan='2' colspan=2>乙<td>二</tr>"
        "<tr><td>三<td>四</tr><tr><td>五<td>六</tr><tr><td>七</tr>"
    )
    assert [cells for _, cells, _ in tables_in(text, LIMITS)[0].rows] == [
        ["甲", "一", "乙", "", "二"],
        ["", "三", "", "", "四"],
        ["", "五", "六"],
        ["七"],
    ]


def test_what_is_a_page_and_in_which_encoding() -> None:
    assert is_web_page(b"\xef\xbb\xbf\r\n <!DOCTYPE HTML><html>")
    assert is_web_page(b"<table border=1>")
    assert not is_web_page(b"a,b\n<html>")
    assert not is_web_page(b"<?xml version='1.0'?><a/>")
    assert charset_of(b"<meta http-equiv='x' content='text/html; charset=GB2312'>") == "GB2312"
    assert charset_of(b"<table>") is None


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("declared", [True, False])
def test_a_register_in_a_page_is_read_and_the_page_is_named(
    tmp_path: Path, encoding: str, *, declared: bool
) -> None:
    path = tmp_path / "名录.xls"
    head = f'<meta charset="{encoding}">' if declared else ""
    text = page(f"{HEAD}<tr><td>{CODE}</td><td>示例甲公司</td><td>一号</td></tr>", head)
    path.write_bytes(text.encode(encoding))
    reading = read_register("objects", path)
    assert reading.ok
    assert "这个文件虽以 .xls 命名，其实是网页；读取了其中的表格" in map(str, reading.notes)
    assert (reading.entries[0].id, reading.entries[0].data["address"]) == (CODE, "一号")


def test_hidden_rows_of_a_page_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "名录.xls"
    path.write_text(page(f"{HEAD}<tr style=display:none><td>{CODE}</td><td>示例甲公司</td></tr>"), "utf-8")
    hidden = read_register("objects", path).hidden
    assert hidden is not None
    assert hidden.rows == (2,)


@pytest.mark.parametrize(
    "inside",
    [
        "<span style='display:none'>一号</span>",
        "一号<font style='font-size:0pt'>内部</font>",
        "<p style='mso-hide:all'>一号</p>",
        "<div hidden>一号</div>",
    ],
)
def test_what_is_hidden_in_a_cell_hides_its_column(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "名录.xls"
    path.write_text(page(f"{HEAD}<tr><td>{CODE}</td><td>示例甲公司</td><td>{inside}</td></tr>"), "utf-8")
    hidden = read_register("objects", path).hidden
    assert hidden is not None
    assert (hidden.rows, len(hidden.columns)) == ((), 1)


def test_a_page_without_a_table_and_xml_of_2003_say_how_to_save(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(b"<html><body>x</body></html>")
    assert "其中没有表格" in str(read_register("objects", path).faults[0])
    path.write_bytes(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>')
    assert "XML 表格" in str(read_register("objects", path).faults[0])


@pytest.mark.parametrize(
    ("what", "rows"),
    [
        ("elements", "<tr></tr>" * 400_000),
        ("columns", f"<tr>{'<td>1</td>' * 3000}</tr>"),
        ("columns", "<tr><td colspan=9999>1</td></tr>"),
        ("rows", "<tr><td>1</td></tr>" * 70_000),
        ("cell", f"<tr><td>{'x' * 200_000}</td></tr>"),
        ("places", "<tr><td colspan=1900>1</td></tr>" * 500),
    ],
)
def test_more_than_a_page_may_hold_is_refused(what: str, rows: str) -> None:
    with pytest.raises(TooMuchError) as caught:
        tables_in(page(rows), LIMITS)
    assert caught.value.what == what


@pytest.mark.parametrize(
    "piece",
    [
        "<style>",
        "<tr hidden",
        "<td rowspan=9999>",
        "<tr class=a>",
        "<",
        "<!",
        "<!--",
        "<a",
        "<td",
        "&",
        "&#",
        "<script>",
        "<table>",
        "</table>",
        "<td>",
        "]]>",
        "<?",
    ],
)
def test_a_page_of_nothing_but_beginnings_costs_no_more_than_its_length(piece: str) -> None:
    seconds = []
    for times in (20_000, 80_000):
        text = "<table>" + piece * times
        begun = time.process_time()
        with suppress(TooMuchError):
            tables_in(text, Limits.of(len(text)))
        seconds.append(time.process_time() - begun)
    assert seconds[1] < 16 * seconds[0] + 1
