"""Personal answers of a case are read by nobody who does not work on it without a record of it: every query is asked.

A case has a personal answer, and everything else that can hold one. Each query is called by somebody who sees all cases and has
no part in this one. Where its answer holds the text, the reading must be recorded.
"""

from __future__ import annotations

import dataclasses
import inspect
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module
from typing import Any

import pytest

import engine.app.queries
from engine.app.access.proposals import (
    DETAILS,
    EXCEPT,
    SecondPerson,
    ask_for_agreement,
    done_by_one,
)
from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.publish_definitions import Published, publish
from engine.app.definitions.cache import DefinitionCache
from engine.app.exchange.rows import RowsWanted
from engine.app.history.requests import CommandResult
from engine.app.ports.audit.personal_values import OF_REFUSALS
from engine.app.ports.papers import KeptFile, PaperFact, PaperRecord, PaperState
from engine.app.ports.records import Document, RegisterEntry
from engine.app.queries.audit import refused_attempts
from engine.app.queries.people.proposals import list_proposals, show_proposal
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.app.worklist.bulk import TaskFilter
from engine.calendars.load import load_calendar
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.exchange.format_file import read_format
from engine.exchange.rows import WorkbookRows
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.process import Process
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy

SPOKEN = "口述手机尾号七七三一"
BEGIN = datetime(2026, 3, 2, 2, tzinfo=UTC)
BUREAU = """\
bureau: b
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股, two: 二股}
roles:
  clerk: {title: 经办人, scope: section}
  leading_office: {title: 牵头股室, scope: bureau}
"""
CALLED = """\
form: called
title: 来电
fields:
  - who: {title: 来电人, personal: true}
"""
NOTE = """\
form: note
title: 记录
fields:
  - said: {title: 所说}
  - phone: {title: 电话, personal: true, optional: true}
"""
FLOW = """\
workflow: hotline
title: 来电
about: object
initial: open
start: {by: clerk, form: called}
states:
  open: {title: 待记, for: clerk, deadline: 5 working days}
  noted: {title: 已记, for: clerk, deadline: 5 working days}
  done: {title: 完, final: true}
transitions:
  - {do: note, title: 记录, from: open, to: noted, form: note}
  - {do: finish, title: 办结, from: noted, to: done, form: note}
"""
FORMAT = """\
exchange: calls
title: 来电
rows: {cases: hotline}
sheet: 来电
key: [case]
columns:
  - case: {title: 编号, value: case.id, required: true}
  - who: {title: 来电人, value: forms.called.who}
"""
#: Sees every case, has no task and has acted in none.
VIEWER, OWN = "lena", "anna"


class _Files:
    def get(self, _sha256: str) -> bytes:
        return SPOKEN.encode()


class _Printer:
    def render(self, request: Any) -> bytes:
        return str(request.forms if hasattr(request, "forms") else request.case.forms).encode()


def office() -> tuple[Application, str]:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    made = Application(
        MemoryStore(), VirtualClock(BEGIN), DefinitionCache(keeping), entropy=seeded_entropy("t")
    )
    loaded = load_files({"b.yaml": BUREAU, "called.yaml": CALLED, "note.yaml": NOTE, "hotline.yaml": FLOW})
    assert isinstance(publish(made, Caller(SYSTEM), loaded), Published), loaded.problems
    people = [
        RegisterEntry("people", OWN, "安娜", "one", {"roles": ["clerk"]}),
        RegisterEntry("people", VIEWER, "莱娜", "two", {"roles": ["leading_office"]}),
    ]
    import_entries(made, "people", people, SYSTEM, source="x")
    started = made.start("hotline", OWN, NewCase(title="某店", section="one"), {"who": SPOKEN})
    assert isinstance(started, CommandResult), started
    noted = made.advance(started.case, "note", OWN, {"said": "欠薪", "phone": SPOKEN})
    assert isinstance(noted, CommandResult), noted
    case, now = started.case, made.clock.now()
    with made.store.write() as transaction:
        text = SPOKEN.encode()
        transaction.records.put_document(
            Document(f"{case}/1", case, "notice", "通知.html", "0" * 64, text, now)
        )
        made_on = PaperFact(PaperState.DRAFTED, date(2026, 3, 2), now, OWN, note=SPOKEN)
        paper = PaperRecord(id=f"{case}/P1", case=case, kind="notice", document=f"{case}/1", facts=(made_on,))
        transaction.papers.put(paper)
        second = SecondPerson(say("核对"), summary={EXCEPT: [OWN]}, private={DETAILS: SPOKEN})
        ask_for_agreement(transaction, now, "draw.registers", "0" * 64, second, [], made.entropy)
        transaction.papers.add_file(
            KeptFile(
                id=f"{case}/F1",
                case=case,
                title=SPOKEN,
                name="a.png",
                sha256="0" * 64,
                size=1,
                type="image/png",
                at=now,
                by=OWN,
            )
        )
    # Two refused attempts, which quote what was typed: on the case, and on none.
    assert isinstance(
        made.advance(case, "finish", OWN, {"said": SPOKEN, "phone": SPOKEN, SPOKEN: "x"}), Refusal
    )
    assert isinstance(
        made.start("hotline", OWN, NewCase(title="某店", section="one"), {SPOKEN: "x"}), Refusal
    )
    return made, case


