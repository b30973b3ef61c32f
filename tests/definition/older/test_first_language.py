"""Files of the first language load as what they were: the processes as they were shipped then, and each old word."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.definition.library import LANGUAGE, Loaded, load_files, load_version
from engine.definition.older.first_language import READERS, to_today, value_node
from engine.worktime.periods import OnDay, Period, PeriodUnit
from engine.yamltext.nodes import MappingNode, ScalarNode
from engine.yamltext.problem import Severity
from engine.yamltext.source import read_source

ROOT = Path(__file__).parents[3]


@cache
def before() -> dict[str, str]:
    """Return the files as they were shipped in the first language."""
    text = (Path(__file__).parent / "shipped_before.txt").read_text(encoding="utf-8")
    parts = text.split("=== ")[1:]
    return {part.split("\n", 1)[0]: part.split("\n", 1)[1] for part in parts}


@cache
def loaded(language: int) -> Loaded:
    if language == 1:
        return load_files(before(), language=1)
    files = [*ROOT.glob("workflows/*.yaml"), *ROOT.glob("forms/*.yaml")]
    return load_files({file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files})


def node(text: str) -> MappingNode:
    root = read_source("x.yaml", text).root
    assert isinstance(root, MappingNode)
    return to_today(root)


def test_what_was_shipped_then_loads_and_no_error_is_said_of_it() -> None:
    # One thing is said of them, and it is so: whoever could not be reached was never checked on site.
    said = [(one.file, one.line, one.rule, one.severity) for one in loaded(1).problems]
    assert said == [("workflows/inspection.yaml", 89, "read-before-written", Severity.WARNING)]
    assert LANGUAGE not in READERS
    # By the reader of today they are refused, and each problem has its line.
    today = load_files(before())
    assert not today.sound
    assert all(problem.line > 0 for problem in today.problems)


#: 征询、更正: processes have them since they exist.
LATER = {"ask", "correct"}
#: Terms that came with a step somebody had to take; the case goes on by itself now when the days are over.
BY_ITSELF = {
    ("inspection", "closed"),
    ("supervision", "to_archive"),
    ("training", "to_archive"),
}


#: States that are gone: decisions are made, published and withdrawn by the penalty procedure alone (ADR 0089).
GONE = {"follow_up": {"deciding", "published", "withdrawing"}}
#: Terms that run from an event whose day a form asks, as clocks with names of their own (ADR 0089); before, from entry.
FROM_THEIR_EVENT = {
    ("follow_up", "rechecking"): "recheck_due",
    ("referral", "sent"): "receipt_due",
    ("referral", "received"): "answer_due",
}

#: Terms that remind as the office's usual terms do now, a working day before and on the day; then once, two working days before.
REMINDED_AS_USUAL = {("follow_up", "rechecking")}


@pytest.mark.parametrize("name", sorted(loaded(1).workflows))
def test_a_process_of_then_is_the_process_of_today(name: str) -> None:
    old, new = loaded(1).workflows[name], loaded(LANGUAGE).workflows[name]
    gone = GONE.get(name, set())
    assert set(old.states) - gone <= set(new.states)
    assert not gone & set(new.states)
    for clock, rule in old.clocks.items():
        if (name, clock) in BY_ITSELF:
            assert clock not in new.clocks
            assert any(step.after is not None for step in new.leaving(clock))
            continue
        if clock in gone or (name, clock) == ("follow_up", "case_due"):
            assert clock not in new.clocks
            continue
        now = new.clocks[FROM_THEIR_EVENT.get((name, clock), clock)]
        # Reminders may have been added.
        assert set(rule.remind) <= set(now.remind) or (name, clock) in REMINDED_AS_USUAL
        assert rule.overdue == now.overdue
        if isinstance(now.limit, OnDay):
            # The date itself; then it was thirty days from thirty days before it.
            assert rule.limit == Period(30, PeriodUnit.DAYS)
            assert rule.since is not None
            assert rule.since.source.startswith("days_after(")
        else:
            assert rule.limit == now.limit
    # The case waits there no more: the penalty procedure is opened at once.
    without = gone | ({"filed"} if name == "follow_up" else set())
    # Whoever has signed may take the signature back (ADR 0057); then nobody signed there.
    signed = {state for state in old.states if any(step.sign for step in new.leaving(state))}
    assert {state: set(one.verbs) for state, one in old.states.items() if state not in without} == {
        state: set(new.states[state].verbs)
        - LATER
        - ({"withdraw"} - set(one.verbs) if state in signed else set())
        # The term of an order to correct can be extended (ADR 0065).
        - ({"extend"} if (name, state) == ("follow_up", "rectifying") else set())
        # What rests on a finding that was corrected can be made void by two (ADR 0104).
        - ({"void"} if name == "follow_up" else set())
        for state, one in old.states.items()
        if state not in without
    }


def test_a_stored_version_is_read_in_its_own_language() -> None:
    files = {name: text for name, text in before().items() if name != "workflows/page_types.yaml"}
    old = load_version(tuple(files.items()), 1)
    assert old.problems == ()
    assert set(old.workflows) == set(loaded(1).workflows)


def words(root: object) -> object:
    """Return a tree as plain values, so that two can be compared."""
    if isinstance(root, MappingNode):
        return {key.text: words(value) for key, value in root.texts()}
    if isinstance(root, ScalarNode):
        return root.text if isinstance(root.value, str) else root.value
    return [words(item) for item in getattr(root, "items", ())]


@pytest.mark.parametrize(
    ("old", "today"),
    [
        (
            "a: {overdue: [{after: 0 days, notify: [x]}, {after: 2 days, escalate: y, every: 1 day}]}",
            {"a": {"overdue": {"at once": ["x"], "2 days": {"escalate": "y", "every": "1 day"}}}},
        ),
        (
            "overdue: [{after: 0 days, notify: x}, {after: 0 hours, escalate: y}]",
            {"overdue": {"at once": "x", "当即": {"escalate": "y"}}},
        ),
        (
            "overdue: [{after: 2 days, notify: x}, {after: 2 days, escalate: y}]",
            {"overdue": {"2 days": "x", "2  days": {"escalate": "y"}}},
        ),
        ("verbs: {claim: , extend: {most: 3 days}}", {"verbs": ["claim", {"extend": {"max": "3 days"}}]}),
        ("verbs: {extend: {most: 3 days}}", {"verbs": {"extend": {"max": "3 days"}}}),
        (
            "fields: [{name: a, type: list, least: 1, most: 2, relevant: form.x != 1}]",
            {"fields": [{"a": {"type": "list", "min": 1, "max": 2, "when": "not (form.x == 1)"}}]},
        ),
        (
            "form: x\nfields: [{标识: a, 必填: true}, {name: b, columns: [{name: c}]}, {name: d, computed: 1}]",
            {
                "form": "x",
                "fields": [
                    {"a": {}},
                    {"b": {"columns": [{"c": {"optional": True}}], "optional": True}},
                    {"d": {"computed": 1}},
                ],
            },
        ),
        (
            'then: [{set: {a: "\'x\'", b: form.n, c: "3", d: "collect(rows, \'id\')", e: true}}]',
            {
                "then": [
                    {"set": {"a": "x", "b": "= form.n", "c": 3, "d": "= collect(rows, it.id)", "e": True}}
                ]
            },
        ),
        ("then: [{commit: draw, least: 5%}]", {"then": [{"commit": "draw", "min": "= 5%"}]}),
        ("title: '{{ a }} {{ b != 1 }}'", {"title": "{{ a }} {{ not (b == 1) }}"}),
        ("that: a not in [1, 2] and b == none", {"that": "not (a in [1, 2]) and empty(b)"}),
        ("that: {field: a, op: contains, value: x}", {"that": "'x' in a"}),
        ("that: {全部: [{项: a, 比较: 不小于, 值: 2}, {非: b}]}", {"that": "a >= 2 and not b"}),
        ("that: {count: rows, where: it.n > 1, op: '>', other: m}", {"that": "count(rows, it.n > 1) > m"}),
        ("that: {every: rows, where: {field: it.n, op: is filled}}", {"that": "every(rows, filled(it.n))"}),
        ("that: {field: a, op: in, value: [x, 2]}", {"that": "a in ['x', 2]"}),
        # What is not understood stays, for the reader to judge.
        ("that: {field: a}", {"that": {"field": "a"}}),
        ("that: a ==", {"that": "a =="}),
        ("overdue: [x]", {"overdue": ["x"]}),
    ],
)
def test_each_word_of_then_has_one_of_today(old: str, today: object) -> None:
    assert words(node(old)) == today


def test_places_are_kept() -> None:
    made = node("a: 1\nthat:\n  all:\n    - x\n    - y\n")
    that = made.get("that")
    assert isinstance(that, ScalarNode)
    assert (that.text, that.line, that.column) == ("x and y", 3, 3)


def test_a_blank_value_is_returned_as_it_is() -> None:
    blank = node("x:").entries[0][1]
    assert value_node(blank) is blank
