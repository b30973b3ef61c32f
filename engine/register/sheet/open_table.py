"""A register's file as a table of texts; this module reads CSV, `engine.register.sheet.excel_table` reads Excel.

The encoding of a CSV file is never guessed by its bytes alone. The rule: the declared encoding if there is one;
a UTF-8 mark; otherwise the first of UTF-8 and GB18030 that reads the whole file and makes the header a header the
register has; for GB18030 at least one recognised title must be Chinese, since English titles prove nothing.
"""

from __future__ import annotations

from pathlib import Path

from engine.language import say
from engine.register.columns import Profile
from engine.register.problem import FileProblem
from engine.register.sheet.csv_table import read_csv
from engine.register.sheet.grid import MAX_BYTES, Grid, TableError

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_table(
    path: Path, profile: Profile, *, encoding: str | None = None, sheet: str | None = None
) -> Grid:
    """Return the table in `path`, an Excel workbook or a text table by its content, whatever its name.

    Raises `TableError` with everything that is wrong with the file as a whole.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise TableError(
                FileProblem(
                    say("文件有 {size} MB，超过 {most} MB", size=size // 10**6, most=MAX_BYTES // 10**6)
                )
            )
        data = path.read_bytes()
    except OSError as error:
        raise TableError(
            FileProblem(say("打不开文件：{why}", why=error.strerror or ""), None, None, path.name)
        ) from error
    if data[:2] == b"PK":
        from engine.register.sheet.excel_table import read_workbook

        return read_workbook(data, profile, sheet or profile.sheet)
    if data[:4] == _OLD_EXCEL:
        raise TableError(
            FileProblem(
                say("这是旧版 Excel 文件（.xls），或加了密码的文件"),
                say("请在 Excel 或 WPS 中打开，另存为不带密码的 .xlsx 或 CSV UTF-8，再导入"),
            )
        )
    return read_csv(data, profile, encoding or profile.encoding)
