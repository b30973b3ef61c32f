"""A file of confirmations."""

from __future__ import annotations

import pytest

from engine.register.confirmation_file import MAX_BYTES, ConfirmationLine, read_confirmations

LINE = ConfirmationLine("X1", "电话", "0852-1", "已拨通")


@pytest.mark.parametrize(
    "data",
    [
        "编号,列,值,理由\nX1,电话,0852-1,已拨通\n".encode(),
        "\ufeff\ufeff 编号\u200b ,列,值,理由\n\nX1,电话,0852-1,已拨通\n".encode(),
        "编号,列,值,理由\nX1,电话,0852-1,已拨通\n".encode("gb18030"),
        "reason,value,column,id\n已拨通,0852-1,电话,X1\n".encode(),
    ],
)
def test_however_it_was_saved(data: bytes) -> None:
    assert read_confirmations(data) == ((LINE,), ())


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "第 1 行：第一行应有四列"),
        (b"id,value\n1,2\n", "第 1 行：第一行应有四列"),
        ("编号,列,值,理由\nX1,电话,0852-1,\n".encode(), "第 2 行：编号、列、值、理由都须填写"),
        ("编号,列,值,理由\nX1,电话\n".encode(), "第 2 行：编号、列、值、理由都须填写"),
        ('编号,列,值,理由\n"X1\n'.encode(), "第 2 行：不是正确的 CSV"),
        ("编号,列,值,理由\n".encode() + b"\xff\xff", "第 2 行：此处不是 UTF-8 编码"),
        (b"x" * (MAX_BYTES + 1), "文件超过 1 MB"),
    ],
)
def test_what_is_wrong_is_said(data: bytes, said: str) -> None:
    lines, problems = read_confirmations(data)
    assert lines == ()
    assert str(problems[0]).startswith(said)
