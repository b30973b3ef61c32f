"""A form asked question by question."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import click
import pytest

from engine.cli.cases.answers.attachments import AttachmentError
from engine.cli.cases.answers.form_interview import FormInterview, InterviewStoppedError, literal
from engine.definition.library import load_files
from engine.language import say
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.model.form import Field

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
        kept.append(deepcopy({**now}))

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
        "不符合；未签；违反的规定：劳动合同法 第十条；整改要求：补订；整改期限：2026-04-10；责任人：乙",
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


MORE = """
form: more
title: 更多
fields:
  - note: {title: 说明}
  - papers: {title: 材料, type: list}
  - photos: {title: 照片, type: photos}
"""


def test_entries_are_typed_one_a_line_and_the_prompt_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, kept = interview(
        MORE, ["-", "工资台账 2024年1月，共12份", "\\.", "", "a.jpg", "b.jpg", ""], monkeypatch
    )
    asked.ask()
    assert asked.answers == {
        "note": "-",
        "papers": ["工资台账 2024年1月，共12份", "."],
        "photos": ["a.jpg", "b.jpg"],
    }
    # What was typed of a list is in the draft before its last line.
    assert {"note": "-", "papers": ["工资台账 2024年1月，共12份"]} in kept
    prompts = {name: str(asked._prompt(asked.form.field(name), None)) for name in ("papers", "photos")}  # type: ignore[arg-type]
    assert all("一行一项，直接回车到此为止" in said for said in prompts.values())
    assert "文件的路径，或本件附件的编号" in prompts["photos"]
    # Where an answer is there, the mark clears it.
    again, _ = interview(MORE, ["-", "-"], monkeypatch, **asked.answers)
    again.ask(frozenset({"note", "papers"}))
    assert again.answers == {"photos": ["a.jpg", "b.jpg"]}


def test_a_file_that_cannot_be_kept_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked, _ = interview(MORE, ["无", "甲", "", "none.jpg", "a.jpg", ""], monkeypatch)

    def attach(_: Field, value: Any) -> Any:
        if value == ["none.jpg"]:
            raise AttachmentError(say("没有"))
        return [{"name": one, "sha256": "0" * 64} for one in value]

    asked.attach = attach
    asked.ask()
    assert asked.answers["photos"] == [{"name": "a.jpg", "sha256": "0" * 64}]
    assert "没有" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("\\-", "-"), ("\\\\-", "\\-"), ("\\", "\\"), ("\\a", "\\a"), ("-", "-"), ("--", "--")],
)
def test_a_mark_itself_can_be_answered(typed: str, meant: str) -> None:
    assert literal(typed) == meant


def test_a_question_of_an_item_form_is_put_although_one_of_that_name_is_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = "form: b\ntitle: 主\nfields:\n  - note: {title: 主说明}\n  - x: {title: X, optional: true}\n"
    item = "form: i\ntitle: 项\nfields:\n  - note: {title: 项说明}\n"
    forms = load_files({"b.yaml": base, "i.yaml": item}).forms
    put: list[str] = []

    def prompt(question: str, **_: object) -> str:
        put.append(question.partition("（")[0])
        return "答"

    monkeypatch.setattr(click, "prompt", prompt)
    held, hidden = {"note": "旧"}, frozenset({"note"})
    for away in (frozenset[str](), hidden):
        put.clear()
        asked = FormInterview(forms["b"], (forms["i"],), {}, held, away, {}, lambda _: None)
        asked.ask()
        assert put == ["X", "项说明"]
        assert asked.answers == {"x": "答", "items": {"i": {"note": "答"}}}
        assert asked.names() == ("x", "items.i.note")
        kept, problems = read_answers(forms["b"], [forms["i"]], asked.answers, {}, held)
        assert problems == []
        assert kept["items"]["i"]["note"] == "答"


COUNTED = """
form: counted
title: 清点
fields:
  - paid: {title: 已付, type: money, optional: true, when: form.staff > 3}
  - staff: {title: 人数, type: integer}
  - owed: {title: 欠薪, type: money, when: form.staff > 3}
  - each: {title: 人均, type: decimal, unit: 元, computed: "round(form.owed / form.staff, 2)"}
  - why: {title: 缘由, when: form.each > 100}
  - ok: {title: 属实, type: boolean}
  - note: {title: 说明, when: not form.ok}
  - seen: {title: 到场, type: datetime, optional: true, when: form.share > 1/20}
  - share: {title: 占比, type: ratio}
  - day: {title: 日期, type: date}
  - late: {title: 迟延, when: "form.day > '2026-01-31'"}
  - probs:
      title: 问题
      optional: true
      columns:
        - group: {title: 组, when: form.staff > 100}
        - what: {title: 事实}
        - sum: {title: 数额, type: money, optional: true}
        - half: {title: 半数, type: money, computed: "round(it.sum / 2, 2)"}
        - why: {title: 缘由, when: it.half > 50}
        - kind: {title: 类, choices: {a: 甲, b: 乙}, offered: [{codes: [b], when: it.sum > 10}], when: filled(it.sum)}
        - parts: {title: 其中, optional: true, when: it.half > 500, columns: [name: {title: 名}, days: {title: 天, type: integer}, long: {title: 久, when: it.days > 5}]}
  - total: {title: 合计, type: money, computed: "sum(form.probs, it.sum)"}
  - last: {title: 大额说明, when: form.total > 1000}
