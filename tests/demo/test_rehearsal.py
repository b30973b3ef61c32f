"""Rehearsing a workflow before it goes live."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

import pytest

from engine.authoring.simulate.report import SimulationReport, as_text
from engine.authoring.simulate.runner import simulate
from engine.calendars.load import load_calendar
from engine.definition.library import Loaded, load_files, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.deadlines.schedule import DeadlineCalculator

STANDARD = sorted(
    path.stem
    for path in workflows_dir().glob("*.yaml")
    if path.stem not in ("articles", "bureau", "page_types")
)


#: Played on the way by the rehearsals of `inspection` and `supervision`, which they lead to; by themselves with ``--soak``.
ON_THE_WAY = {"annual_plan", "batch", "callback"}
REHEARSED = [pytest.param(name, marks=pytest.mark.soak) if name in ON_THE_WAY else name for name in STANDARD]


@pytest.fixture(scope="module")
def standard() -> Loaded:
    loaded = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
    assert loaded.sound
    return loaded


def rehearsal(loaded: Loaded, workflow: str, seed: str = "1", cases: int = 20) -> SimulationReport:
    timekeeping = DeadlineCalculator(load_calendar([]), ZoneInfo("Asia/Shanghai"), time(9))
    return simulate(loaded, workflow, cases, seed, timekeeping)


@pytest.mark.parametrize("workflow", REHEARSED)
def test_people_who_know_nothing_of_it_bring_every_standard_workflow_to_its_end(
    standard: Loaded, workflow: str
) -> None:
    # Of three batches one is in the way of a voiding that somebody has asked for.
    found = rehearsal(standard, workflow, cases=3 if workflow == "batch" else 2)
    assert found.cases >= 2
    # The bureau lists the days without lotteries for some years; a case that wanders on beyond them waits for the next list.
    beyond = sum(count for text, count in found.obstacles["commit_draw"].items() if "开奖日历里没有" in text)
    assert found.closed == found.cases or beyond >= found.cases - found.closed
    # A supervision with nobody to call back does not try to draw.
    assert workflow != "supervision" or not [
        t for t in found.obstacles["commit_draw"] if "没有可抽的对象" in t
    ]
    assert found.closed > 0
    # What an objection corrects is the publication of the case it is registered under; what is rehearsed has none above.
    above = found.obstacles["publish_correction"]
    assert not above or (workflow == "objection" and all("本件没有上级件" in text for text in above))
    # Only a case that was drawn can have its people replaced by the draw; a commitment lapses by the nightly round alone.
    # The court can be asked only within three months, six months after service: whoever wanders comes too early or too late.
    hard = {"approve_change", "change_caller", "commit_again", "publish_correction", "apply_court"}
    assert set(found.stuck) <= hard, as_text(found, standard.workflows[workflow])


def test_a_rehearsal_tells_where_cases_go(standard: Loaded) -> None:
    found = rehearsal(standard, "referral")
    assert found.cases == 20
    assert found.closed == sum(found.ends.values()) == 20
    assert found.visits["drafting"] >= 20
    assert (found.never_entered, found.never_taken) == ((), ())
    assert found.reminders > 0
    assert max(found.stays["received"]) > 0
    page = as_text(found, standard.workflows["referral"])
    assert page.startswith("演练《抄告移送》20 件，办结 20 件")
    assert page.endswith("每个环节都到过，每个步骤都办成过")


def test_the_same_seed_gives_the_same_rehearsal_and_another_another(standard: Loaded) -> None:
    first = rehearsal(standard, "follow_up", cases=6).as_json()
    assert rehearsal(standard, "follow_up", cases=6).as_json() == first
    assert rehearsal(standard, "follow_up", seed="2", cases=6).as_json() != first


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
    "grant.yaml": """\
form: grant
title: 许可
fields:
  - number: {title: 文号, example: 示例许〔2024〕001号}
  - from_day: {title: 自, type: date}
  - to_day: {title: 至, type: date}
  - amount: {title: 数额, type: integer, min: 0}
  - kind: {title: 类别, choices: {a: 甲, b: 乙, c: 丙}}
  - parts:
      title: 分项
      columns:
        - name: {title: 名称}
        - share: {title: 份额, type: integer}
constraints:
  - {that: form.to_day > form.from_day, else: 止日须晚于起日}
""",
    "permit.yaml": """\
workflow: permit
title: 审批
about: none
initial: open
start: {by: [inspector]}
states:
  open: {title: 待办, for: inspector}
  second: {title: 复核, for: inspector}
  third: {title: 外部, for: stranger}
  done: {title: 完, final: true}
transitions:
  - do: grant
    title: 许可
    from: open
    to: second
    form: grant
    require:
      - {that: form.amount >= 4321, else: 数额不足, basis: 示例办法}
      - {that: "form.kind in ['b', 'c']", else: 类别不对, basis: 示例办法}
      - {that: length(form.parts) >= 3, else: 分项不足三项, basis: 示例办法}
      - {that: "form.from_day >= days_after(today, 10)", else: 至少提前十日, basis: 示例办法}
  - do: confirm
    title: 确认
    from: second
    to: done
    form: confirmation
    require:
      - {that: form.number == forms.grant.number, else: 文号不一致, basis: 示例办法}
  - do: impossible
    title: 办不成
    from: second
    to: done
    form: confirmation
    require:
      - {that: "form.number == 'x' and form.number == 'y'", else: 两头矛盾, basis: 示例办法}
  - do: ask
    title: 转外部
    from: second
    to: third
  - {do: answer, title: 答复, from: third, to: done}
  - {do: expire, title: 到期, from: third, to: done, after: 30 days}
""",
    "confirmation.yaml": """\
form: confirmation
title: 确认
fields:
  - number: {title: 文号}
""",
}


def test_answers_are_found_from_the_conditions_themselves() -> None:
    loaded = load_files(FILES)
    assert loaded.sound, loaded.problems
    found = rehearsal(loaded, "permit", cases=12)
    assert found.closed == 12
    assert found.taken["grant"] == 12
    assert found.taken["confirm"] > 0
    assert found.taken["expire"] > 0
    # What cannot be done is told with what stands in the way; what nobody may do, with who is missing.
    assert set(found.stuck) == {"impossible", "answer"}
    assert list(found.obstacles["impossible"]) == ["两头矛盾（依据：示例办法）"]
    page = as_text(found, loaded.workflows["permit"])
    assert "办不成的步骤：答复（answer）\n  没有人可办：演练的单位里没有外人" in page