def used() -> Any:
    found = read_format("calls.yaml", FORMAT.encode())
    assert found.format is not None, found.problems
    return found.format


#: Query -> what it is asked with. Whoever adds a query adds a line here, or below with a reason.
ASKED: dict[str, Callable[[str], tuple[tuple[Any, ...], dict[str, Any]]]] = {
    "audit.refused_attempts": lambda case: ((case,), {}),
    "bulk.select_tasks": lambda _: ((TaskFilter({"state": "noted"}),), {}),
    "calendar.explain_clocks": lambda case: ((case,), {}),
    "cases.case_history": lambda case: ((case,), {}),
    "cases.case_tree": lambda case: ((case,), {}),
    "cases.form_setting": lambda case: ((case, "finish"), {}),
    "cases.list_cases": lambda _: ((), {}),
    "cases.list_cases_by_one": lambda case: (([case],), {}),
    "cases.named_cases": lambda case: (([case],), {}),
    "cases.search_cases": lambda case: ((case,), {}),
    "cases.show_case": lambda case: ((case,), {"as_person": VIEWER}),
    "cases.step_forms": lambda case: ((case, "finish"), {}),
    "draws.filed_minutes": lambda case: ((case, [f"{case}/1"]), {}),
    "draws.list_draws": lambda _: ((), {}),
    "draws.open_ceremony": lambda case: ((case, OWN), {}),
    "draws.show_draw": lambda case: ((case,), {}),
    "events.events_since": lambda _: ((), {}),
    "exchange.exchange.compare_rows": lambda _: ((used(), RowsWanted(), WorkbookRows()), {}),
    "exchange.exchange.exchange_rows": lambda _: ((used(), RowsWanted()), {}),
    "exchange.exchange.exchange_state": lambda _: ((used(), RowsWanted()), {}),
    "incidents.list_incidents": lambda _: ((), {}),
    "incidents.show_incident": lambda case: ((f"{case}/deadline",), {}),
    "keeping.daily_digest.daily_digest": lambda _: ((), {}),
    "keeping.delivery.list_deliveries": lambda _: ((), {}),
    "papers.archive.check_archive": lambda case: ((case,), {}),
    "papers.archive.read_archive": lambda case: ((case,), {}),
    "papers.archive.read_case_file": lambda case: ((case,), {}),
    "papers.documents.list_documents": lambda case: ((case,), {}),
    "papers.documents.preview_document": lambda case: ((case, "notice", _Printer()), {}),
    "papers.documents.read_document": lambda case: ((f"{case}/1",), {}),
    "papers.items.items_of_case": lambda case: ((case,), {}),
    "papers.items.results_of_item": lambda _: (("LD-01",), {}),
    "papers.jobs.closed_cases": lambda _: (("hotline", 2026), {}),
    "papers.jobs.papers_of_year": lambda _: (("hotline", 2026), {}),
    "papers.offline.compare_record": lambda case: (
        (case, "finish", ("noted", ""), {"said": "无"}, "r-1"),
        {},
    ),
    "papers.offline.offline_forms": lambda case: ((case, VIEWER), {}),
    "papers.papers.list_files": lambda case: ((case,), {}),
    "papers.papers.list_numbers": lambda _: ((), {}),
    "papers.papers.list_papers": lambda case: ((case,), {}),
    "papers.papers.numbers_out_of_order": lambda _: ((), {}),
    "papers.papers.read_file": lambda case: ((f"{case}/F1", _Files()), {}),
    "papers.papers.show_paper": lambda case: ((f"{case}/P1",), {}),
    "papers.retention.list_retention": lambda _: ((), {}),
    "papers.signing.list_signatures": lambda case: ((case,), {}),
    "people.inspectors.tasks_held": lambda _: ((OWN,), {}),
    "people.proposals.list_proposals": lambda _: ((), {"everything": True}),
    "people.proposals.show_proposal": lambda _: (("proposal-1",), {}),
    "rectification.firm.show_feedback": lambda case: ((case,), {}),
    "reports.report_measures": lambda _: ((), {}),
    "reports.report_progress": lambda _: ((), {}),
    "reports.report_supervision": lambda _: ((), {}),
    "reports.report_times": lambda _: (("hotline",), {}),
    "reports.report_workload": lambda _: ((), {}),
    "tasks.calendar_feed": lambda _: ((VIEWER, say("待办")), {}),
    "tasks.list_tasks": lambda _: ((), {}),
    "tasks.week_sheet": lambda _: (("one",), {}),
    "worklist.neighbours_of_task": lambda case: ((case,), {}),
    "worklist.page_of_tasks": lambda _: ((), {"tab": "all"}),
    "worklist.tasks_between": lambda _: ((date(2026, 3, 1), date(2026, 4, 1)), {}),
}
#: Module, or query -> why no answer of a case is in what it returns, or where the record of it is tried.
OTHERWISE: dict[str, str] = {
    "audit": "of histories, which have ids in the place of answers",
    "calendar.preview_year": "of days",
    "definitions": "of definitions",
    "draws": "of rosters: the slip of a firm is recorded, tried in test_recorded_readings",
    "exchange.exchange.check_own_format": "of definitions",
    "exchange.exchange.named_values": "counts",
    "exchange.exchange.titled_fields": "of definitions",
    "exchange.firms": "of registers, tried in test_recorded_readings",
    "health": "counts",
    "identity": "has no viewer yet",
    "keeping.journal": "of histories, as they are",
    "papers.jobs": "numbers of cases",
    "people": "of people, their own settings and drafts",
    "rectification.firm": "has no viewer: the firm itself, by the code of its case",
    "register_changes": "of registers, tried in test_recorded_readings",
    "registers": "of registers, tried in test_recorded_readings",
    "reports.statistics_tables": "of definitions",
    "reports.report_statistics": "counts",
    "cases.register_subject": "of registers, tried in test_recorded_readings",
}


