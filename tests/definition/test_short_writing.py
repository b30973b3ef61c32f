"""Short ways of writing: what is left out, and words that stand alone, load to what the long way says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.definition.keywords import TYPES
from engine.definition.library import Loaded, load_files
from engine.definition.short.words_alone import ALONE

BUREAU = """bureau: demo
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles:
  clerk: {title: 经办}
  chief: {title: 负责人, scope: bureau}
codes: {kinds: {a: 甲, b: 乙}}
policies:
  usual: {remind: [1 working day before, on the day], overdue: {at once: [clerk], 3 working days: {escalate: chief}}}
  strict: {overdue: {at once: [chief]}}
"""
FLOW = """workflow: demo
title: 示例
about: none
policy: usual
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: suggested 5 working days, steps: {sign: {title: 签字, form: visit, sign: {named_in: signed_by}, to: next}}}
  next: {title: 复核, for: chief, deadline: 5 days, basis: 行政许可法 第三十二条, remind: on the day, steps: {finish: {title: 办结, to: last, reason}}}
  last: {title: 归档, for: chief, deadline: local by 10-31, overdue: strict, steps: {file: {title: 归档, to: done}}}
  done: {title: 已办结, final}
"""
LONG = """workflow: demo
title: 示例
about: none
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk, deadline: {5 working days: suggested}, remind: usual, overdue: usual}
  next: {title: 复核, for: chief, deadline: 5 days, basis: 行政许可法 第三十二条, remind: on the day, overdue: usual}
  last: {title: 归档, for: chief, deadline: {by 10-31: local}, remind: usual, overdue: strict}
  done: {title: 已办结, final: true}
transitions:
  - {do: sign, title: 签字, from: open, form: visit, sign: {by: clerk, named_in: signed_by}, to: next}
  - {do: finish, title: 办结, from: next, to: last, reason: true}
  - {do: file, title: 归档, from: last, to: done}
"""
FORM = """form: visit
title: 记录
fields:
  - on: {title: 日期, date, max: today, optional}
  - until: {title: 期限, date, min: today, public}
  - facts: {title: 事实, long text}
  - kinds: {title: 种类, type: choices, choices: kinds}
  - signed_by: {title: 签字人, persons}
  - lines: {title: 明细, columns: [paid_on: {title: 付款日期, date, max: today}]}
rows:
  - licence: {title: 许可, points: 有效, basis: 行政许可法 第三十二条}
"""
LONG_FORM = """form: visit
title: 记录
fields:
  - on: {title: 日期, type: date, optional: true, constraint: [{that: form.on <= today, else: 日期不能晚于今天}]}
  - until: {title: 期限, type: date, public: true, constraint: [{that: form.until >= today, else: 期限不能早于今天}]}
  - facts: {title: 事实, type: long text}
  - kinds: {title: 种类, type: choices, choices: kinds}
  - signed_by: {title: 签字人, type: persons}
  - lines: {title: 明细, type: list, columns: [paid_on: {title: 付款日期, type: date, constraint: [{that: it.paid_on <= today, else: 付款日期不能晚于今天}]}]}
rows:
  - {id: licence, title: 许可, points: 有效, basis: 行政许可法 第三十二条}
