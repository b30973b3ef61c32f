"""What a person types, on every face: one value of each type is kept as one answer, or refused with one sentence."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import click
import judged_rows
import pytest

from engine.cli.cases.answers.answer_prompts import EMPTY, HELP, STOP
from engine.cli.cases.answers.form_interview import ITSELF, FormInterview
from engine.cli.cases.answers.set_answers import _value as value_of_set
from engine.definition.library import load_files
from engine.documents import offline
from engine.documents.offline.form_data import form_data
from engine.documents.offline.words import words
from engine.lifecycle.expressions.expression import ZONE
from engine.lifecycle.forms.answers import read_answers
from engine.lifecycle.forms.relevance import is_blank
from engine.lifecycle.model.form import Form
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of
from engine.web.forms.typed import Typed

if TYPE_CHECKING:
    from engine.app.queries import QuerySource

BUREAU = ZoneInfo("Asia/Shanghai")
SCOPE = {"today": "2026-11-30", "case": {"fields": {}}, ZONE: BUREAU}
NODE = shutil.which("node")
READING = Path(offline.__file__).with_name("reading.js")
FORM = """form: probe
title: 探针表
fields:
  - t: {title: 文字题, text, optional: true}
  - lt: {title: 长文题, long text, optional: true}
  - i: {title: 整数题, integer, min: 0, max: 999999, optional: true}
  - d: {title: 小数题, decimal, optional: true}
  - m: {title: 金额题, money, optional: true}
  - r: {title: 比例题, ratio, optional: true}
  - b: {title: 是否题, boolean, optional: true}
  - y: {title: 适用题, yes-no-na, optional: true}
  - dt: {title: 日期题, date, optional: true}
  - dtm: {title: 时刻题, datetime, optional: true}
  - tm: {title: 时间题, time, optional: true}
  - c: {title: 单选题, choices: {a: 甲项, b: 乙项, none: 没有}, optional: true}
  - pl: {title: 地点题, place, optional: true}
  - l: {title: 列表题, list, max: 3, optional: true}
  - p: {title: 人员题, person, optional: true}
  - ps: {title: 几人题, persons, optional: true}