def queries() -> dict[str, Any]:
    found = {}
    for module in pkgutil.walk_packages(engine.app.queries.__path__, "engine.app.queries."):
        loaded = import_module(module.name)
        for name, function in vars(loaded).items():
            if inspect.isfunction(function) and function.__module__ == loaded.__name__ and name[0] != "_":
                found[f"{module.name.removeprefix('engine.app.queries.')}.{name}"] = function
    return found


def holds(value: Any, seen: set[int]) -> bool:
    """Tell whether the secret is anywhere in a value."""
    if isinstance(value, str):
        return SPOKEN in value
    if isinstance(value, bytes):
        return SPOKEN.encode() in value
    if value is None or isinstance(value, (int, date, time, type, Process)) or id(value) in seen:
        return False
    seen.add(id(value))
    if isinstance(value, Mapping):
        return any(holds(one, seen) for pair in value.items() for one in pair)
    if isinstance(value, (Sequence, set, frozenset)):
        return any(holds(one, seen) for one in value)
    if dataclasses.is_dataclass(value):
        return any(holds(getattr(value, one.name), seen) for one in dataclasses.fields(value))
    return any(holds(one, seen) for one in getattr(value, "__dict__", {}).values())


def recorded(services: Application) -> list[str]:
    with services.store.read() as transaction:
        return [one.about for one in transaction.readings.newest() if one.person == VIEWER]