"""


def _put(
    monkeypatch: pytest.MonkeyPatch, text: str, given: Mapping[str, list[str]], **answers: Any
) -> tuple[FormInterview, list[str], list[dict[str, Any]]]:
    """Answer an interview by the titles of what is asked; returns it, the titles in their order, and the drafts."""
    asked, kept = interview(text, [], monkeypatch, **answers)
    waiting = {title: iter(lines) for title, lines in given.items()}
    titles: list[str] = []

    def prompt(question: str, **_: object) -> str:
        title = question.partition("（")[0]
        titles.append(title)
        found = next(waiting[title])
        if found == "!":
            raise click.Abort
        return found

    monkeypatch.setattr(click, "prompt", prompt)
    return asked, titles, kept


def test_conditions_on_numbers_days_yes_or_no_and_what_is_worked_out_are_judged_as_the_form_reads_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {
        "人数": ["１２"],
        "已付": ["5"],
        "欠薪": ["1234.50"],
        "缘由": ["拖欠", "周转"],
        "属实": ["否"],
        "说明": ["无"],
        "占比": ["6%"],
        "到场": [""],
        "日期": ["2026-02-01"],
        "迟延": ["节后"],
        "事实": ["少发", "晚发", ""],
        "数额": ["abc", "1/0", "1e9", "3000", "5"],
        "类": ["乙", "乙", "甲"],
        "名": ["张", ""],
        "天": ["七", "7"],
        "久": ["加班"],
        "大额说明": ["已核"],
    }
    asked, titles, kept = _put(monkeypatch, COUNTED, given)
    asked.ask()
    assert read_answers(asked.form, (), asked.answers, {})[1] == []
    row = {
        "what": "少发",
        "sum": "3000",
        "why": "周转",
        "kind": "b",
        "parts": [{"name": "张", "days": "7", "long": "加班"}],
    }
    assert asked.answers["probs"] == [row, {"what": "晚发", "sum": "5", "kind": "a"}]
    assert (asked.answers["owed"], asked.answers["why"], asked.answers["last"]) == ("1234.50", "拖欠", "已核")
    # What a question further down brings up is put as well.
    assert titles.index("已付") > titles.index("大额说明")
    assert asked.names() == (
        *("paid", "staff", "owed", "why", "ok", "note", "seen", "share", "day", "late", "probs", "last"),
    )
    said = capsys.readouterr().err
    assert said.count("“数额”应为金额") == 3
    assert "“天”应为整数，实为“七”" in said
    # The row that was being typed was in the draft.
    assert {"what": "少发", "sum": "3000"} in [draft["probs"][0] for draft in kept if "probs" in draft]


def test_a_row_that_is_being_typed_is_kept_when_the_input_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {
        "staff": "2", "ok": "是", "share": "1%", "day": "2026-01-01",
    }  # fmt: skip
    asked, _, kept = _put(
        monkeypatch, COUNTED, {"事实": ["少发", "晚发"], "数额": ["8", "abc", "!"], "类": ["甲"]}, **before
    )
    with pytest.raises(InterviewStoppedError):
        asked.ask()
    rows = [{"what": "少发", "sum": "8", "kind": "a"}, {"what": "晚发"}]
    assert (asked.answers["probs"], kept[-1]["probs"]) == (rows, rows)
    # Asked again, the rows that are there are gone through: what is not typed anew stays.
    again, titles, _ = _put(
        monkeypatch,
        COUNTED,
        {"事实": ["", "-", "另", ""], "数额": ["20", ""], "类": ["乙"]},
        **kept[-1],
    )
    again.ask(frozenset({"probs"}))
    assert again.answers["probs"] == [{"what": "少发", "sum": "20", "kind": "b"}, {"what": "另"}]
    assert titles[-1] == "事实"


def test_answers_that_no_longer_apply_are_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, _, _ = _put(monkeypatch, COUNTED, {"人数": ["3"], "事实": [""]}, staff="5", owed="9", paid="1", ok="是",
                       share="1%", day="2026-01-01")  # fmt: skip
    asked.ask(frozenset({"staff"}))
    asked.ask()
    assert asked.answers == {"staff": "3", "ok": "是", "share": "1%", "day": "2026-01-01"}
    assert read_answers(asked.form, (), asked.answers, {})[1] == []


def test_what_a_shipped_form_works_out_of_the_case_brings_its_questions_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = Path(__file__).parents[4] / "forms" / "archive_check.yaml"
    text = path.read_text(encoding="utf-8")
    for still_open, times in ((3, 1), (0, 0)):
        asked, _ = interview(text, ["是"] * 60, monkeypatch)
        asked.scope = {"children": {"inspection": {"open": still_open, "total": 5}}, "case": {}}
        asked.ask()
        assert asked.names().count("running_follow_ups") == times
        assert [name for name in asked.answers if name == "running_follow_ups"] == [
            "running_follow_ups"
        ] * times


WHOLE = {
    "answer": "fail",
    "note": "两人没有合同",
    "evidence": "照片2",
    "article": "劳动合同法 第十条",
    "measure": "补订合同",
    "due_on": "2026-12-20",
    "person": "张三",
}
ONE_ROW = "form: one\ntitle: 一行\nfields: []\nrows:\n  - {id: contract, title: 合同, points: 书面, basis: 劳动合同法, method: 查合同}\n"


def test_a_check_row_that_is_asked_again_keeps_what_was_said_of_it_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = [
        "不符合",
        "两人没有合同",
        "照片2",
        "劳动合同法 第十条",
        "补订合同",
        "明天",
        "2026-12-2",
        "2026-12-19",
        "张三",
    ]
    asked, kept = interview(ONE_ROW, first, monkeypatch)
    asked.ask()
    assert asked.answers["rows"]["contract"] == {**WHOLE, "due_on": "2026-12-19"}
    said = capsys.readouterr().err
    # A day is judged as it is typed.
    assert said.count("“整改期限”应为") == 2
    # What is typed is in the draft before the row is done.
    assert {"rows": {"contract": {"answer": "fail", "note": "两人没有合同"}}} in kept
    put: list[str] = []
    waiting = iter(["", "", "-", "", "", "2026-12-20", ""])

    def prompt(question: str, **_: object) -> str:
        put.append(question)
        return next(waiting)

    monkeypatch.setattr(click, "prompt", prompt)
    asked.ask(frozenset({"rows.contract"}))
    assert asked.answers["rows"]["contract"] == {
        name: text for name, text in WHOLE.items() if name != "evidence"
    }
    assert "现为 不符合" in put[0]
    assert [text in question for text, question in zip([*WHOLE.values()][1:5], put[1:], strict=False)] == [
        True
    ] * 4
    assert ("问题或说明（必填、" in put[1], "证据（选填、" in put[2]) == (True, True)
    assert read_answers(asked.form, (), asked.answers, {})[1] == []


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["p", "没有问题", ""], {"answer": "pass", "note": "没有问题", "evidence": "照片2"}),
        (["符合", "-", "-"], {"answer": "pass"}),
        (["看不出", "N/A", "", ""], {"answer": "n/a", "note": "两人没有合同", "evidence": "照片2"}),
        (["-"], None),
    ],
)
def test_another_answer_to_a_check_row_keeps_only_what_belongs_to_it(
    lines: list[str],
    left: Mapping[str, Any] | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked, kept = interview(ONE_ROW, lines, monkeypatch, rows={"contract": dict(WHOLE)})
    asked.ask(frozenset({"rows.contract"}))
    assert asked.answers["rows"].get("contract") == left
    assert kept[-1] == asked.answers
    assert ("应为 p 符合、f 不符合、n 不适用，实为“看不出”" in capsys.readouterr().err) == ("看不出" in lines)


SAID = """
form: said
title: 说
fields:
  - page: 第一页
  - remind: {title: 须知, type: note, help: 只在有问题时看}
  - owner: {title: 负责人, type: person}
  - team: {title: 检查人, type: persons}
  - list:
      title: 清单
      optional: true
      columns:
        - kind: {title: 种类, help: 按名录, choices: {a: 甲类, b: 乙类}}
  - ok: {title: 属实, type: boolean}
  - long: {title: 经过, type: long text}
"""


def test_what_helps_is_shown_with_notes_and_columns_people_are_named_and_answers_are_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = ["张三", "insp-02", "[insp-01, insp-02]", "", "乙", "", "是", "一\n二"]
    asked, _ = interview(SAID, lines, monkeypatch)
    asked.words, asked.people = {"insp-01": "张三", "insp-02": "李四"}, {"张三": "insp-01", "李四": "insp-02"}
    asked.ask()
    said = capsys.readouterr().err
    assert "【第一页】\n须知\n只在有问题时看\n" in said
    assert (
        "清单（选填、逐行填写）\n第 1 行（第一栏直接回车，到此为止）\n按名录\n  1  甲类\n  2  乙类\n" in said
    )
    assert said.count("名录中没有") == said.count("名录中没有“[insp-01, insp-02]”") == 1
    assert (asked.answers["owner"], asked.answers["list"]) == ("insp-01", [{"kind": "b"}])
    assert asked.answers["team"] == ["insp-02", "[insp-01, insp-02]"]
    assert dict(asked.shown()) == {
        "负责人": "张三",
        "检查人": "李四、[insp-01, insp-02]",
        "清单": "种类 乙类",
        "属实": "是",
        "经过": "一\n        二",
    }
