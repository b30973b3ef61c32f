"""A scenario read from plain values, and the one that is shipped."""

from __future__ import annotations

from typing import Any

import pytest

from engine.synthetic.scenario import AnswerRule, Behaviour, Choice, EveryNth, Scenario, read, shipped

BODY: dict[str, Any] = {
    "start": "2024-01-02",
    "plan": {"closes": "archivist"},
    "registers": {"objects": 5},
    "started": [{"workflow": "visit"}],
    "year_end": {"visit.open": "close"},
    "forms": {"sheet": {"name": "subject.name", "kind": {"in_turn": ["'a'", "'b'"]}}, "empty": None},
    "habits": {
        "default": {},
        "visit": {"delay": [1, 2], "late": [3, 1], "late_delay": [9, 12], "problems": [2, 2]},
        "visit.open": {
            "choices": [
                {"step": "submit"},
                {
                    "step": "stop",
                    "every": [4, 3],
                    "reason": "注销",
                    "when": "case.risk == 'high'",
                    "by": "chief",
                    "once": True,
                },
            ],
            "mistakes": {"wrong person": [5, 2]},
        },
    },
}
SCENARIO = read(BODY)


@pytest.mark.parametrize(
    ("turns", "numbers"),
    [
        (EveryNth(), [1, 2, 3, 4, 5, 6]),
        (EveryNth(3, 2), [2, 5]),
        (EveryNth(3, 3), [3, 6]),
        (EveryNth(3, 5), [2, 5]),
    ],
)
def test_every_nth_case(turns: EveryNth, numbers: list[int]) -> None:
    assert [number for number in range(1, 7) if turns.come(number)] == numbers


def test_answers_are_expressions_or_several_in_turn() -> None:
    rules = SCENARIO.answers("sheet")
    scope = {"subject": {"name": "示例厂"}}
    assert [rules["name"].value(number, scope) for number in (1, 2)] == ["示例厂", "示例厂"]
    assert [rules["kind"].value(number, scope) for number in (1, 2, 3)] == ["b", "a", "b"]
    assert isinstance(rules["kind"], AnswerRule)
    assert SCENARIO.answers("empty") == SCENARIO.answers("unknown") == {}


def test_a_state_is_treated_by_the_nearest_entry() -> None:
    assert SCENARIO.habit("visit", "open").mistakes == {"wrong person": EveryNth(5, 2)}
    assert SCENARIO.habit("visit", "other") == Behaviour(
        delay=(1, 2), late=EveryNth(3, 1), late_delay=(9, 12), problems=EveryNth(2, 2)
    )
    assert SCENARIO.habit("errand", "open") == Behaviour()
    assert Scenario(start="", plan={}, habits={}).habit("visit", "open") == Behaviour()


def test_the_choices_of_a_state() -> None:
    first, second = SCENARIO.habit("visit", "open").choices
    assert first == Choice("submit")
    assert (second.step, second.every, second.reason, second.by, second.once) == (
        "stop", EveryNth(4, 3), "注销", "chief", True,
    )  # fmt: skip
    assert second.when is not None
    assert second.when.value({"case": {"risk": "high"}}) is True
    assert second.when.value({"case": {"risk": "low"}}) is False


def test_the_rest_is_taken_as_it_is() -> None:
    assert (SCENARIO.start, SCENARIO.plan, SCENARIO.registers) == (
        "2024-01-02", {"closes": "archivist"}, {"objects": 5},
    )  # fmt: skip
    assert (SCENARIO.started, SCENARIO.year_end) == (({"workflow": "visit"},), {"visit.open": "close"})


@pytest.mark.parametrize("text", ["subject.", "1 +", "import os"])
def test_an_answer_that_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^" + text):
        read({**BODY, "forms": {"sheet": {"name": text}}})


def test_the_shipped_scenario_is_read_once_and_whole() -> None:
    found = shipped()
    assert found is shipped()
    assert found.start == "2024-01-02"
    assert found.year_end == {"library_year.active": "close_year"}
    assert all(behaviour.delay[0] <= behaviour.delay[1] for behaviour in found.habits.values())