def test_every_query_is_asked_or_has_a_reason() -> None:
    known = queries()
    named = {
        name for name in known for reason in OTHERWISE if name == reason or name.startswith(f"{reason}.")
    }
    assert set(ASKED) <= set(known)
    assert set(known) - set(ASKED) - named == set()
    assert set(OTHERWISE) <= {".".join(name.split(".")[:end]) for name in known for end in (1, 2, 3)}


@pytest.mark.parametrize("name", ASKED)
def test_who_is_shown_a_personal_answer_is_recorded(name: str) -> None:
    services, case = office()
    words, named = ASKED[name](case)
    answer = queries()[name](services, VIEWER, *words, **named)
    if holds(answer, set()):
        assert recorded(services) == [RECORDED_AS.get(name, "cases/{case}").format(case=case)], name


#: Query -> what the record names where that is not the case.
RECORDED_AS = {
    "audit.refused_attempts": "refused/{case}",
    "exchange.exchange.exchange_rows": "exchange/calls",
    "people.proposals.list_proposals": "proposals",
    "people.proposals.show_proposal": "proposals/proposal-1",
}
#: Queries whose answer has it: were there none of them, nothing above would be tried.
SHOWN = {
    "audit.refused_attempts",
    "cases.show_case",
    "cases.form_setting",
    "exchange.exchange.exchange_rows",
    "papers.archive.read_archive",
    "papers.archive.read_case_file",
    "papers.documents.list_documents",
    "papers.documents.preview_document",
    "papers.documents.read_document",
    "papers.offline.offline_forms",
    "papers.papers.list_files",
    "papers.papers.list_papers",
    "papers.papers.read_file",
    "papers.papers.show_paper",
    "people.proposals.list_proposals",
    "people.proposals.show_proposal",
}


def test_the_answers_are_there_to_be_seen() -> None:
    services, case = office()
    found = {}
    for name, asked in ASKED.items():
        words, named = asked(case)
        answer = queries()[name](services, VIEWER, *words, **named)
        found[name] = not isinstance(answer, Refusal) and holds(answer, set())
    assert {name for name, shown in found.items() if shown} == SHOWN


def test_who_works_on_the_case_is_not_recorded() -> None:
    services, case = office()
    # An exchange file and a proposal are of no case, and whoever works on a case cannot read who was refused.
    for name in SHOWN - set(RECORDED_AS):
        words, named = ASKED[name](case)
        queries()[name](services, OWN, *words, **named)
    with services.store.read() as transaction:
        assert transaction.readings.newest() == []


def test_refused_attempts_of_no_case_are_recorded_and_ones_own_are_not() -> None:
    services, _ = office()
    found = refused_attempts(services, VIEWER)
    assert holds(found, set())
    assert recorded(services) == ["refused/office"]
    with services.store.read() as transaction:
        (one,) = transaction.readings.newest()
    assert (one.use_case, one.columns, one.rows) == ("audit.attempts", ("about", "reasons"), 1)
    # Of what is destroyed nothing is shown.
    with services.store.write() as transaction:
        rows = [row.id for row in transaction.personal_values.of_subject(OF_REFUSALS)]
        transaction.personal_values.destroy(rows)
    assert isinstance(services.clock, VirtualClock)
    services.clock.advance(timedelta(days=1))
    assert not holds(refused_attempts(services, VIEWER), set())
    assert len(recorded(services)) == 1


def test_whoever_proposed_something_is_not_recorded_for_reading_it() -> None:
    services, _ = office()
    with services.store.write() as transaction:
        second = SecondPerson(say("核对"), private={DETAILS: SPOKEN})
        for person in (OWN, VIEWER):
            done_by_one(transaction, BEGIN, person, "x", "1" * 64, second, services.entropy)
    assert holds(show_proposal(services, VIEWER, "proposal-3"), set())
    assert recorded(services) == []
    assert holds(list_proposals(services, VIEWER, everything=True), set())
    with services.store.read() as transaction:
        (one,) = transaction.readings.newest()
    # Two of the three are of others.
    assert (one.about, one.columns, one.rows) == ("proposals", ("details",), 2)
