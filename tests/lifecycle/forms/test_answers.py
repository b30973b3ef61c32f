"""Answers to forms: what each kind of question accepts, what it refuses and says, and that nothing is filled in."""

from __future__ import annotations

import json
import textwrap
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.definition.library import load_files
from engine.lifecycle.forms.answers import left_blank, read_answers
from engine.lifecycle.forms.fields import read_value
from engine.lifecycle.model.form import Field, FieldType, Form

DIGEST = "ab" * 32


def forms(*texts: str) -> list[Form]:
    """Return the forms of the texts, in their order."""
    loaded = load_files({f"{n}.yaml": textwrap.dedent(text) for n, text in enumerate(texts)})
    errors = [str(problem.message) for problem in loaded.problems if problem.severity == "error"]
    assert not errors, errors
    return list(loaded.forms.values())


def sheet(fields: str, more: str = "") -> Form:
    """Return a form with these fields, each on a line of its own."""
    (form,) = forms(
        f"form: sheet\ntitle: 记录\nfields:\n{textwrap.indent(textwrap.dedent(fields).strip(), '  ')}\n{more}"
    )
    return form


def read(form: Form, answers: dict[str, Any], *items: Form, **names: Any) -> dict[str, Any]:
    """Read answers that must stand; returns what is kept."""
    kept, problems = read_answers(form, items, answers, names)
    assert problems == [], [str(problem) for problem in problems]
    return kept


def wrong(form: Form, answers: dict[str, Any], *items: Form, **names: Any) -> dict[str | None, str]:
    """Read answers that must not stand; returns field -> what is said of it."""
    _, problems = read_answers(form, items, answers, names)
    assert problems
    assert all(problem.code == "form" for problem in problems)
    return {problem.field: str(problem.message) for problem in problems}


KINDS: dict[str, tuple[list[tuple[Any, Any]], list[Any]]] = {
    "text": ([("甲", "甲"), (" 甲 ", "甲"), (7, "7")], [True, 1.5, ["甲"], {"a": 1}]),
    "long text": ([("一\n二", "一\n二")], [False, ["x"]]),
    "integer": ([(3, 3), ("12", 12), ("-4", -4), (0, 0)], [True, 1.0, "1.5", "三", "1" * 19, [1]]),
    "decimal": ([("1.50", "1.50"), (3, "3"), ("-0.1", "-0.1")], [1.5, True, "1,5", "1e3", "1/2", "nan"]),
    "ratio": ([("5%", "5%"), ("0.05", "0.05"), ("1/20", "1/20")], [0.05, True, "1/0", "-5%", "五成", "5 %"]),
    "boolean": ([(True, True), (False, False), ("是", True), ("否", False)], [1, 0, "yes", "on", "Y", []]),
    "date": ([("2024-02-29", "2024-02-29")], ["2023-02-29", "2024/02/01", "明天", 20240201, True]),
    "datetime": (
        [("2024-04-20T09:30+08:00", "2024-04-20T09:30:00+08:00")],
        ["2024-04-20T09:30", "2024-04-20", "09:30", 5],
    ),
    "person": ([("anna", "anna"), (17, "17")], [True, ["anna"], {"id": "anna"}, "  "]),
    "persons": ([(["anna", "bela", "anna"], ["anna", "bela"])], ["anna", [True], [["anna"]], {"anna": 1}]),
    "object": ([("object-1", "object-1")], [False, ["object-1"]]),
    "file": (
        [({"name": "a.pdf", "sha256": DIGEST}, {"name": "a.pdf", "sha256": DIGEST})],
        ["a.pdf", {"name": "a.pdf"}, {"name": "a.pdf", "sha256": "AB" * 32}, {"sha256": DIGEST}],
    ),
    "files": (
        [([{"name": "a", "sha256": DIGEST}], [{"name": "a", "sha256": DIGEST}])],
        ["a", [{"name": "a"}]],
    ),
    "list": ([(["甲", "乙"], ["甲", "乙"])], ["甲", {"甲": 1}, [["甲"]]]),
    "money": ([("1234.50", "1234.50"), (3, "3"), ("-0.1", "-0.1")], [1.5, True, "1.234", "1,5", "一元"]),
    "time": ([("09:30", "09:30"), ("9:05", "09:05")], ["24:00", "9:5", "0930", 930, True]),
    "yes-no-na": (
        [(True, "yes"), ("否", "no"), ("不适用", "n/a"), ("n/a", "n/a"), ("yes", "yes")],
        [1, "y", "无", ["yes"]],
    ),
    "place": (
        [
            ("39.9042, 116.4074", {"latitude": "39.9042", "longitude": "116.4074"}),
            ("-1 2 0 0", {"latitude": "-1", "longitude": "2"}),
            (
                {"latitude": "39.9", "longitude": 116, "address": "某路1号"},
                {"latitude": "39.9", "longitude": "116", "address": "某路1号"},
            ),
        ],
        ["91, 0", "1", {"latitude": "1"}, {"latitude": 1.5, "longitude": 2}, {"a": 1}, True],
    ),
    "photo": (
        [({"name": "a.JPG", "sha256": DIGEST}, {"name": "a.JPG", "sha256": DIGEST})],
        ["a.jpg", {"name": "a.svg", "sha256": DIGEST}, {"name": "a.jpg"}],
    ),
    "photos": (
        [([{"name": "a.png", "sha256": DIGEST}], [{"name": "a.png", "sha256": DIGEST}])],
        ["a", [{"name": "a.pdf", "sha256": DIGEST}]],
    ),
    "signature": (
        [({"name": "a.png", "sha256": DIGEST}, {"name": "a.png", "sha256": DIGEST})],
        [True, {"name": "a.exe", "sha256": DIGEST}],
    ),
    "note": ([], ["看过", True]),
}


