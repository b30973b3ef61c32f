"""A format as YAML: every problem at its line."""

from __future__ import annotations

import pytest
from format_factories import YAML, small

from engine.definition.resources import exchange_dir
from engine.exchange.folder import formats_in
from engine.exchange.format_file import read_format
from engine.exchange.formats import CellKind, RowsOf


def test_a_format_is_read() -> None:
    found = small()
    assert (found.id, found.rows.kind, found.rows.of, found.rows.forms) == (
        "small",
        RowsOf.CASES,
        "visit",
        ("note",),
    )
    assert found.columns["at"].kind is CellKind.DATETIME
    assert found.columns["name"].value is not None
    assert found.columns["name"].value.source == "subject.name"
    assert [one.id for one in found.receipts] == ["number"]
    assert found.columns["name"].named("*单位名称 ")
    assert not found.columns["name"].named("名称")


def test_keys_may_be_chinese() -> None:
    chinese = (
        YAML.replace("exchange:", "交换:").replace("rows: {cases:", "行: {件:").replace("checks:", "检查:")
    )
    assert small(chinese) == small()


WRONG = {
    "  - office: {title: 机关, fixed: 示例局}": ("  - office: {title: 机关}", "missing-key"),
    "key: [code]": ("key: [cod]", "unknown-name"),
    "rows: {cases: visit, forms: [note]}": ("rows: {}", "missing-key"),
    "type: integer": ("type: whole", "unknown-word"),
    "written: slash": ("written: dots", "unknown-word"),
    "max: 8": ("max: many", "wrong-shape"),
    "value: forms.note.staff": ("value: form.note.staff", "unknown-name"),
    "value: forms.note.fine": ("value: 'forms.note.fine +'", "expression-syntax"),
    "row.staff >= 1": ("row.staf >= 1", "unknown-name"),
    "receipt: true": ("recept: true", "unknown-key"),
    "title: 人数": ("title: 罚款", "duplicate-name"),
    "title: 小表\n": ("", "missing-key"),
}


@pytest.mark.parametrize("sound", WRONG)
def test_what_is_wrong_is_named_at_its_line(sound: str) -> None:
    broken, rule = WRONG[sound]
    assert sound in YAML
    found = read_format("small.yaml", YAML.replace(sound, broken, 1).encode())
    assert found.format is None
    assert rule in {problem.rule for problem in found.problems}
    assert all(problem.line > 0 and str(problem.message) for problem in found.problems)


@pytest.mark.parametrize("text", ["", "[]", "a: {", "exchange: x\nexchange: y", "\x00"])
def test_what_is_no_format_is_refused(text: str) -> None:
    assert read_format("f.yaml", text.encode()).format is None


def test_every_shipped_format_is_sound_and_says_where_it_was_seen() -> None:
    found = formats_in(sorted(exchange_dir().glob("*.yaml")))
    assert found.problems == []
    assert {"zhejiang_result", "jianguan_check_action", "xinyong_penalty", "objects"} <= set(found.formats)
    for one in found.formats.values():
        assert one.source
        assert one.title_en


def test_what_a_column_says_of_an_item_is_for_rows_of_items() -> None:
    used = small(
        YAML.replace("forms: [note]", "forms: [note], each: case.items").replace(
            "{title: 人数, type: integer,", '{title: 人数, type: integer, by_answer: {pass: "0"},'
        )
    )
    assert used.columns["staff"].by_answer == {"pass": "0"}
    for each, answer, rule in ((", each: case.items", "passed", "unknown-word"), ("", "pass", "unknown-key")):
        text = YAML.replace("forms: [note]", f"forms: [note]{each}").replace(
            "{title: 人数, type: integer,", f'{{title: 人数, type: integer, by_answer: {{{answer}: "0"}},'
        )
        found = read_format("small.yaml", text.encode())
        assert [problem.rule for problem in found.problems] == [rule]
