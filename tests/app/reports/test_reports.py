"""Reports: where a measure is and where its plan leads, how far cases have come, what supervision asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from bureau_factories import BUREAU, ZONE, Bureau, done

from engine.app.ports.records import DrawRow, Publication
from engine.app.reports.reports import (
    MeasureStatus,
    Progress,
    SupervisionItem,
    instant_in,
    progress,
    ratio,
    standings,
    supervision,
)
from engine.app.session.measures import Measure
from engine.language import Message, say

FORM = """
form: note
title: 记录
fields:
  - staff: {title: 职工人数, type: integer, optional: true}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open:
    title: 待办
    for: clerk
    deadline: 5 working days
    verbs:
      suspend: {by: clerk}
      extend: {by: clerk, clock: open, max: 5 working days}
  checked: {title: 已查, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: checked, form: note}
  - {do: finish, title: 办结, from: checked, to: done}
"""
YAML = """
targets: {coverage: "50%", staff: "40", objects: "1/2"}
measures:
  coverage: {title: 覆盖, part: {cases: visit, forms: note}, whole: {cases: visit}}
  objects: {title: 户数, part: {cases: visit, forms: note, distinct: true}, whole: {register: objects}}
  staff: {title: 人数, part: {cases: visit, sum: forms.note.staff}}
supervision:
  late: {title: 逾期, title_en: overdue, cases: any, only: overdue}
  longer: {title: 延期, cases: visit, only: extended}
  still: {title: 挂起, cases: visit, only: suspended}
  large:
    title: 大户
    cases: visit
    where: forms.note.staff >= 10
    columns: [{title: 人数, title_en: Staff, value: forms.note.staff}]
  alike: {title: 雷同, cases: visit, alike: forms.note.staff, columns: [{title: 人数, value: forms.note.staff}]}
  pages: {title: 迟公示, publications: any, only: late}
  draws: {title: 作废, draws: any, only: void}
  refused: {title: 被拒, refusals: any}