"""


def load(flow: str, form: str) -> Loaded:
    return load_files({"w.yaml": flow, "f.yaml": form, "b.yaml": BUREAU})


def test_the_short_way_says_what_the_long_way_says() -> None:
    short, long = load(FLOW, FORM), load(LONG, LONG_FORM)
    assert (short.problems, long.problems) == ((), ())
    assert short.workflows == long.workflows
    assert short.forms == long.forms


def test_the_chinese_words_stand_alone_too() -> None:
    chinese = (
        FORM.replace(", date", ", 日期").replace(", long text", ", 长文字").replace("persons", "多名人员")
    )
    chinese = chinese.replace("max: today", "最大: 今天").replace(", optional", ", 选填")
    flow = FLOW.replace("suggested 5", "建议值 5").replace("local by", "本地规定 by")
    flow = (
        flow.replace("policy: usual", "照办法: usual").replace("steps:", "步骤:").replace(", final", ", 终点")
    )
    found = load(flow, chinese)
    assert (found.problems, found.forms, found.workflows) == (
        (),
        load(FLOW, FORM).forms,
        load(FLOW, FORM).workflows,
    )


def test_a_role_that_says_no_scope_is_of_its_section() -> None:
    bureau = load(FLOW, FORM).bureau
    assert bureau is not None
    assert {name: role.by_section for name, role in bureau.roles.items()} == {"clerk": True, "chief": False}


def test_every_type_may_stand_alone_but_that_of_several_answers() -> None:
    assert set(ALONE) == {"field", "case field", "column", "row field", "role", "state", "supervision row"}
    for word in set(TYPES) - {"choices", "choice", "list", "note"}:
        form = f"form: one\ntitle: 一张\nfields:\n  - a: {{title: 甲, {word}}}\n"
        found = load_files({"f.yaml": form, "b.yaml": BUREAU})
        assert found.problems == ()
        assert found.forms["one"].fields[0].type.value == word


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "told"),
    [
        ("date, max: today, optional", "date, max: tomorrow", 4, "wrong-shape", "只能写 today"),
        ("date, max: today, optional", "dat, optional", 4, "unknown-key", "date"),
        ("date, max: today, optional", "date, datetime, max: today", 4, "duplicate-key", "datetime"),
        ("date, max: today, optional", "integer, max: today", 4, "wrong-shape", "整数"),
        ("date, max: today, optional", "date, optional: yes", 4, "wrong-shape", "true 或 false"),
        ("date, max: today, optional", "date, unit", 4, "missing-value", "unit"),
        ("  - licence: {", "  - {", 11, "wrong-shape", "licence"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_line(old: str, new: str, line: int, rule: str, told: str) -> None:
    found = [one for one in load(FLOW, FORM.replace(old, new, 1)).problems if one.file == "f.yaml"]
    assert [(one.line, one.rule) for one in found] == [(line, rule)]
    assert told in f"{found[0].message} {found[0].hint}"


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("policy: usual", "policy: usula", 4, "unknown-name"),
        ("suggested 5 working days", "suggested 5 workdays", 7, "deadline-syntax"),
        ("suggested 5 working days", "sugested 5 working days", 7, "deadline-syntax"),
        ("steps: {finish", "stesp: {finish", 8, "unknown-key"),
    ],
)
def test_what_is_wrong_in_a_workflow_is_told_at_its_line(old: str, new: str, line: int, rule: str) -> None:
    found = load(FLOW.replace(old, new, 1), FORM).problems
    assert (line, rule) in [(one.line, one.rule) for one in found]


SHORT = """workflow: demo
title: 示例
about: none
start: {by: clerk, form: visit, then: [{set: {on}}]}
parties: {team: 小组}
fields:
  - on: {title: 日期, date}
  - kinds: {title: 种类, choices: kinds, several}
  - times: {title: 次数, count}
states:
  open:
    title: 待办
    for: clerk
    deadline: suggested 5 working days
    overdue: {at once: clerk, 3 working days: escalate chief every 2 working days}
    withdraw:
    steps:
      judge:
        title: 研判
        form: visit
        sign: signed_by
        to:
          - {waiting: filled(form.on), title: 日期已定}
          - else: done
            require: [{that: filled(form.facts), else: 须写事实}]
            then: [{start: kid, with: {on, times: 2}, parties: {team}}]
  waiting: {title: 等待, steps: {over: {title: 都办完了, to: done, join: {kid: [closed]}}}}
  done: {title: 已办结, final, open_children: leave}
steps:
  drop: {title: 不办了, from: [open, waiting], by: clerk, to: done, reason}
"""
OUT = """workflow: demo
title: 示例
about: none
start: {by: clerk, form: visit, then: [{set: {on: = form.on}}]}
parties: {team: 小组}
fields:
  - on: {title: 日期, date}
  - kinds: {title: 种类, type: choices, choices: kinds}
  - times: {title: 次数, integer, min: 0}
states:
  open:
    title: 待办
    for: clerk
    deadline: suggested 5 working days
    overdue: {at once: clerk, 3 working days: {escalate: chief, every: 2 working days}}
    verbs: [withdraw]
  waiting: {title: 等待}
  done: {title: 已办结, final, open_children: leave}
transitions:
  - {do: judge, title: 日期已定, from: open, form: visit, sign: {named_in: signed_by}, to: waiting, when: filled(form.on)}
  - do: judge
    title: 研判
    from: open
    form: visit
    sign: {named_in: signed_by}
    to: done
    require: [{that: filled(form.facts), else: 须写事实}]
    then: [{start: kid, with: {on: = form.on, times: 2}, parties: {team: "= collect(team, it.id)"}}]
  - {do: over, title: 都办完了, from: waiting, to: done, join: {workflow: kid, reached: [closed]}}
  - {do: drop, title: 不办了, from: [open, waiting], by: clerk, to: done, reason: true}
"""
KID = """workflow: kid
title: 子件
about: none
parties: {team: 小组}
fields:
  - on: {title: 日期, date}
  - times: {title: 次数, count}
states:
  open: {title: 在办, for: clerk, no deadline: 只为举例, steps: {close: {title: 办结, to: closed}}}
  closed: {title: 办结, final}
