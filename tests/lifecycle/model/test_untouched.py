"""无人过问, as a bureau says it."""

from __future__ import annotations

from walk_factories import BUREAU

from engine.definition.library import load_files
from engine.lifecycle.model.untouched import Untouched
from engine.worktime.periods import Period, PeriodUnit


def test_the_rule_is_read_in_both_languages() -> None:
    expected = Untouched(Period(5, PeriodUnit.WORKING_DAYS), ("chief", "deputy"))
    for text in (
        "untouched: {after: 5 working days, escalate: [chief, deputy]}",
        "无人过问: {之后: 5个工作日, 升级: [chief, deputy]}",
    ):
        loaded = load_files({"bureau.yaml": BUREAU.strip() + "\n" + text + "\n"})
        assert loaded.bureau is not None, loaded.problems
        assert loaded.bureau.untouched == expected


def test_a_role_the_bureau_has_not_is_named() -> None:
    text = BUREAU.strip() + "\nuntouched: {after: 5 working days, escalate: mayor}\n"
    assert [problem.rule for problem in load_files({"bureau.yaml": text}).problems] == ["unknown-role"]


def test_a_task_goes_up_and_never_down() -> None:
    rule = Untouched(Period(5, PeriodUnit.WORKING_DAYS), ("chief", "office", "deputy"))
    assert rule.above(["clerk"]) == ("chief", "office", "deputy")
    assert rule.above(["chief"]) == ("office", "deputy")
    # Of several that have it the highest counts; above the last there is nobody.
    assert rule.above(["office", "chief"]) == ("deputy",)
    assert rule.above(["deputy", "clerk"]) == ()