@pytest.mark.parametrize(
    ("kind", "given_", "kept"), [(k, g, v) for k, (ok, _) in KINDS.items() for g, v in ok]
)
def test_what_each_kind_of_question_accepts(kind: str, given_: Any, kept: Any) -> None:
    form = sheet(f"- x: {{title: 问题, type: {kind}, optional: true}}")
    assert read(form, {"x": given_}) == {"x": kept}


@pytest.mark.parametrize(("kind", "given_"), [(k, g) for k, (_, no) in KINDS.items() for g in no])
def test_what_each_kind_of_question_refuses(kind: str, given_: Any) -> None:
    form = sheet(f"- x: {{title: 问题, type: {kind}, optional: true}}")
    if given_ == []:
        assert read(form, {"x": given_}) == {}
        return
    said = wrong(form, {"x": given_})
    assert list(said) == ["x"]
    assert "问题" in said["x"]


def test_every_kind_of_question_is_among_these() -> None:
    assert set(KINDS) | {"choice", "choices"} == {kind.value for kind in FieldType}


def test_choices_take_the_code_or_its_text() -> None:
    one = sheet("- x: {title: 结果, choices: {a: 合格, b: 不合格}, optional: true}")
    many = sheet(
        "- x: {title: 结果, type: choices, max: 2, choices: {a: 合格, b: 不合格, c: 未查}, optional: true}"
    )
    assert read(one, {"x": "a"}) == read(one, {"x": "合格"}) == {"x": "a"}
    assert wrong(one, {"x": "c"}) == {"x": "“结果”应为下列之一：a（合格）、b（不合格）；实为“c”"}
    assert read(many, {"x": ["b", "合格", "b"]}) == {"x": ["b", "a"]}
    assert "列表" in wrong(many, {"x": "a"})["x"]
    assert wrong(many, {"x": ["a", "b", "c"]}) == {"x": "“结果”至多 2 项，实为 3 项"}


