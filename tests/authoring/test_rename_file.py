from __future__ import annotations

import pytest

from engine.authoring.rename_file import RenameFileError, read_rename_file, with_options
from engine.lifecycle.migration.rename_map import RenameMap


def test_a_file_in_english_or_chinese_says_what_is_renamed() -> None:
    english = b"migrate: visit\nstates: {writing: recording}\nfields: {report.contact: phone}\nvalues: {report.level: {low: small}}\n"
    chinese = "迁移: visit\n环节: {writing: recording}\n字段: {report.contact: phone}\n取值: {report.level: {low: small}}\n"
    wanted = RenameMap(
        states={"writing": "recording"},
        fields={"report.contact": "phone"},
        values={"report.level": {"low": "small"}},
    )
    assert read_rename_file("a.yaml", english, "visit") == wanted
    assert read_rename_file("a.yaml", chinese.encode(), "visit") == wanted


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("migrate: other\n", "应写流程“visit”，实为“other”"),
        ("migrate: visit\nstate: {a: b}\n", "没有“state”这个键。是否想写“states”？"),
        ("migrate: visit\nstates: [a]\n", "“states”下每行写“旧: 新”"),
        ("migrate: visit\nstates: {a: 1}\n", "“states”下每行写“旧: 新”"),
        ("- a\n", "应是一组“键: 值”"),
        ("migrate: [\n", "a.yaml"),
    ],
)
def test_what_cannot_be_understood_is_said(text: str, piece: str) -> None:
    with pytest.raises(RenameFileError) as found:
        read_rename_file("a.yaml", text.encode(), "visit")
    assert piece in str(found.value.message)


def test_options_are_added() -> None:
    known = RenameMap(states={"a": "b"})
    assert with_options(known, ["states.c=d", "字段.visit.x=y"]) == RenameMap(
        states={"a": "b", "c": "d"}, fields={"visit.x": "y"}
    )
    for wrong in ("states.c", "c=d", "colours.a=b", "values.a=b", "states.=b"):
        with pytest.raises(RenameFileError):
            with_options(known, [wrong])
