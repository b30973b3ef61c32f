"""What an offline form is made of, for who may see the case."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any, cast

import filed_cases
import pytest
from bureau_of_sections import open_sections

from engine.app.commands import Caller
from engine.app.commands.application import Application
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