"""
#: Question -> what is typed into its one box.
VALUES: Mapping[str, tuple[str, ...]] = {
    "t": ("-", ".", "?", "\\", "\\-", "a\x00b", "\u202eabc", "abc\u200f", "字" * 1000, "字" * 1001, "a\nb", "<script>", "1", "null", "~", " a  b ", "\u200b", "甲\u2028乙", "是，否"),
    "lt": ("a\r\nb", "a\rb", "字" * 20000, "字" * 20001, "a\x00", "  x\n", "\u202e", "a\tb", "\n\n", "-", "."),
    "i": ("1,000", "-0", "1e3", "5人", "05", "1.0", "1000000", "-1", "１２", "三", "-", "9" * 19),
    "d": ("1,000.00", "-0", "1e3", "5平方米", "5.", ".5", "1.50", "1.5000000001", "-0.0", "１．５", "-"),
    "m": ("1,000.00", "-0", "1e3", "1.005", "0.1", "00.10", "１０００", "+5", "1000元", "9999999999999999.99", "10000000000000000"),
    "r": ("5%", "1/20", "0.05", "5 %", "150%", "1/0", "-5%", "５％"),
    "b": ("true", "是", "否", "false", "TRUE", "yes", "-"),
    "y": ("yes", "YES", "是", "不适用", "n/a", "na", "N/A", "true"),
    "dt": ("2024-02-30", "2024/2/3", "2024-2-3", "0001-01-01", "9999-12-31", "10000-01-01", "2024-02-03T00:00", "2024年2月3日", "２０２４-０２-０３", "2024-02-03 ", "2024-060", "昨天"),
    "dtm": ("2024-02-03T09:30", "2024-02-03 09:30", "2024-02-03", "2024-02-03T24:00", "2024-02-03T09:30+08:00", "2024-02-03T09:30Z", "20240203T0930", "2024-02-03T09:30:00.123456", "2024-02-03T09", "２０２４-02-03T09:30", "2024-02-03T09：30", "2024-02-03T09:30+25:00", "0001-01-01T00:00", "2024-02-03T09:30:60", "2024-W05-6T09:30", "1988-07-01T09:00", "2024-02-30T09:00", "soon"),
    "tm": ("9:3", "9:30", "24:00", "09:30:00", "9：30", "09:30 ", "00:00", "0930"),
    "c": (" a", "a ", "甲项", " 甲项 ", "b\u200b", "丙项", "none"),
    "pl": ("39.9, 116.4", "39.9，116.4", "39.9 116.4", "116.4, 39.9", "-0,-0", "39.9", "此处"),
    "l": ("张 三", "工资台账 2024年1月，共12份", "a、b", "一；二", "甲\n乙", "劳动合同12份\t社保", "x,y", "甲 甲", "甲\n甲", "-", ".", "甲\n\n 乙 ", "1\n2\n3\n4", "a／b", "甲\u202e"),
    "p": ("insp-01", " insp-01", "insp 01", "字" * 201),
    "ps": ("insp-01", "insp-01 insp-02", "insp-01、insp-02", "insp-01\ninsp-02"),
}  # fmt: skip
CASES = [(name, text) for name, texts in VALUES.items() for text in texts]
_LISTS = ("l", "ps")
#: What is typed into two boxes on the phone is one line elsewhere.
_BOXES = {"39.9, 116.4": ("39.9", "116.4"), "116.4, 39.9": ("116.4", "39.9"), "-0,-0": ("-0", "-0")}
_RUN = """
const R = require(process.argv[1]);
const {all, words} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const say = (key, values) => words[key].replace(/\\{(\\w+)\\}/g, (_, name) => (name in values ? values[name] : ""));
process.stdout.write(JSON.stringify(all.map(({asked, typed}) => {
  const given = ["list", "persons"].includes(asked.type) ? R.lines(typed) : typed;
  if (R.blank(given)) return [null, ""];
  const found = R.read(asked, given, "+08:00");
  return [R.handed(asked, given), found && found.wrong ? say(found.wrong, {...found, title: asked.title}) : ""];
})));
"""


@cache
def form() -> Form:
    return load_files({"probe.yaml": FORM}).forms["probe"]


def read(answers: Mapping[str, Any]) -> tuple[Any, list[str]]:
    """Return what is kept of the one answer, and what is said against it."""
    kept, problems = read_answers(form(), (), answers, SCOPE)
    return next(iter(kept.values()), None), [str(problem.message) for problem in problems]


def by_the_page(name: str, text: str) -> dict[str, Any]:
    """Return what a page hands in; a browser ends lines by two characters, of which the server takes one away."""
    return answers_of(form(), (), Typed({f"q.{name}": [text.replace("\r\n", "\n")]}))


def in_a_file(name: str, text: str) -> dict[str, Any]:
    """Return what somebody writes into a file of answers: the text itself, of a list its entries."""
    return {name: [line for line in text.splitlines() if line.strip()] if name in _LISTS else text}


def with_set(name: str, text: str) -> dict[str, Any]:
    """Return what ``--set NAME=TEXT`` hands in."""
    asked, nobody = form().field(name), cast("QuerySource", None)
    assert asked is not None
    # People are looked up by their names there.
    found = in_a_file(name, text)
    return found if name in ("p", "ps") else {name: value_of_set(nobody, "", asked, text.strip())}


def on_the_terminal(name: str, text: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return what ``task do`` hands in; before a mark that would be an order, the sign is typed that it is meant itself."""
    answers: dict[str, Any] = {}
    interview = FormInterview(form(), (), SCOPE, {}, frozenset(), answers, lambda _: None)

    def as_typed(line: str) -> str:
        rest = line.strip().lstrip(ITSELF)
        marked = rest in (HELP, STOP) or (rest == EMPTY and rest != line.strip())
        return ITSELF + line.strip() if marked else line

    lines = text.splitlines() if name in _LISTS else [text]
    waiting = iter([*(as_typed(line) for line in lines if name not in _LISTS or line.strip()), ""])
    monkeypatch.setattr(click, "prompt", lambda *_, **__: next(waiting, ""))
    monkeypatch.setattr(click, "echo", lambda *_, **__: None)
    interview.ask(frozenset({name}))
    return answers