def test_bounds_are_part_of_the_kind() -> None:
    form = sheet("""
        - n: {title: 人数, type: integer, min: 1, max: 9, optional: true}
        - d: {title: 金额, type: decimal, min: 1, max: 9, optional: true}
        - t: {title: 说明, max: 3, optional: true}
        - p: {title: 签字人, type: persons, min: 2, optional: true}
    """)
    assert read(form, {"n": 1, "d": "9.0", "t": "一二三", "p": ["a", "b"]})
    assert wrong(form, {"n": 0, "d": "9.01", "t": "一二三四", "p": ["a", "a"]}) == {
        "n": "“人数”不得少于 1，实为 0",
        "d": "“金额”不得多于 9，实为 9.01",
        "t": "“说明”最多 3 字，实为 4 字",
        "p": "“签字人”至少 2 项，实为 1 项",
    }


def test_nothing_is_filled_in() -> None:
    form = sheet("""
        - n: {title: 人数, type: integer, optional: true}
        - ok: {title: 合格, type: boolean, optional: true}
        - must: {title: 日期, type: date, basis: 某法 第一条}
        - p: {title: 人员, type: persons, optional: true}
    """)
    kept, problems = read_answers(form, (), {"n": None, "ok": "", "p": []}, {})
    assert kept == {}
    assert [(p.field, str(p.message), p.basis) for p in problems] == [
        ("must", "“日期”必须填写", "某法 第一条")
    ]
    assert read(form, {"must": "2024-09-20", "ok": False, "n": 0}) == {
        "must": "2024-09-20",
        "ok": False,
        "n": 0,
    }


def test_unknown_questions_are_told_with_those_there_are() -> None:
    form = sheet("- note: {title: 说明, optional: true}")
    assert wrong(form, {"nots": "x", "rows": {}, "items": {}}) == {
        "nots": "《记录》没有“nots”这一栏；是否想写“note”？",
        "rows": "《记录》没有“rows”这一栏；可填：note",
        "items": "《记录》没有“items”这一栏；可填：note",
    }


def test_all_problems_are_told_at_once_in_the_order_of_the_form() -> None:
    form = sheet("""
        - a: {title: 甲, type: integer}
        - b: {title: 乙, type: date, optional: true}
        - c: {title: 丙, type: boolean, optional: true}
    """)
    assert list(wrong(form, {"b": "x", "c": "y", "z": 1})) == ["z", "a", "b", "c"]


def test_a_question_that_does_not_apply_is_not_asked_and_may_not_be_answered() -> None:
    form = sheet("""
        - method: {title: 方式, choices: {onsite: 现场, written: 书面}}
        - visited_on: {title: 检查日期, type: date, when: form.method == 'onsite'}
    """)
    assert read(form, {"method": "written"}) == {"method": "written", "not_asked": ["visited_on"]}
    assert wrong(form, {"method": "onsite"}) == {"visited_on": "“检查日期”必须填写"}
    said = wrong(form, {"method": "written", "visited_on": "2024-09-20"})
    assert said == {"visited_on": "“检查日期”在此情形下不适用，请勿填写"}
    # Unanswered, so nobody knows whether it applies: not asked.
    assert list(wrong(form, {})) == ["method"]


def test_relevance_and_computation_may_look_further_down() -> None:
    form = sheet("""
        - why: {title: 原因, when: "form.total > 5"}
        - total: {title: 合计, type: integer, computed: form.a + form.b}
        - a: {title: 甲, type: integer}
        - b: {title: 乙, type: integer}
    """)
    assert read(form, {"a": 1, "b": 2}) == {"not_asked": ["why"], "total": 3, "a": 1, "b": 2}
    assert wrong(form, {"a": 3, "b": 3}) == {"why": "“原因”必须填写"}
    kept = read(form, {"a": 3, "b": 3, "why": "多"})
    assert list(kept) == ["why", "total", "a", "b"]


def test_questions_that_look_at_each_other_do_not_go_round_for_ever() -> None:
    form = sheet("""
        - a: {title: 甲, when: filled(form.b), optional: true}
        - b: {title: 乙, when: empty(form.a), optional: true}
    """)
    assert read(form, {"b": "x"}) == {"b": "x"}


def test_computed_answers_are_worked_out_and_never_taken() -> None:
    form = sheet("""
        - a: {title: 甲, type: integer}
        - many: {title: 较多, type: boolean, computed: form.a > 5}
    """)
    assert read(form, {"a": 6}) == {"a": 6, "many": True}
    assert wrong(form, {"a": 6, "many": True}) == {"many": "“较多”由系统计算，不应填写"}
    assert list(wrong(form, {})) == ["a"]