"""


def with_kid(flow: str) -> Loaded:
    return load_files({"w.yaml": flow, "f.yaml": FORM, "k.yaml": KID, "b.yaml": BUREAU})


def errors(loaded: Loaded) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.rule) for one in loaded.problems if one.severity == "error"]


def without_lines(loaded: Loaded) -> list[object]:
    """Return the steps, clocks, states and fields of the workflow, but for the lines its effects are at."""
    flow = loaded.workflows["demo"]
    steps = [
        replace(step, then=tuple(replace(one, line=0) for one in step.then)) for step in flow.transitions
    ]
    start = tuple(replace(one, line=0) for one in flow.start_then)
    return [steps, start, flow.clocks, flow.states, flow.fields]


def test_what_is_said_once_is_what_the_long_way_says() -> None:
    short, long = with_kid(SHORT), with_kid(OUT)
    assert (errors(short), errors(long)) == ([], [])
    assert without_lines(short) == without_lines(long)


@pytest.mark.parametrize(
    ("old", "new", "line", "rule"),
    [
        ("escalate chief every", "escalate chef every", 15, "unknown-role"),
        ("every 2 working days", "every two days", 15, "deadline-syntax"),
        ("sign: signed_by", "sign: signd_by", 21, "unknown-name"),
        ("title: 日期已定}", "titel: 日期已定}", 23, "unknown-key"),
        ("filled(form.facts)", "filled(form.fact)", 25, "unknown-name"),
        ("with: {on,", "with: {of,", 26, "undeclared-field"),
        ("parties: {team}", "parties: {teem}", 26, "undeclared-party"),
        ("join: {kid: [closed]}", "join: {kit: [closed]}", 27, "unknown-workflow"),
        ("join: {kid: [closed]}", "join: {kid: [close]}", 27, "unknown-state"),
        ("from: [open, waiting], by", "do: drop, from: [open, waiting], by", 30, "unknown-key"),
        ("title: 不办了, from: [open, waiting]", "title: 不办了", 30, "missing-key"),
        ("withdraw:", "withdrow:", 16, "unknown-key"),
        ("several}", "severl}", 8, "unknown-key"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_short_way_is_told_at_its_line(old: str, new: str, line: int, rule: str) -> None:
    assert SHORT.count(old) == 1
    assert ("w.yaml", line, rule) in errors(with_kid(SHORT.replace(old, new)))


OFFICE_SHORT = """measures:
  closed: {title: 办结率, part: {where: case.state == 'done'}, whole: {cases: demo, forms: visit, where: filled(forms.visit.on)}}
supervision:
  late: {title: 逾期的, overdue}
  pulled: {title: 撤下的, withdrawn}
incompatible_roles:
  - {chief: clerk, basis: 行政许可法 第三十二条}
incompatible_on_a_case:
  - {demo: [judge, drop], basis: 行政许可法 第三十二条}
"""
OFFICE_LONG = """measures:
  closed:
    title: 办结率
    part: {cases: demo, forms: visit, where: (filled(forms.visit.on)) and (case.state == 'done')}
    whole: {cases: demo, forms: visit, where: filled(forms.visit.on)}
supervision:
  late: {title: 逾期的, cases: any, only: overdue}
  pulled: {title: 撤下的, publications: any, only: withdrawn}
incompatible_roles:
  - {roles: [clerk, chief], basis: 行政许可法 第三十二条}
incompatible_on_a_case:
  - {workflow: demo, first: [judge], then: [drop], basis: 行政许可法 第三十二条}
"""


def office(more: str) -> Loaded:
    return load_files({"w.yaml": SHORT, "f.yaml": FORM, "k.yaml": KID, "b.yaml": BUREAU + more})


def test_the_office_says_once_what_it_says_twice() -> None:
    short, long = office(OFFICE_SHORT), office(OFFICE_LONG)
    assert (errors(short), errors(long)) == ([], [])
    assert short.bureau is not None
    assert short.bureau == long.bureau


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("{chief: clerk,", "{chef: clerk,", "unknown-role"),
        ("{chief: clerk,", "{chief: clerc,", "unknown-role"),
        ("[judge, drop]", "[judge, dropp]", "unknown-name"),
        ("[judge, drop]", "[judge]", "wrong-shape"),
        ("逾期的, overdue}", "逾期的, overdu}", "unknown-key"),
    ],
)
def test_what_is_wrong_of_the_office_is_told_at_its_line(old: str, new: str, rule: str) -> None:
    line = (BUREAU + OFFICE_SHORT.split(old, maxsplit=1)[0]).count("\n") + 1
    assert ("b.yaml", line, rule) in errors(office(OFFICE_SHORT.replace(old, new)))


SITE = """site: public
every_list: {first: number, last: day}
every_csv: {first: number, last: [day, code]}
columns:
  number: {title: 序号, value: publication.position}
  name: {title: 名称, value: publication.title}
  day: {title: 日期, value: publication.published_on}
  code: {title: 查验码, value: publication.code}
  on: {title: 办理日}
pages:
  result: {title: 结果, path: results, list: [name, on]}
  plan: {title: 计划, path: plans, list: [name], csv: [name, on]}
"""


def test_every_page_has_the_columns_all_have() -> None:
    site = load_files({"s.yaml": SITE}).site
    assert site is not None
    shown = {
        name: (" ".join(one.id for one in page.listed), " ".join(one.id for one in page.exported))
        for name, page in site.pages.items()
    }
    assert shown == {
        "result": ("number name on day", "number name on day code"),
        "plan": ("number name day", "number name on day code"),
    }
    assert next(one.values for one in site.pages["result"].listed if one.id == "on") == ("on",)
    wrong = load_files({"s.yaml": SITE.replace("last: day}", "last: dya}")})
    assert ("s.yaml", 2, "unknown-name") in errors(wrong)
