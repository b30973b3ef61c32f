"""Keys are read by what they hold; roles and parties are looked up."""

from __future__ import annotations

import pytest

from engine.definition.library import load_files
from engine.definition.reader.audience import AudienceReader
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.overdue import OverdueStep
from engine.lifecycle.model.workflow import Verb
from engine.worktime.periods import Period, PeriodUnit

BUREAU = """bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {one: 一股}
roles: {clerk: {title: 经办人, scope: section}, chief: {title: 股长, scope: section}}
"""
FLOW = """workflow: visit
title: 检查
about: none
initial: open
start: {by: clerk}
states:
  open:
    title: 待检查
    for: clerk
    deadline: {3 days: suggested}
    overdue: {1 days: {escalate: [clerk, chief], reassign: chief, urgent: true}}
    verbs: [VERB]
  void: {title: 已作废, final: true}
transitions:
  - {do: close, title: 办结, from: open, to: void}
"""


def read(verb: str) -> tuple[Verb, list[str]]:
    """Return the verb as read, and the rules its text breaks."""
    loaded = load_files({"flow.yaml": FLOW.replace("VERB", verb), "bureau.yaml": BUREAU})
    verbs = loaded.workflows["visit"].states["open"].verbs if "visit" in loaded.workflows else {}
    return next(iter(verbs.values()), Verb(id="", by=())), [problem.rule for problem in loaded.problems]


def test_every_kind_of_key() -> None:
    verb, problems = read("extend: {by: chief, clock: open, max: 2 days, times: 1, approve: clerk}")
    assert problems == []
    assert (verb.title, verb.by, verb.clock, verb.times, verb.approve) == (
        "延期",
        ("chief",),
        "open",
        1,
        ("clerk",),
    )
    assert verb.most == Period(2, PeriodUnit.DAYS)
    assert verb.others == {}
    void, problems = read("void: {to: void, with_children: true}")
    assert (problems, void.to, void.with_children, void.value("to")) == ([], ("void",), True, ("void",))
    suspend, _ = read("suspend: {pauses: [open]}")
    assert suspend.pauses == ("open",)


@pytest.mark.parametrize(
    ("verb", "rule"),
    [
        ("extend: {max: soon}", "deadline-syntax"),
        ("extend: {max: 0 days}", "deadline-syntax"),
        ("extend: {times: many}", "wrong-shape"),
        ("extend: {times: 0}", "wrong-shape"),
        ("extend: {times: -2}", "wrong-shape"),
        ("urge: {times: 0}", "wrong-shape"),
        ("reassign: {among: nobody}", "unknown-role"),
        ("return: {to: nowhere}", "unknown-state"),
        ("return: {keep_clocks: maybe}", "wrong-shape"),
        ("suspend: {pauses: [other]}", "unknown-clock"),
    ],
)
def test_what_is_wrong_is_said_by_rule(verb: str, rule: str) -> None:
    assert rule in read(verb)[1]


def test_steps_of_being_late_are_read_from_their_table() -> None:
    loaded = load_files({"flow.yaml": FLOW.replace("VERB", "claim: {by: chief}"), "bureau.yaml": BUREAU})
    day = Period(1, PeriodUnit.DAYS)
    assert loaded.workflows["visit"].clocks["open"].overdue == (
        OverdueStep(day, (), ("clerk", "chief"), None, True, "chief"),
    )


def test_states_and_clocks_are_read_by_who_knows_them() -> None:
    reader = AudienceReader(None, None, {})  # type: ignore[arg-type] # neither is asked
    for kind in (KeyKind.STATE, KeyKind.STATES, KeyKind.CLOCK, KeyKind.CLOCKS):
        with pytest.raises(ValueError, match=kind):
            reader.read_key(DefinitionKey(kind=kind), None)


def test_a_stored_version_keeps_the_number_it_was_published_with() -> None:
    files = {"flow.yaml": FLOW.replace("VERB", "extend: {times: 0}"), "bureau.yaml": BUREAU}
    stored = load_files(files, partial=True)
    assert stored.workflows["visit"].states["open"].verbs["extend"].times == 0
    assert "visit" not in load_files(files).workflows
