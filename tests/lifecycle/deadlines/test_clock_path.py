"""Clocks that do not run: what the history says of them, and which go on or begin again when a case goes back."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau, done

from engine.app.session.case_path import case_path_of
from engine.lifecycle.deadlines.clock_path import ClockPath

FLOW = """
workflow: filed
title: 受理件
about: none
initial: s
start: {by: clerk}
verbs:
  - return: {by: chief%s}
  - withdraw
states:
  s: {title: 登记, for: clerk, no deadline: 无}
  t: {title: 办理, for: clerk}
  u: {title: 审核, for: chief, no deadline: 无}
  z: {title: 完, final: true}
clocks:
  c: {title: 办结时限, during: [t], starts_on: [received], stops_on: [answered], deadline: 10 days, basis: 示例第一条}
  own: {title: 环节时限, during: [t], deadline: 20 days, basis: 示例第二条}
transitions:
  - {do: fill, title: 登记, from: s, to: t}
  - {do: skip, title: 直送, from: s, to: u}
  - {do: received, title: 收件, from: t}
  - {do: answered, title: 答复, from: t}
  - {do: go, title: 送审, from: t, to: u}
  - {do: fin, title: 完, from: u, to: z}
"""
KEEP = ", keep_clocks: true"


def _due(bureau: Bureau, case: str) -> dict[str, str]:
    return {name: str(clock.due_on) for name, clock in sorted(bureau.case(case).clocks.items())}


def _back(bureau: Bureau, case: str, to: str = "t") -> None:
    done(bureau.application.do("return", case, "carl", to=to, reason="补正"))


def _sent(keep: str, *steps: str) -> tuple[Bureau, str]:
    bureau = Bureau(FLOW % keep)
    case = bureau.start("filed", section="north")
    for step in steps:
        bureau.take(case, step)
    bureau.at("2024-09-05")
    return bureau, case


@pytest.mark.parametrize(
    ("keep", "expected"),
    [
        (KEEP, {"c": "2024-09-12", "own": "2024-09-23"}),
        ("", {"c": "2024-09-15", "own": "2024-09-25"}),
    ],
)
def test_a_clock_a_step_had_started_runs_again_when_the_case_is_sent_back(
    keep: str, expected: dict[str, str]
) -> None:
    bureau, case = _sent(keep, "fill", "received", "go")
    assert _due(bureau, case) == {}
    path = case_path_of(bureau.events(case))
    assert path.stopped_in == {"c": "u", "own": "u"}
    _back(bureau, case)
    assert _due(bureau, case)["c"] == expected["c"]
    assert bureau.findings() == []


def test_a_late_case_stays_late() -> None:
    bureau, case = _sent(KEEP, "fill", "received")
    bureau.until("2024-09-18")
    bureau.take(case, "go")
    _back(bureau, case)
    bureau.sweep()
    assert _due(bureau, case)["c"] == "2024-09-12"
    assert bureau.case(case).clocks["c"].late(bureau.clock.now())


@pytest.mark.parametrize("steps", [("fill", "go"), ("fill", "received", "answered", "go"), ("skip",)])
@pytest.mark.parametrize("keep", [KEEP, ""])
def test_a_clock_that_no_step_had_started_or_that_one_had_ended_does_not(
    steps: tuple[str, ...], keep: str
) -> None:
    bureau, case = _sent(keep, *steps)
    if steps == ("skip",):
        _back(bureau, case, "s")
        bureau.take(case, "fill")
    else:
        _back(bureau, case)
    assert list(_due(bureau, case)) == ["own"]


def test_what_a_step_that_was_taken_back_had_started_is_not_gone_on_with() -> None:
    bureau = Bureau(FLOW % KEEP)
    case = bureau.start("filed", section="north")
    bureau.take(case, "fill")
    done(bureau.application.do("withdraw", case, "anna"))
    assert case_path_of(bureau.events(case)).clocks == {}
    bureau.at("2024-09-20").take(case, "skip")
    _back(bureau.at("2024-09-21"), case)
    assert _due(bureau, case) == {"own": "2024-10-11"}


def test_an_earlier_run_is_gone_on_with_although_a_later_one_was_taken_back() -> None:
    bureau, case = _sent(KEEP, "fill", "received", "go")
    before = case_path_of(bureau.events(case))
    _back(bureau, case)
    done(bureau.application.do("withdraw", case, "carl"))
    path = case_path_of(bureau.events(case))
    assert (path.clocks, path.stopped, path.stopped_in) == (before.clocks, before.stopped, before.stopped_in)


def test_names_of_the_version_a_case_was_taken_over_to() -> None:
    bureau, case = _sent(KEEP, "fill", "received", "go")
    path = ClockPath()
    for event in bureau.events(case):
        path.take(event, str(event.body.get("state", "t")))
    kept = path.copy()
    path.rename({"c": "limit"}, {"u": "review"})
    assert (sorted(path.clocks), path.stopped_in) == (["limit", "own"], {"limit": "review", "own": "review"})
    assert kept.stopped_in == {"c": "u", "own": "u"}