def test_what_is_worked_out_may_be_against_a_constraint() -> None:
    form = sheet("""
        - a: {title: 甲, type: integer}
        - twice: {title: 两倍, type: integer, computed: form.a * 2, constraint: [{that: form.twice < 10, else: 太大}]}
        - list:
            title: 清单
            optional: true
            columns:
              - n: {title: 数, type: integer}
              - half: {title: 一半, type: integer, computed: it.n * 2, constraint: [{that: it.half < 10, else: 行里太大}]}
    """)
    assert read(form, {"a": 4, "list": [{"n": 1}]})["twice"] == 8
    assert wrong(form, {"a": 5, "list": [{"n": 1}, {"n": 7}]}) == {
        "twice": "太大",
        "list": "“清单”第 2 行：行里太大",
    }


def test_what_is_worked_out_and_is_no_whole_number_is_kept_as_a_text_that_is_counted_with() -> None:
    form = sheet("""
        - a: {title: 甲, type: integer}
        - share: {title: 占比, type: ratio, computed: form.a / 8}
        - price: {title: 单价, type: decimal, computed: form.a / 8}
        - third: {title: 三分之一, type: ratio, computed: form.a / 3}
        - enough: {title: 足够, type: boolean, computed: "form.share >= '12.5%' and form.third > form.share"}
    """)
    kept = read(form, {"a": 1})
    assert kept == {"a": 1, "share": "12.5%", "price": "0.125", "third": "100/3%", "enough": True}
    assert json.loads(json.dumps(kept)) == kept
    assert read(form, {"a": 0})["enough"] is False


def test_a_constraint_says_its_sentence_its_basis_and_its_clause() -> None:
    form = sheet("""
        - visited_on:
            title: 检查日期
            optional: true
            type: date
            constraint: [{that: form.visited_on <= today, else: 检查日期不能晚于今天, basis: 某办法 第三条}]
    """)
    assert read(form, {"visited_on": "2024-09-20"}, today="2024-09-20")
    assert read(form, {}, today="2024-09-20") == {}
    _, (problem,) = read_answers(form, (), {"visited_on": "2024-09-21"}, {"today": "2024-09-20"})
    assert (str(problem.message), problem.basis, problem.clause, problem.field) == (
        "检查日期不能晚于今天",
        "某办法 第三条",
        "form.visited_on <= today",
        "visited_on",
    )


def test_a_constraint_may_look_at_a_question_further_down() -> None:
    form = sheet("""
        - begun: {title: 开始, type: date, constraint: [{that: form.begun <= form.ended, else: 开始晚于结束}], optional: true}
        - ended: {title: 结束, type: date}
    """)
    assert read(form, {"begun": "2024-09-01", "ended": "2024-09-02"})
    assert wrong(form, {"begun": "2024-09-03", "ended": "2024-09-02"}) == {"begun": "开始晚于结束"}


def test_constraints_of_the_whole_form_are_all_told() -> None:
    form = sheet(
        """
        - a: {title: 甲, type: integer, optional: true}
        - b: {title: 乙, type: integer, optional: true}
        """,
        "constraints:\n  - {that: form.a < form.b, else: 甲应少于乙}\n  - {that: form.a > 0, else: 甲应为正}\n",
    )
    _, problems = read_answers(form, (), {"a": -1, "b": -2}, {})
    assert [str(problem.message) for problem in problems] == ["甲应少于乙", "甲应为正"]


LISTED = """
- people:
    title: 人员
    optional: true
    min: 1
    max: 2
    columns:
      - name: {title: 姓名}
      - age: {title: 年龄, type: integer, min: 16, optional: true}
"""