@pytest.mark.parametrize(("name", "text"), CASES)
def test_terminal_page_and_file_keep_or_refuse_alike(
    name: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read(by_the_page(name, text))
    assert read(on_the_terminal(name, text, monkeypatch)) == expected
    # A file may hold a text of blanks, which nobody types.
    assert text.isspace() or read(in_a_file(name, text)) == expected
    assert read(with_set(name, text)) == expected


@pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")
def test_the_offline_form_keeps_or_refuses_alike() -> None:
    asked = {one["name"]: one for one in form_data(form())["fields"]}
    cases = [
        (name, text, _typed_on_the_phone(name, text))
        for name, text in CASES
        if name != "pl" or text in _BOXES
    ]
    given = {"all": [{"asked": asked[name], "typed": typed} for name, _, typed in cases], "words": words()}
    assert NODE is not None
    ran = subprocess.run(
        [NODE, "-e", _RUN, str(READING)], input=json.dumps(given).encode(), capture_output=True, check=True
    )
    wrong: list[Any] = []
    for (name, text, _), (handed, said) in zip(cases, json.loads(ran.stdout), strict=True):
        expected = read(by_the_page(name, text))
        found = read({} if is_blank(handed) else {name: handed})
        if found != expected:
            wrong.append((name, text, found, expected))
        # What the phone itself says is what the form says; of what it takes, only bounds are left to say.
        if said and [said] != expected[1]:
            wrong.append((name, text, said, expected[1]))
    assert wrong == []


def _typed_on_the_phone(name: str, text: str) -> Any:
    if name != "pl":
        return text
    latitude, longitude = _BOXES[text]
    return {"latitude": latitude, "longitude": longitude}


def test_how_many_values_are_compared() -> None:
    assert len(CASES) >= 156


def test_a_moment_is_shown_again_as_it_was_meant() -> None:
    for text, zone in (("2024-02-03T09:30", "+08:00"), ("1988-07-01T09:00", "+09:00")):
        kept, problems = read(by_the_page("dtm", text))
        assert (kept, problems) == (f"{text}:00{zone}", [])
        assert typed_of(form(), (), {"dtm": kept}, BUREAU).one("q.dtm") == text


def test_a_moment_without_a_time_is_refused_with_its_sentence() -> None:
    said = ["“时刻题”应为日期和时间（如 2024-04-20 09:30），实为“2024-02-03”"]
    assert read(by_the_page("dtm", "2024-02-03")) == (None, said)


_JUDGE = """
const A = require(process.argv[1]);
const {all, data, words} = JSON.parse(require("fs").readFileSync(0, "utf8"));
const judge = A({scope: {"{": []}, offset: "+08:00"}, words, () => "2026-11-30");
process.stdout.write(JSON.stringify(all.map((answers) => {
  const found = judge.inner(data.fields, data.order, answers, "form", new Map(), judge.ofRows([{data, answers}]));
  const handed = {}, said = {};
  for (const asked of data.fields) {
    if (!found.open.has(asked.name)) continue;
    const problem = judge.problemOf(asked, answers, found), typed = judge.given(asked, answers);
    if (problem) said[asked.name] = problem;
    if (asked.computed) continue;
    const empty = (all) => all === undefined || (Array.isArray(all) && !all.length);
    const answer = empty(typed) ? typed : judge.handed(asked, answers, found);
    if (!empty(answer)) handed[asked.name] = answer;
  }
  return {handed, said, whole: judge.whole(data, answers, found)};
})));
"""


@cache
def judged() -> Form:
    loaded = load_files({"judged.yaml": judged_rows.FORM})
    assert "judged" in loaded.forms, [str(one) for one in loaded.problems]
    return loaded.forms["judged"]


def judge_on_the_phone(answers: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Return what the offline form hands in of answers, and what it says of each question and of the whole."""
    given = {"all": answers, "data": form_data(judged()), "words": words()}
    assert NODE is not None
    ran = subprocess.run(
        [NODE, "-e", _JUDGE, str(READING.with_name("answers.js"))],
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    return list(json.loads(ran.stdout))


@pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")
def test_the_offline_form_judges_rows_conditions_and_constraints_alike() -> None:
    wrong: list[Any] = []
    for answers, found in zip(judged_rows.ANSWERS, judge_on_the_phone(judged_rows.ANSWERS), strict=True):
        kept, problems = read_answers(judged(), (), answers, SCOPE)
        first: dict[str, str] = {}
        for problem in problems:
            first.setdefault(problem.field or "", str(problem.message))
        whole = [str(problem.message) for problem in problems if problem.field is None]
        if ({**found["said"], **({"": found["whole"][0]} if found["whole"] else {})}) != first:
            wrong.append((answers, found, first))
        if found["whole"] != whole or read_answers(judged(), (), found["handed"], SCOPE) != (kept, problems):
            wrong.append((answers, found, kept, problems))
    assert wrong == []


@pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")
def test_the_offline_form_hands_in_nothing_that_is_not_asked_any_more() -> None:
    found = judge_on_the_phone([held for held, _ in judged_rows.HIDDEN])
    assert [(one["handed"], one["said"]) for one in found] == [(asked, {}) for _, asked in judged_rows.HIDDEN]
    for held, asked in judged_rows.HIDDEN:
        assert read_answers(judged(), (), held, SCOPE)[1]
        assert read_answers(judged(), (), asked, SCOPE)[1] == []


@pytest.mark.skipif(NODE is None, reason="no JavaScript outside of a browser here")
def test_a_row_that_has_answers_only_where_nothing_is_asked_is_no_row() -> None:
    (found,) = judge_on_the_phone([{"area": "s", "few": "3", "must": [{"north": "有"}]}])
    assert (found["handed"], found["said"]) == ({"area": "s", "few": "3"}, {"must": "“须列”必须填写"})
    (problem,) = read_answers(judged(), (), found["handed"], SCOPE)[1]
    assert str(problem.message) == "“须列”必须填写"


def test_the_page_and_a_file_leave_blank_rows_out_alike() -> None:
    for answers in judged_rows.ANSWERS:
        rows = answers.get("list", ())
        texts = {
            f"q.list.{number}.{name}": [text] for number, row in enumerate(rows) for name, text in row.items()
        }
        typed = Typed({"q.area": ["n"], "q.list.count": [str(len(rows))], **texts})
        of_page = read_answers(judged(), (), answers_of(judged(), (), typed), SCOPE)
        of_file = read_answers(judged(), (), {"area": "n", "list": list(rows)}, SCOPE)
        assert of_page == of_file
