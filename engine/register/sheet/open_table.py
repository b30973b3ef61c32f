"""A register's file as a table of texts, by its content: workbook, old workbook, web page, or text."""

from __future__ import annotations

from pathlib import Path

from engine.files.reading import read_file
from engine.kernel.budget import Budget, BudgetExceededError
from engine.language import say
from engine.register.columns import Profile
from engine.register.problem import FileProblem
from engine.register.sheet.csv_table import read_csv
from engine.register.sheet.grid import MAX_BYTES, Grid, TableError

_ZIP = b"PK"
#: What the first entry of a zip begins with, and what its end does: neither is in a text.
_ENTRY, _ZIP_END = b"PK\x03\x04", b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0"


def open_table(
    path: Path, profile: Profile, *, encoding: str | None = None, sheet: str | None = None
) -> Grid:
    """Return the table in `path`, an Excel workbook or a text table by its content, whatever its name.

    Raises `TableError` with everything that is wrong with the file as a whole.
    """
    try:
        data = read_file(path, Budget(MAX_BYTES), path.name)
    except BudgetExceededError:
        size = path.stat().st_size
        much = say("文件有 {size} MB，超过 {most} MB", size=size // 10**6, most=MAX_BYTES // 10**6)
        # What has no size, such as a pipe, is read up to the limit.
        message = much if size else say("文件超过 {most} MB", most=MAX_BYTES // 10**6)
        raise TableError(FileProblem(message)) from None
    except OSError as error:
        raise TableError(
            FileProblem(say("打不开文件：{why}", why=error.strerror or ""), None, None, path.name)
        ) from error
    return table_in(data, profile, encoding=encoding, sheet=sheet)


def table_in(data: bytes, profile: Profile, *, encoding: str | None = None, sheet: str | None = None) -> Grid:
    """Return the table in the bytes of a file. Raises `TableError`."""
    if data.startswith((_ZIP, _COMPOUND)):
        from engine.register.sheet.excel_table import read_workbook

        return read_workbook(data, profile, sheet or profile.sheet)
    if (problem := _other_program(data)) is not None:
        raise TableError(problem)
    from engine.register.sheet.html_table import is_web_page

    if is_web_page(data):
        from engine.register.sheet.excel_table import read_web_page

        return read_web_page(data, profile, sheet or profile.sheet, encoding or profile.encoding)
    return read_csv(data, profile, encoding or profile.encoding)


def _other_program(data: bytes) -> FileProblem | None:
    """Say what a file is that looks like a text or a page and is neither; None where it may be one."""
    # A text of two bytes a character looks the same without its zero bytes.
    head = data[:8192].replace(b"\0", b"").lower()
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head and not head.lstrip().startswith(b"<html"):
        what = say("这是“XML 表格”（Excel 2003 的 XML 格式），不能直接读")
    elif b"mime-version:" in head and b"multipart/related" in head:
        what = say("这是“单个文件网页”（MHTML，.mht），不能直接读")
    elif b"urn:oasis:names:tc:opendocument:xmlns:office" in head:
        what = say("这是未压缩的 OpenDocument 表格（.fods），不能直接读")
    elif head.startswith(b"%pdf-"):
        return FileProblem(
            say("这是 PDF，不是表格"), say("请导入生成它的那份表格，或把表格另存为 .xlsx 或 CSV UTF-8")
        )
    elif 0 < (begin := data.find(_ENTRY)) < data.rfind(_ZIP_END):
        what = say("文件开头多出 {count} 个字节，其后才是工作簿；可能在传送时损坏", count=begin)
    else:
        return None
    return FileProblem(what, say("请在 Excel 或 WPS 中打开，另存为 .xlsx 或 CSV UTF-8，再导入"))