def test_rows_of_a_list() -> None:
    form = sheet(LISTED)
    assert read(form, {"people": [{"name": "甲", "age": "30"}, {"name": "乙", "age": None}]}) == {
        "people": [{"name": "甲", "age": 30}, {"name": "乙"}]
    }
    for rows, said in (
        ([{"age": 20}], "“人员”第 1 行须填“姓名”"),
        ([{"name": "甲"}, {"name": "乙", "age": 15}], "“人员”第 2 行：“年龄”不得少于 16，实为 15"),
        ([{"name": "甲", "sex": "女"}], "“人员”第 1 行没有这些栏：sex"),
        (["甲"], "“人员”第 1 行应为“栏：值”"),
        ([{"name": "甲"}] * 3, "“人员”至多 2 项，实为 3 项"),
    ):
        assert wrong(form, {"people": rows}) == {"people": said}


CHECK = """
form: {id}
title: 用工检查
fields:
  - workers: {{title: 人数, type: integer, optional: true}}
  - remark: {{title: 备注, optional: true}}
rows:
  - {{id: contract, title: 劳动合同, points: 一个月内订立, basis: 某法 第十条}}
  - {{id: wages, title: 工资支付, points: 按月, basis: 某法 第五十条}}
constraints:
  - {{that: "form.problem_count < 2 or filled(form.remark)", else: 两项以上不符合的须写备注}}
"""


def test_every_row_of_a_check_list_is_answered_by_somebody() -> None:
    (form,) = forms(CHECK.format(id="check"))
    assert wrong(form, {}) == {"rows": "《用工检查》的检查事项尚未逐项填写（rows：事项编号 → answer）"}
    said = wrong(form, {"rows": {"contract": {"answer": "pass"}}})
    assert said == {"rows.wages": "检查事项“工资支付”未作答（符合、不符合或不适用）"}
    said = wrong(form, {"rows": {"contract": "也许", "wages": {"answer": "fail"}, "hours": "pass"}})
    assert said == {
        "rows.hours": "《用工检查》没有检查事项“hours”",
        "rows.contract": "检查事项“劳动合同”的答案应为 符合、不符合 或 不适用（pass、fail、n/a），实为“也许”",
        "rows.wages": "检查事项“工资支付”不符合，须写明问题（note）",
    }
    said = wrong(form, {"rows": {"contract": {"answer": "pass", "remark": "x"}, "wages": True}})
    assert said["rows.contract"] == "检查事项“劳动合同”没有“remark”一栏"
    assert "未作答" in said["rows.wages"]


def test_failed_rows_are_collected_with_their_basis() -> None:
    (form,) = forms(CHECK.format(id="check"))
    kept = read(form, {"rows": {"contract": "符合", "wages": "不适用"}})
    assert (kept["problems"], kept["problem_count"]) == ([], 0)
    assert kept["rows"] == {"contract": {"answer": "pass"}, "wages": {"answer": "n/a"}}
    kept = read(form, {"rows": {"contract": {"answer": "fail", "note": "未订立"}, "wages": "pass"}})
    assert kept["problem_count"] == 1
    assert kept["problems"] == [
        {
            "form": "check",
            "row": "contract",
            "title": "劳动合同",
            "basis": "某法 第十条",
            "answer": "fail",
            "note": "未订立",
        }
    ]


def failing(*rows: str) -> dict[str, Any]:
    return {
        "rows": {
            row: {"answer": "fail", "note": "有"} if row in rows else "pass" for row in ("contract", "wages")
        }
    }


def test_item_forms_are_read_beside_the_form() -> None:
    form = sheet("- seen: {title: 查阅, type: boolean}")
    first, second = forms(CHECK.format(id="first"), CHECK.format(id="second"))
    answers = {"seen": True, "items": {"first": {"workers": 3, **failing("wages")}, "second": failing()}}
    kept = read(form, answers, first, second)
    assert kept["items"]["first"]["workers"] == 3
    assert kept["items"]["first"]["rows"]["wages"]["note"] == "有"
    assert [(row["form"], row["row"]) for row in kept["problems"]] == [("first", "wages")]
    assert kept["problem_count"] == 1
    assert set(kept["items"]["first"]) == {"rows", "workers"}


