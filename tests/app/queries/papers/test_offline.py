"""What an offline form is made of, for who may see the case."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import filed_cases
import pytest
from bureau_factories import Bureau
from bureau_of_sections import open_sections

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.history.requests import CommandResult
from engine.app.ports.records import RegisterEntry
from engine.app.queries.papers import offline
from engine.app.queries.papers.offline import (
    OfflineStep,
    PeopleToChoose,
    _to_choose,
    compare_record,
    offline_forms,
)
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.app.worklist.form_setting import FormSetting
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.migration.rename_map import RenameMap
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    made = ("x", "y")
    assert isinstance(offline_forms(opened.services, "bela", opened.case, "bela"), Refusal)
    assert isinstance(compare_record(opened.services, "bela", opened.case, "s", made, {}, "r"), Refusal)


def test_a_record_of_a_step_there_is_not_is_not_current() -> None:
    opened = open_sections()
    found = compare_record(opened.services, "anna", opened.case, "none", ("x", "y"), {"a": 1}, "r")
    assert not isinstance(found, Refusal)
    assert (found.current, found.imported, found.same, found.form) == (False, False, False, None)


ASKED = """form: visit
title: 现场检查
fields:
  - experts: {title: 参加的专家, persons, optional: true}
  - signed_by: {title: 签字人, persons}
  - lines: {title: 名单, type: list, columns: [{inspectors: {title: 检查员, type: person}}]}
"""


def to_choose(denied: tuple[str, ...] = ()) -> dict[str, PeopleToChoose]:
    """Return whom the questions may be answered with; `denied` are the lists the viewer may not read."""
    store, now = MemoryStore(), datetime(2024, 9, 2, tzinfo=UTC)
    with store.write() as transaction:
        rows = [
            RegisterEntry("inspectors", "P01", "检查员甲", None, {}),
            RegisterEntry("inspectors", "P02", "检查员乙", None, {}),
            RegisterEntry("people", "Q01", "职员", None, {"roles": []}),
            RegisterEntry("people", "Q02", "离职者", None, {"roles": [], "status": "left"}),
            RegisterEntry("experts", "E01", "专家甲", None, {"phone": "示例"}),
            RegisterEntry("experts", "E02", "专家乙", None, {"status": "left"}),
        ]
        transaction.registers.put(rows, now)
    form = load_files({"visit.yaml": ASKED}).forms["visit"]
    step = OfflineStep("finish", "完成检查", form, (), FormSetting({}, {}, frozenset()))
    with store.read() as transaction:
        context = SimpleNamespace(
            transaction=transaction, why_denied=lambda use: "no" if use in denied else None
        )
        return _to_choose(cast("Any", context), [step], {"P01": "检查员甲"})


def test_people_are_listed_by_the_register_a_question_names_those_of_the_case_first() -> None:
    assert to_choose() == {
        "": PeopleToChoose(["P01"], {"P02": "检查员乙", "Q01": "职员"}, whole=True),
        "experts": PeopleToChoose([], {"E01": "专家甲"}, whole=False),
        "inspectors": PeopleToChoose(["P01"], {"P02": "检查员乙"}, whole=False),
    }


def test_nobody_is_listed_whom_the_viewer_may_not_read_or_who_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = to_choose(("person.read", "register.read"))
    assert {name: (one.own, one.others) for name, one in found.items()} == {
        "": (["P01"], {}),
        "experts": ([], {}),
        "inspectors": ([], {}),
    }
    monkeypatch.setattr(offline, "MAX_PEOPLE", 1)
    assert to_choose()[""] == PeopleToChoose(["P01"], {}, whole=False)


TERM = """form: term
title: 期限
fields:
  - on: {title: 到场日, type: date}
  - due: {title: 期限, type: date, computed: "add(form.on, '5 working days')"}
  - late: {title: 晚的缘由, when: "form.due > '2026-03-06'"}
  - left: {title: 距今天数, type: integer, unit: 日, computed: "days_between(today, form.on)"}
"""
TERMS = """workflow: terms
title: 期限
about: object
initial: there
start: {by: clerk}
states:
  there: {title: 在彼, for: clerk, no deadline: 示例}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: there, to: done, form: term}
