"""A form asked question by question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import pytest

from engine.cli.cases.answers.form_interview import FormInterview, InterviewStoppedError, answer_text
from engine.definition.library import load_files
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Field, FieldType

FORM = """
form: visit
title: 走访
fields:
  - note: {title: 请逐项填写, type: note}
  - section: 基本情况
  - firm: {title: 企业, help: 写全称, basis: 条例 第一条}
  - faults: {title: 问题, type: choices, choices: {wages: 欠薪, none: 没有}, exclusive: [none]}
  - owed: {title: 欠薪, type: money, when: "'wages' in form.faults"}
  - phone: {title: 电话, recommended: true}
  - workers: {title: 职工, optional: true, columns: [name: {title: 姓名}, age: {title: 年龄, type: integer, when: it.name != 'x'}]}
rows:
  - {id: contract, title: 合同, points: 书面, basis: 劳动合同法}
"""
LONG = (
    "form: long\ntitle: 长\nfields:\n  - x: {title: 选, choices: {"
    + ", ".join(f"c{n}: 选项{n}" for n in range(30))
    + "}}\n"
)


def interview(
    text: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, **answers: Any
) -> tuple[FormInterview, list[dict[str, Any]]]:
    """Return an interview of a form, and the drafts it keeps; `lines` are typed one after another."""
    (form,) = load_files({"f.yaml": text.lstrip()}).forms.values()
    waiting = iter(lines)

    def prompt(*_: object, **__: object) -> str:
        found = next(waiting, None)
        if found is None:
            raise click.Abort
        return found

    monkeypatch.setattr(click, "prompt", prompt)
    kept: list[dict[str, Any]] = []

    def keep(now: Mapping[str, Any]) -> None:
        kept.append({**now})

    return FormInterview(form, (), {}, {}, frozenset(), dict(answers), keep), kept


def test_questions_are_put_one_after_another_and_each_answer_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["不符合", "?", "甲公司", "1", "100", "", "没有电话", "张", "30", "x", ""]
    asked, kept = interview(
        FORM, ["f", "未签", "", "劳动合同法 第十条", "补订", "2026-04-10", "乙", *lines[1:]], monkeypatch
    )
    asked.ask()
    assert asked.answers == {
        "rows": {
            "contract": {
                "answer": "fail",
                "note": "未签",
                "article": "劳动合同法 第十条",
                "measure": "补订",
                "due_on": "2026-04-10",
                "person": "乙",
            }
        },
        "firm": "甲公司",
        "faults": ["wages"],
        "owed": "100",
        "unanswered": {"phone": "没有电话"},
        "workers": [{"name": "张", "age": "30"}, {"name": "x"}],
    }
    assert len(kept) >= 6
    assert kept[-1] == asked.answers
    assert read_answers(asked.form, (), asked.answers, {})[1] == []
    shown = dict(asked.shown())
    assert (shown["企业"], shown["问题"], shown["电话"], shown["合同"]) == (
        "甲公司",
        "欠薪",
        "-",
        "不符合 未签 劳动合同法 第十条 补订 2026-04-10 乙",
    )
    assert asked.names()[:3] == ("rows.contract", "firm", "faults")


def test_what_is_answered_is_not_put_again_and_a_stop_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, kept = interview(
        FORM, ["none", "."], monkeypatch, firm="甲", rows={"contract": {"answer": "pass"}}, owed="5"
    )
    with pytest.raises(InterviewStoppedError):
        asked.ask()
    assert kept[-1] == {"firm": "甲", "rows": {"contract": {"answer": "pass"}}, "faults": ["none"]}


def test_named_questions_are_put_again_with_what_was_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, _ = interview(FORM, ["乙"], monkeypatch, firm="甲", faults=["none"])
    asked.ask(frozenset({"firm"}))
    assert asked.answers["firm"] == "乙"
    asked, _ = interview(FORM, ["-"], monkeypatch, firm="甲", faults=["none"])
    asked.ask(frozenset({"firm"}))
    assert "firm" not in asked.answers


def test_a_long_list_is_searched(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    asked, _ = interview(LONG, ["选项1", "选项17"], monkeypatch)
    asked.ask()
    assert asked.answers == {"x": "c17"}
    seen = capsys.readouterr().err
    assert "有 30 个选项" in seen
    assert "选项10" in seen


def test_answers_as_they_are_checked() -> None:
    one = Field(name="x", title="问", type=FieldType.CHOICE, choices={"a": "甲"})
    assert [answer_text(one, value) for value in ("a", None, ["a", "b"], {"x": 1})] == [
        "甲",
        "-",
        "甲、b",
        '{"x": 1}',
    ]