def test_what_is_wrong_with_item_forms_is_told_with_its_place() -> None:
    form = sheet("- seen: {title: 查阅, type: boolean}")
    first, second = forms(CHECK.format(id="first"), CHECK.format(id="second"))
    assert wrong(form, {"seen": True}, first) == {
        "items": "须填写事项表单：用工检查（items：表单编号 → 答案）"
    }
    answers = {"seen": True, "items": {"first": {"workers": "x", "worker": 1, **failing()}, "third": {}}}
    assert wrong(form, answers, first, second) == {
        "items.third": "本件没有事项表单“third”",
        "items.first.worker": "《用工检查》没有“worker”这一栏；是否想写“workers”？",
        "items.first.workers": "“人数”应为整数，实为“x”",
        "items.second": "事项表单《用工检查》未填写",
    }


def test_an_item_form_counts_its_own_failed_rows() -> None:
    form = sheet("- seen: {title: 查阅, type: boolean, optional: true}")
    first, second = forms(CHECK.format(id="first"), CHECK.format(id="second"))
    both = {"first": failing("wages"), "second": failing("contract")}
    assert read(form, {"items": both}, first, second)["problem_count"] == 2
    said = wrong(form, {"items": {"first": failing("wages", "contract"), "second": failing()}}, first, second)
    assert said == {"items.first": "两项以上不符合的须写备注"}
    remarked = {"first": {**failing("wages", "contract"), "remark": "已责令"}, "second": failing()}
    assert read(form, {"items": remarked}, first, second)["problem_count"] == 2


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FieldType)), anything)
def test_whatever_is_answered_is_kept_or_refused_in_a_sentence(kind: FieldType, value: Any) -> None:
    asked = Field(name="x", title="问题", type=kind, choices={"a": "甲"}, least=0, most=5)
    kept, problem = read_value(asked, value)
    if problem is not None:
        assert "问题" in str(problem)
    else:
        again, still = read_value(asked, kept if not hasattr(kept, "denominator") else int(kept))
        assert (again, still) == (kept, None)


@given(st.dictionaries(st.sampled_from(["seen", "items", "rows", "x"]), anything))
def test_a_form_filled_with_anything_is_answered_with_sentences(given_: dict[str, Any]) -> None:
    form = sheet("- seen: {title: 查阅, type: boolean}")
    kept, problems = read_answers(form, FIRST, given_, {})
    assert problems or given_.keys() <= kept.keys()
    assert all(str(problem) for problem in problems)


FIRST = forms(CHECK.format(id="first"))


def test_a_title_leads_to_the_question_that_has_it() -> None:
    form = sheet("- visited_on: {title: 检查日期, type: date, optional: true}")
    assert wrong(form, {"检查日期": "2024-09-02"}) == {
        "检查日期": "《记录》没有“检查日期”这一栏；是否想写“visited_on”？"
    }


def test_a_form_is_not_compared_as_a_whole_where_an_answer_is_missing() -> None:
    form = sheet(
        """
        - first: {title: 起, type: date}
        - last: {title: 止, type: date}
        """,
        "constraints:\n  - {that: form.first <= form.last, else: 止日不能早于起日}\n",
    )
    assert wrong(form, {"first": "2024-09-02"}) == {"last": "“止”必须填写"}
    assert wrong(form, {"first": "2024-09-02", "last": "2024-09-01"}) == {None: "止日不能早于起日"}


def test_a_recommended_question_may_stay_empty_with_a_warning_that_keeps_the_reason() -> None:
    form = sheet("""
        - x: {title: 联系电话, recommended: true}
        - y: {title: 联系人, recommended: true}
        - z: {title: 备注, optional: true}
    """)
    kept = read(form, {"unanswered": {"x": "企业没有电话"}})
    assert kept == {"unanswered": {"x": "企业没有电话", "y": ""}}
    assert [str(one.message) for one in left_blank(form, kept)] == [
        "建议填写“联系电话”，未填写，理由：企业没有电话",
        "建议填写“联系人”，未填写",
    ]
    assert read(form, {"x": "1", "y": "甲"}) == {"x": "1", "y": "甲"}
    assert left_blank(form, {"x": "1", "y": "甲"}) == ()
    assert list(wrong(form, {"unanswered": {"z": "无"}})) == ["unanswered"]
    assert list(wrong(sheet("- z: {title: 备注, optional: true}"), {"unanswered": {}})) == ["unanswered"]


