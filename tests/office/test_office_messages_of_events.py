"""What happens outside the messages of transitions is said to whom it concerns: none of it in silence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from pkgutil import resolve_name

import pytest
from bureau_factories import BUREAU, Bureau, timekeeping, with_year

from engine.app.execution.escalate import EVENTS, tell_of_moved_days
from engine.app.execution.recompute import recount_all
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.command import ENGINE

ROOT = Path(__file__).parents[2]
FLOW = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
parties: {inspectors: 检查人员}
states:
  open: {title: 待分派, for: clerk}
  to_visit:
    title: 待检查
    for: inspectors
    deadline: 20 working days
    verbs: {extend: {by: inspectors, max: 10 working days, approve: [chief]}, reassign: {by: chief, among: [clerk]}}
  done: {title: 办结, final: true}
transitions:
  - {do: send, title: 分派, from: open, to: to_visit, then: [{assign: {inspectors: "= ['insp-1', 'insp-2']"}}]}
  - {do: replace, title: 更换人员, from: to_visit, by: chief, then: [{assign: {inspectors: "= ['insp-1', 'insp-3']"}}]}
  - {do: close, title: 办结, from: to_visit, to: done}
"""


@pytest.fixture
def bureau() -> Bureau:
    made = Bureau(BUREAU, FLOW)
    made.take(made.start("visit", section="north"), "send")
    return made


def told(bureau: Bureau, words: str) -> dict[str, str]:
    return {
        str(one.recipient): text for one in bureau.outbox() if words in (text := str(one.payload["text"]))
    }


@pytest.mark.parametrize(("event", "said"), sorted(EVENTS.items()))
def test_each_event_has_a_function_that_says_it(event: str, said: str) -> None:
    assert callable(resolve_name(said)), event


#: Functions that say what a step or a verb says by itself: its `notify`, `copy_to`, `end`, its notices, who has the task now.
OF_STEPS = {
    "engine.app.draws.registers.register_messages.note_changes.tell",
    "engine.app.execution.apply._apply",
    "engine.app.execution.effects.children.end_child",
    "engine.app.execution.effects.copies.do_copy_to.send",
    "engine.app.execution.effects.notify.do_notify.tell",
    # What children could read of a case that was corrected, beside what the correction says of the case itself.
    "engine.app.execution.correction.message_children",
    # An `assign` that changes the people of the case above: who goes and who comes there.
    "engine.app.execution.effects.parent_case._tell",
    # A result that is taken back reaches whoever works below the case at once.
    "engine.app.execution.effects.publish._tell_below",
    "engine.app.execution.escalate.notify",
    # What a void paper reaches below the case, beside what `void_paper` says of the case itself.
    "engine.app.execution.void_papers.effects._reach_children",
    "engine.app.session.messages.Messages._tell_arrivals",
    "engine.app.session.messages.Messages.tell_of_each",
}


def calling_tell(node: ast.AST, names: tuple[str, ...]) -> Iterator[str]:
    """Yield the functions below a node, by their dotted names, that send a message about a case."""
    for inner in ast.iter_child_nodes(node):
        if isinstance(inner, ast.FunctionDef | ast.ClassDef):
            yield from calling_tell(inner, (*names, inner.name))
            continue
        if (
            isinstance(inner, ast.Call)
            and isinstance(inner.func, ast.Attribute)
            and inner.func.attr in ("tell", "tell_of_each")
        ):
            yield ".".join(names)
        yield from calling_tell(inner, names)


def test_every_function_that_sends_word_is_of_an_event_or_of_a_step() -> None:
    modules = {said.rpartition(".")[0] for said in EVENTS.values()}
    found = {
        name
        for file in (ROOT / "engine/app").rglob("*.py")
        for name in calling_tell(
            ast.parse(file.read_text(encoding="utf-8")), file.relative_to(ROOT).with_suffix("").parts
        )
    }
    assert found >= OF_STEPS
    for name in found - OF_STEPS - set(EVENTS.values()):
        module, _, function = name.rpartition(".")
        # A part of the function that is listed.
        assert function.startswith("_"), name
        assert module in modules, name


def test_who_is_replaced_is_sent_word_and_who_stays_is_not(bureau: Bureau) -> None:
    bureau.take("visit-1", "replace", "carl")
    assert set(told(bureau, "不再承办")) == {"insp-2"}
    assert "更换人员" in told(bureau, "不再承办")["insp-2"]


def test_who_asked_is_sent_word_of_the_approval_with_the_last_day(bureau: Bureau) -> None:
    office = bureau.application
    office.extend("visit-1", "insp-1", 3, reason="查账")
    office.approve("visit-1", "carl", "extend")
    found = told(bureau, "申请已获批准")
    assert set(found) == {"insp-1"}
    assert bureau.case("visit-1").clocks["to_visit"].due_on.isoformat() in found["insp-1"]


def test_a_calendar_that_moves_a_last_day_either_way_is_said_and_one_that_leaves_it_is_not(
    bureau: Bureau,
) -> None:
    case = bureau.case("visit-1")
    before = case.clocks["to_visit"].due_on
    with bureau.store.write() as transaction:
        uow = UnitOfWork(bureau.application, transaction, bureau.clock.now())
        tell_of_moved_days(uow, [(case, "to_visit", before, before)], ENGINE)
        tell_of_moved_days(uow, [(case, "to_visit", before, date(2024, 9, 5))], "insp-2")
        tell_of_moved_days(uow, [(case, "to_visit", before, date(2030, 1, 1))], ENGINE)
        uow.flush()
    sooner = told(bureau, "提前到 2024-09-05")
    assert set(sooner) == {"insp-1"}  # never about one's own act
    later = told(bureau, "改到 2030-01-01，比原来晚")
    assert set(later) == {"insp-1", "insp-2"}
    assert set(told(bureau, before.isoformat())) == {"insp-1", "insp-2"}


def test_of_many_days_that_move_one_person_gets_one_message() -> None:
    made = Bureau(BUREAU, FLOW, at="2027-03-01")
    for _ in range(8):
        made.take(made.start("visit", section="north"), "send")
    with made.store.write() as transaction:
        time = timekeeping(with_year("2027-03-03", "2027-10-01"))
        recount_all(made.application, transaction, made.clock.now(), time, ENGINE)
    found = [str(one.payload["text"]) for one in made.outbox() if "日历变更" in str(one.payload["text"])]
    assert len(found) == 2, found
    assert all("你的在办件中 8 件的到期日有变动" in one and "visit-1" in one for one in found)


def test_a_working_saturday_is_said_to_those_whose_day_comes_nearer() -> None:
    made = Bureau(BUREAU, FLOW, at="2027-03-01")
    made.take(made.start("visit", section="north"), "send")
    before = made.case("visit-1").clocks["to_visit"].due_on
    with made.store.write() as transaction:
        time = timekeeping(with_year("2027-10-01", workdays="2027-03-06"))
        recount_all(made.application, transaction, made.clock.now(), time, ENGINE)
    after = made.case("visit-1").clocks["to_visit"].due_on
    found = told(made, "因日历变更")
    assert (after < before) == (set(found) == {"insp-1", "insp-2"})
    assert after < before