"""


@pytest.fixture
def bureau() -> Bureau:
    """Four visits: one checked and closed, one extended, one suspended, one left alone."""
    found = Bureau(BUREAU + YAML, FORM, VISIT)
    for number in range(1, 5):
        found.start("visit", subject={"id": f"E{min(number, 3)}"})
    found.take("visit-1", "check", answers={"staff": 12})
    found.take("visit-1", "finish")
    done(found.application.extend("visit-2", "anna", 5, reason="停产"))
    done(found.application.suspend("visit-3", "anna", reason="等材料"))
    return found


def statuses(bureau: Bureau) -> dict[str, MeasureStatus]:
    processes = bureau.application.definitions
    with bureau.look() as transaction:
        process = processes.latest(transaction, "visit")
        assert process is not None
        return {
            one.id: one for one in standings(transaction, process.bureau, bureau.clock.now(), ZONE, processes)
        }


def report(bureau: Bureau) -> dict[str, SupervisionItem]:
    processes = bureau.application.definitions
    with bureau.look() as transaction:
        process = processes.latest(transaction, "visit")
        assert process is not None
        rules = process.bureau.supervision
        found = supervision(transaction, process.bureau, rules, processes, bureau.clock.now(), ZONE)
    return {one.id: one for one in found}


def test_a_measure_with_its_target_and_its_plan(bureau: Bureau) -> None:
    found = statuses(bureau)["coverage"]
    assert (found.measure.counts, found.reached) == ("1/4", False)
    assert found.planned is not None
    # Every open case is hoped to get its form.
    assert (found.planned.counts, found.short) == ("4/4", 0)
    assert str(found.sentence) == "按现计划可达 100.00%，能达到目标 50%"
    body = found.as_json()
    assert (body["part"], body["whole"], body["percent"]) == (1, 4, "25.00%")
    assert (body["planned_part"], body["planned_whole"], body["planned_percent"]) == (4, 4, "100.00%")
    assert (body["target"], body["reached"], body["short"]) == ("50%", False, 0)
    assert body["sentence"] == str(found.sentence)


def test_subjects_are_counted_once_and_against_the_register(bureau: Bureau) -> None:
    found = statuses(bureau)["objects"]
    assert found.planned is not None
    assert found.planned.part == 3
    assert str(found.counted) == "{count} 户"
    assert str(found.sentence) == "尚无可数的（分母为 0）"


def test_a_sum_has_no_plan(bureau: Bureau) -> None:
    found = statuses(bureau)["staff"]
    assert (found.planned, found.counted, found.short) == (None, None, 28)
    assert str(found.sentence) == "目标 40，还差 28"
    assert (found.as_json()["part"], found.as_json()["planned_part"]) == (12, None)


PART = Measure("数", Fraction(3), Fraction(10))


@pytest.mark.parametrize(
    ("target", "planned", "counted", "reached", "short", "sentence"),
    [
        (None, None, say("{count} 件"), None, None, "没有规定目标"),
        ("30%", None, say("{count} 件"), True, 0, "已达目标 30%"),
        ("50%", None, say("{count} 件"), False, 2, "目标 50%，还差 2 件"),
        ("1/2", 4, say("{count} 件"), False, 1, "按现计划可达 40.00%，目标 1/2，还差 1 件"),
        ("0.5", 6, say("{count} 件"), False, 0, "按现计划可达 60.00%，能达到目标 0.5"),
    ],
)
def test_what_to_make_of_a_measure(
    target: str | None,
    planned: int | None,
    counted: Message,
    reached: bool | None,
    short: int | None,
    sentence: str,
) -> None:
    plan = replace(PART, part=Fraction(planned)) if planned is not None else None
    status = MeasureStatus("n", PART, target, plan, counted)
    assert (status.reached, status.short, str(status.sentence)) == (reached, short, sentence)


def test_targets_are_exact() -> None:
    assert [ratio(one) for one in ("5%", "1/20", "0.05", None)] == [Fraction(1, 20)] * 3 + [None]


def test_a_report_of_another_year_is_of_its_last_instant() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    assert instant_in(None, now, ZONE) == instant_in(2026, now, ZONE) == now
    assert instant_in(2024, now, ZONE).astimezone(ZONE).isoformat() == "2024-12-31T23:59:59+08:00"


def test_how_far_the_cases_of_the_year_have_come(bureau: Bureau) -> None:
    bureau.at("2024-09-20")
    with bureau.look() as transaction:
        (found,) = progress(bureau.application.definitions, transaction, bureau.clock.now(), ZONE)
        later = datetime(2027, 3, 1, tzinfo=UTC)
        assert progress(bureau.application.definitions, transaction, later, ZONE) == []
    assert found == Progress("visit", "检查", 4, 1, 3, {"待办": 3, "办结": 1})
    body = found.as_json()
    assert (body["opened"], body["open"], body["late"], body["states"]) == (4, 3, 3, {"待办": 3, "办结": 1})


def test_what_supervision_asks_of_cases(bureau: Bureau) -> None:
    bureau.at("2024-09-11")
    found = report(bureau)
    assert (found["late"].cases, found["late"].whole) == (("visit-3", "visit-4"), 4)
    assert (found["longer"].cases, found["still"].cases) == (("visit-2",), ("visit-3",))
    large = found["large"]
    assert (large.cases, large.headings, dict(large.rows)) == (("visit-1",), ("人数",), {"visit-1": ("12",)})
    assert large.as_json() == {
        "id": "large",
        "title": "大户",
        "count": 1,
        "whole": 4,
        "cases": ["visit-1"],
        "headings": ["人数"],
        "rows": {"visit-1": ["12"]},
    }
    assert "headings" not in found["late"].as_json()


def test_what_supervision_asks_of_publications_draws_and_refusals(bureau: Bureau) -> None:
    now = bureau.clock.now()
    with bureau.store.write() as transaction:
        for number, late in ((1, True), (2, False)):
            transaction.records.put_publication(
                Publication(
                    id=f"p{number}",
                    case=f"visit-{number}",
                    kind="result",
                    title="示例",
                    body={},
                    published_at=now,
                    due_on=date(2024, 9, 1),
                    late=late,
                )
            )
        for number, status in ((1, "void"), (2, "complete")):
            transaction.records.put_draw(DrawRow("visit-1", number, status, {}, now))
    bureau.no("visit-4", "finish", "bela")
    found = report(bureau)
    assert (found["pages"].cases, found["pages"].count, found["pages"].whole) == (("visit-1",), 1, 2)
    assert (found["draws"].cases, found["draws"].count, found["draws"].whole) == (("visit-1",), 1, 2)
    assert (found["refused"].count, found["refused"].whole) == (1, None)


def test_headings_in_english(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "en")
    found = report(bureau)
    assert (found["late"].title, found["large"].headings) == ("overdue", ("Staff",))


def test_cases_with_the_same_words_are_named_together_and_empty_ones_never(bureau: Bureau) -> None:
    # One visit has the number 12, the others nothing: nothing is like nothing.
    assert report(bureau)["alike"].cases == ()
    bureau.take("visit-4", "check", answers={"staff": 12})
    found = report(bureau)["alike"]
    assert (found.cases, found.whole) == (("visit-1", "visit-4"), 4)
    assert dict(found.rows) == {"visit-1": ("12",), "visit-4": ("12",)}