def test_codes_that_exclude_the_others() -> None:
    form = sheet("- x: {title: 问题, type: choices, choices: {a: 甲, b: 乙, none: 没有}, exclusive: [none]}")
    assert read(form, {"x": ["none"]}) == {"x": ["none"]}
    assert read(form, {"x": ["a", "b"]}) == {"x": ["a", "b"]}
    assert wrong(form, {"x": ["a", "none"]}) == {"x": "“问题”选了“没有”，就不能再选别的"}


def test_codes_that_are_offered_under_a_condition() -> None:
    form = sheet("""
        - city:
            title: 县
            choices: {a: 甲县, b: 乙县, other: 其他}
            offered: [{codes: [a], when: form.area == 'north'}, {codes: [b], when: form.area == 'south'}]
        - area: {title: 片区, choices: {north: 北, south: 南}}
    """)
    assert read(form, {"area": "north", "city": "a"}) == {"city": "a", "area": "north"}
    assert read(form, {"area": "north", "city": "other"})
    assert wrong(form, {"area": "south", "city": "a"}) == {"city": "“县”在此情形下不能选“甲县”"}
    assert set(wrong(form, {"city": "a"})) == {"area", "city"}


def test_headings_have_conditions_for_what_stands_under_them() -> None:
    form = sheet("""
        - a: {title: 有欠薪, type: boolean}
        - {page: 欠薪, when: form.a}
        - b: {title: 人数, type: integer}
        - {section: 大额, when: form.b > 10 or form.b == 5}
        - c: {title: 金额, type: money}
        - {page: 其他}
        - d: {title: 备注, optional: true}
    """)
    assert [(f.page, f.section) for f in form.fields] == [
        (None, None), ("欠薪", None), ("欠薪", "大额"), ("其他", None),
    ]  # fmt: skip
    assert read(form, {"a": False}) == {"a": False, "not_asked": ["b", "c"]}
    assert read(form, {"a": True, "b": 5, "c": "1"}) == {"a": True, "b": 5, "c": "1"}
    assert list(wrong(form, {"a": True, "b": 11})) == ["c"]


def test_questions_a_step_does_not_open_keep_what_was_answered() -> None:
    form = sheet("""
        - a: {title: 甲}
        - b: {title: 乙}
        - c: {title: 丙, when: form.a == '1'}
    """)
    held = {"a": "1", "b": None}
    kept, problems = read_answers(form, (), {"c": "3"}, {}, held)
    assert (kept, problems) == ({"a": "1", "not_asked": ["b"], "c": "3"}, [])
    assert read_answers(form, (), {"a": "1", "c": "3"}, {}, held)[1] == []
    _, problems = read_answers(form, (), {"a": "2", "c": "3"}, {}, held)
    assert [str(problem.message) for problem in problems] == ["“甲”在此环节不能填写或更改"]


def test_a_note_asks_nothing() -> None:
    form = sheet("- x: {title: 请逐项核对, type: note}\n- y: {title: 备注, optional: true}")
    assert read(form, {}) == {}
    assert not form.fields[0].required


def test_a_renamed_question_is_answered_under_its_name_of_today_and_kept_under_its_id() -> None:
    form = sheet(
        """
        - sort: {title: 种类, id: kind, choices: {x: 甲, y: 乙}}
        - lines: {title: 行, id: rows_of, optional: true, columns: [price: {title: 价, id: cost, type: money}]}
        """
    )
    kept = {"kind": "x", "rows_of": [{"cost": "1.20"}]}
    assert read(form, {"sort": "x", "lines": [{"price": "1.20"}]}) == kept
    assert read(form, kept) == kept
    assert wrong(form, {"sort": "x", "zzz": 1}) == {"zzz": "《记录》没有“zzz”这一栏；可填：lines、sort"}
    # Both at once say two things of one question.
    assert set(wrong(form, {"sort": "x", "kind": "y"})) == {"sort"}
