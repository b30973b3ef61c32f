"""A whole rehearsal of a small workflow in memory."""

from __future__ import annotations

import cProfile
import pstats
from typing import Any, cast

import pytest
from walk_factories import TIME

from engine.authoring.simulate import runner
from engine.authoring.simulate.report import as_text
from engine.authoring.simulate.runner import WITHOUT_NEWS, simulate, simulate_until_nothing_new
from engine.definition.library import Loaded, load_files

FILES = {
    "bureau.yaml": """\
bureau: sample
title: 示例单位
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {labour_inspection: 监察股}
roles:
  inspector: {title: 检查人员, scope: bureau}
  stranger: {title: 外人, scope: bureau}
""",
    "plan.yaml": """\
workflow: plan
title: 计划
about: none
initial: open
start: {by: [inspector], form: sheet}
states:
  open: {title: 待办, for: inspector}
  asked: {title: 待答复, for: stranger}
  done: {title: 完, final: true, open_children: leave}
transitions:
  - {do: send, title: 派发, from: open, to: done, then: [{start: visit}]}
  - {do: ask, title: 转外部, from: open, to: asked}
  - {do: answer, title: 答复, from: asked, to: done}
  - {do: expire, title: 到期, from: asked, to: done, after: 3 days}
""",
    "visit.yaml": """\
workflow: visit
title: 检查
about: none
initial: there
states:
  there:
    title: 待检查
    for: inspector
    deadline: 1 working days
    remind: on the day
    overdue: {1 days: {escalate: inspector}}
  done: {title: 完, final: true, open_children: leave}
transitions:
  - {do: finish, title: 完成, from: there, to: done, form: sheet}
""",
    "sheet.yaml": """\
form: sheet
title: 记录
fields:
  - n: {title: 数量, type: integer, min: 3}
""",
}


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    found = load_files(FILES)
    assert found.sound, found.problems
    return found


def test_where_cases_went_and_what_nobody_could_do(loaded: Loaded) -> None:
    found = simulate(loaded, "plan", 6, "1", TIME)
    assert (found.workflow, found.cases, found.closed) == ("plan", 6, 6)
    assert found.ends == {"done": 6}
    assert found.visits["open"] == 6
    assert found.taken["send"] + found.taken["expire"] == 6
    assert found.taken["ask"] == found.visits["asked"] == found.taken["expire"] > 0
    assert (found.never_entered, found.never_taken, found.stuck) == ((), ("answer",), ("answer",))
    assert dict(found.obstacles["answer"]).keys() == {"没有人可办：演练的单位里没有外人"}
    assert len(found.stays["open"]) == 6
    # Three calendar days pass before the engine takes the step.
    assert all(days >= 1 for days in found.stays["asked"])


def test_a_workflow_others_start_is_reached_through_them(loaded: Loaded) -> None:
    found = simulate(loaded, "visit", 6, "1", TIME)
    assert found.cases == found.closed > 0
    assert found.taken["finish"] == found.cases
    assert found.reminders > 0
    assert found.overdue >= found.escalations > 0
    assert max(found.stays["there"]) > 1


def test_the_same_seed_gives_the_same_rehearsal(loaded: Loaded) -> None:
    first = simulate(loaded, "visit", 3, "seed", TIME).as_json()
    assert simulate(loaded, "visit", 3, "seed", TIME).as_json() == first
    assert simulate(loaded, "visit", 3, "other", TIME).as_json() != first


def test_what_cannot_be_published_is_refused(loaded: Loaded) -> None:
    broken = load_files({**FILES, "sheet.yaml": "form: sheet\ntitle: 记录\nfields: []\nrows: 3\n"})
    with pytest.raises(ValueError, match="定义中有 1 处错误"):
        simulate(broken, "visit", 1, "1", TIME)


#: What passes at first leads to one outcome; the other is reached by an answer that may be left out.
TWO_ENDS = {
    "bureau.yaml": FILES["bureau.yaml"],
    "sheet.yaml": (
        "form: sheet\ntitle: 记录\nfields:\n  - checked: {title: 已核对, type: boolean}\n"
        "  - left_out: {title: 剔除, optional: true}\nconstraints: [{that: form.checked, else: 须核对}]\n"
    ),
    "list.yaml": """\
workflow: list
title: 名单
about: none
initial: open
start: {by: [inspector]}
states:
  open: {title: 待确认, for: inspector}
  agreeing: {title: 待复核, for: inspector}
  done: {title: 完, final: true}
transitions:
  - {do: confirm, title: 确认, from: open, to: agreeing, form: sheet, when: filled(form.left_out)}
  - {do: confirm, title: 确认, from: open, to: done, form: sheet, when: empty(form.left_out)}
  - {do: agree, title: 同意, from: agreeing, to: done}
  - {do: never, title: 办不成, from: agreeing, to: done, form: sheet, require: [{that: "not form.checked", else: 两头矛盾, basis: 规程}]}
""",
}


def test_it_is_rehearsed_again_until_nothing_new_is_reached_and_says_so() -> None:
    loaded = load_files(TWO_ENDS, partial=True)
    assert loaded.sound, loaded.problems
    once = simulate(loaded, "list", 20, "1", TIME)
    found = simulate_until_nothing_new(loaded, "list", 20, "1", TIME)
    assert found.rounds > found.without_news == WITHOUT_NEWS
    assert (found.cases, found.closed) == (20 * found.rounds, 20 * found.rounds)
    assert once.cases == 20
    assert found.never_taken == ("never",)
    said = as_text(found, loaded.workflows["list"])
    assert "--seed" in said
    assert "没有办结" not in said


def test_both_outcomes_of_a_step_are_reached_once_one_has_passed() -> None:
    loaded = load_files(TWO_ENDS, partial=True)
    found = simulate(loaded, "list", 60, "1", TIME)
    assert 0 < found.visits["agreeing"] < 60


def test_cases_that_are_left_are_named() -> None:
    text = TWO_ENDS["list.yaml"].replace(
        "agreeing: {title: 待复核, for: inspector}", "agreeing: {title: 待复核, for: stranger}"
    )
    loaded = load_files({**TWO_ENDS, "list.yaml": text}, partial=True)
    assert loaded.sound, loaded.problems
    found = simulate(loaded, "list", 60, "1", TIME)
    assert found.left == {"agreeing": found.cases - found.closed}
    assert f"待复核（agreeing）{found.cases - found.closed} 件" in as_text(found, loaded.workflows["list"])


def test_a_case_costs_the_same_however_many_enterprises_there_are(
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted are calls of Python functions from the first day to the last; the register is entered before."""
    calls: list[int] = []
    plain = runner.Rehearsal.run

    def run(rehearsal: runner.Rehearsal) -> None:
        profile = cProfile.Profile(builtins=False)
        profile.runcall(plain, rehearsal)
        calls.append(int(cast(Any, pstats.Stats(profile)).total_calls))

    monkeypatch.setattr(runner.Rehearsal, "run", run)
    # What is worked out once for a process is worked out before.
    for objects in (40, 40, 4_000):
        simulate(loaded, "plan", 6, "1", TIME, objects)
    assert calls[2] == calls[1] > 10_000