"""


def test_an_answer_worked_out_by_the_calendar_or_the_day_is_no_difference() -> None:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    clock = VirtualClock(filed_cases.BEGIN)
    made = Application(MemoryStore(), clock, DefinitionCache(keeping), entropy=seeded_entropy("t"))
    loaded = load_files({"b.yaml": filed_cases.BUREAU, "term.yaml": TERM, "terms.yaml": TERMS})
    assert isinstance(done := publish(made, Caller(SYSTEM), loaded), Published), (done, loaded.problems)
    people = [RegisterEntry("people", "anna", "anna", "one", {"roles": ["clerk"]})]
    import_entries(made, "people", people, SYSTEM, source="x")
    started = made.start("terms", "anna", NewCase(title="某店", section="one"))
    assert isinstance(started, CommandResult), str(started)
    answers = {"on": "2026-03-02", "late": "节后"}
    taken = made.advance(started.case, "finish", "anna", answers)
    assert isinstance(taken, CommandResult), str(taken)
    clock.advance(timedelta(days=3))

    def compared(given: dict[str, Any]) -> Any:
        return compare_record(made, "anna", started.case, "finish", ("there", "x"), given, "r")

    assert (compared(answers).same, compared(answers).differing) == (True, [])
    other = compared({**answers, "on": "2026-03-03"})
    assert not other.same
    assert [(title, before) for title, before, _ in other.differing][:2] == [
        ("到场日", "2026年3月2日"),
        ("期限", "2026年3月9日"),
    ]


EARLIER = """form: visit
title: 现场检查
fields:
  - said: {title: 说明, text, optional: true}
  - gone: {title: 旧问, text, optional: true}
  - list: {title: 问题清单, type: list, optional: true, columns: [what: {title: 问题}, old: {title: 旧栏, optional: true}]}
rows:
  - {id: r1, title: 第一项, points: 看, basis: 示例法 第一条}
  - {id: r2, title: 第二项, points: 看, basis: 示例法 第二条}
"""
EARLIER_ITEM = """form: pay
title: 工资支付
fields:
  - staff: {title: 人数, type: integer}
  - note: {title: 备注, optional: true}
rows:
  - {id: p1, title: 按月支付, points: 看, basis: 示例法 第三条}
"""
STEPS = """workflow: visits
title: 检查
about: object
initial: there
start: {by: clerk}
fields: [items: {title: 事项, type: list}]
states:
  there: {title: 在彼, for: clerk, no deadline: 示例}
  done: {title: 完, final: true}
transitions:
  - {do: finish, title: 办结, from: there, to: done, form: visit, item_forms: true}
"""
NOW = (
    EARLIER.replace("  - gone: {title: 旧问, text, optional: true}\n", "")
    .replace("- said: {title: 说明", "- told: {title: 情况")
    .replace(", old: {title: 旧栏, optional: true}", "")
    .replace("{id: r2, title: 第二项", "{id: r9, title: 第九项")
)
ITEM_NOW = EARLIER_ITEM.replace("  - note: {title: 备注, optional: true}\n", "").replace("id: p1", "id: p2")


def test_a_record_of_an_earlier_version_is_converted_at_every_level_and_names_what_has_no_place() -> None:
    office = Bureau(EARLIER, EARLIER_ITEM, STEPS)
    made = office.application
    with made.store.write() as transaction:
        entry = RegisterEntry("items", "A1", "工资", None, {"form": "pay"})
        transaction.registers.put([entry], office.clock.now())
    started = office.start("visits", fields={"items": ["A1"]})
    case = office.case(started)
    made_at = (case.state, case.entered_at.isoformat())
    failed = {"answer": "fail", "note": "未发"}
    given = {
        "said": "上午",
        "gone": "旧答",
        "list": [{"what": "迟", "old": "甲"}, {"what": "欠"}],
        "rows": {"r1": {"answer": "pass"}, "r2": failed},
        "items": {"pay": {"staff": 3, "note": "无", "rows": {"p1": {"answer": "pass"}}}},
    }

    def compared(answers: dict[str, Any], version: int | None = 1) -> Any:
        return compare_record(made, "anna", started, "finish", made_at, answers, "r", version)

    same = compared(given)
    assert (same.answers, same.no_place, same.in_the_way) == (given, {}, [])
    office.publish(NOW, ITEM_NOW)
    renames = RenameMap(fields={"visit.said": "told"})
    moved = migrate(made, Caller("dora"), "visits", renames=renames)
    assert not isinstance(moved, Refusal), str(moved)
    assert moved["migrated"] == 1
    found = compared(given)
    assert found.current
    assert found.answers == {
        "told": "上午",
        "list": [{"what": "迟"}, {"what": "欠"}],
        "rows": {"r1": {"answer": "pass"}},
        "items": {"pay": {"staff": 3}},
    }
    assert found.no_place == {
        "旧问（gone）": "旧答",
        "问题清单 旧栏（list.old）": "甲",
        "第二项（rows.r2）": "不符合；未发",
        "备注（items.pay.note）": "无",
        "按月支付（items.pay.rows.p1）": "符合",
    }
    assert [str(one) for one in found.in_the_way] == [
        "检查事项“第二项”填的是“不符合；未发”，现在的表单没有这一项"
    ]
    # By a version there never was it is held against the form of today alone.
    for version in (None, 2, 7, 10**30, -1):
        other = compared(given, version)
        assert other.answers == {name: one for name, one in found.answers.items() if name != "told"}
        assert {"said", "gone", "rows.r2"} <= set(other.no_place)
