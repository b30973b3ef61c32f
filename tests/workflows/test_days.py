"""The right days: each row of the table of `docs/explanation/days.md`, counted by the engine on the shipped processes.

The days of the table were counted by hand against the law, on the calendar of 2024: 14 and 29 September and 12 October
are working days, 15 to 17 September and 1 to 7 October are days off.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from walking_processes import Walk

from engine.app.session.measures import year_asked
from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.case import evolve
from engine.lifecycle.command import Actor
from engine.lifecycle.decide import Decision, decide
from engine.lifecycle.verbs.approve import Approve
from engine.lifecycle.verbs.extend import Extend

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "docs/explanation" / name for name in ("days.md", "days.zh-CN.md")]
TEAM: dict[str, Any] = {"signed_by": ["insp-01", "insp-02"]}
PROBLEM = {
    "item": "订立劳动合同",
    "facts": "两人未签",
    "basis": "劳动合同法 第十条",
    "ended_on": "2024-09-01",
}
BARRED = {"on": "2024-09-20", "facts": "拒绝提供工资台账", "evidence": "录像"}
CALLED = {"tried_on": "2024-09-18", "way": "phone", "by": "insp-02", "found": "空号", "evidence": "记录"}
TRIED = {"tried_on": "2024-09-10", "way": "visit", "by": "insp-01", "found": "人去楼空", "evidence": "照片"}


@cache
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


def inspection() -> Walk:
    fields = {"inspect_from": "2024-09-01", "inspect_to": "2024-09-30", "items": ["L01"], "risk_based": True}
    walk = Walk(library(), "inspection", **fields)
    walk.case = replace(walk.case, opened_at=datetime(2024, 9, 9, 2, tzinfo=UTC))
    return walk


def notified() -> Walk:
    walk = inspection().take("approve")
    return walk.take("declare", "insp-01").take("notify_enterprise", "insp-01", sent_on="2024-09-12")


def visited(walk: Walk) -> Walk:
    return walk.take("finish_visit", "insp-01", items=["employment_check"], left_at="2024-09-20T11:30+08:00")


def due(walk: Walk, clock: str) -> str:
    return walk.case.clocks[clock].due_on.isoformat()


def a_visit() -> str:
    return due(visited(notified()), "publish_due")


def unreachable() -> str:
    walk = notified().take(
        "report_unreachable", "insp-01", finished_on="2024-09-18", attempts=[TRIED, CALLED], **TEAM
    )
    return due(walk, "publish_due")


def closed_firm() -> str:
    return due(
        notified().take("report_gone", "insp-01", kind="closed", finished_on="2024-09-19", **TEAM),
        "publish_due",
    )


def no_activity() -> str:
    return due(
        notified().take("report_no_activity", "insp-01", finished_on="2024-09-13", **TEAM), "publish_due"
    )


def refusal() -> str:
    return due(
        notified().take(
            "report_uncooperative", "insp-01", finished_on="2024-09-20", refusals=[BARRED, BARRED], **TEAM
        ),
        "publish_due",
    )


def corrected() -> str:
    walk = visited(notified())
    walk.take("enter_result", "insp-01", result_codes=["no_problem"], measures=["none"])
    walk.take("pass_review").take("publish_result").take("correct_result")
    # Neither the old twenty days nor new ones: nothing of it can be marked as late.
    assert "publish_due" not in walk.case.clocks
    return due(walk, "correct_due")


def objection() -> str:
    entry = {"received_on": "2024-09-20", "objector": "firm", "way": "mail"}
    return due(Walk(library(), "objection", forms={"objection_entry": entry}), "answer_due")


def urgent() -> str:
    walk = (
        inspection()
        .take("begin_urgent", "insp-01", reported_to="bureau_head")
        .take("declare", "insp-01")
        .take("notify_enterprise", "insp-01")
    )
    walk = visited(later(walk, 3))
    assert walk.state == "approving_after"
    assert due(walk, "publish_due") == "2024-10-23"
    return due(walk, "approve_due")


def penalty() -> Walk:
    walk = Walk(library(), "penalty", problem_list=[PROBLEM])
    walk.case = replace(walk.case, parties={"handlers": ("insp-01", "insp-02")})
    return walk


def at(walk: Walk, state: str, **forms: Any) -> Walk:
    """Put the case before a step, with what earlier forms hold."""
    walk.case = replace(walk.case, state=state, clocks={}, forms={**walk.case.forms, **forms})
    return walk


def later(walk: Walk, days: int) -> Walk:
    """Let days pass before the next step is entered: periods of the law run from the event and not from its entry."""
    walk.now += timedelta(days=days)
    return walk


def hearing_asked() -> str:
    walk = at(penalty(), "telling_served", penalty_notice={"hearing": True})
    walk.take("serve_notice", "insp-01", delivered_by="direct", delivered_on="2024-09-20")
    return due(walk, "hearing_due")


def hearing_held() -> str:
    walk = later(at(penalty(), "hearing_called"), 18)
    walk.take(
        "call_hearing", "insp-01", held_on="2024-10-15", held_at="2024-10-15T09:00+08:00", chair="judge"
    )
    walk.take("approve_hearing")
    assert "七个工作日前" in walk.refused(
        "send_hearing_notice", "insp-01", delivered_by="direct", delivered_on="2024-10-08"
    )
    walk.take(
        "call_hearing", "insp-01", held_on="2024-10-16", held_at="2024-10-16T09:00+08:00", chair="judge"
    )
    walk.take("approve_hearing")
    walk.take("send_hearing_notice", "insp-01", delivered_by="direct", delivered_on="2024-10-08")
    return due(walk, "hearing")


def by_notice() -> str:
    return due(at(penalty(), "serving").take("announce", "insp-01", published_on="2024-09-20"), "announced")


def decision_served() -> str:
    told = {"case_proposal": {"proposal": "penalty"}}
    walk = at(penalty(), "deciding", **told).take("decide", kind="penalty", decided_on="2024-09-20")
    return due(walk, "service_due")


def paid() -> str:
    """Return the last day where the service is entered four days after it."""
    walk = later(at(penalty(), "serving", case_decision={"kind": "penalty", "decided_on": "2024-09-20"}), 4)
    walk.case = replace(walk.case, fields={**walk.case.fields, "outcome": "penalty"})
    walk.take("serve_decision", "insp-01", delivered_by="direct", delivered_on="2024-09-20")
    assert walk.state == "publishing"
    return due(walk, "payment_due")


def penalty_published() -> str:
    walk = at(penalty(), "serving", case_decision={"kind": "penalty", "decided_on": "2024-09-20"})
    walk.case = replace(walk.case, fields={**walk.case.fields, "outcome": "penalty"})
    return due(walk.take("serve_decision", "insp-01", delivered_by="direct"), "penalty_publish_due")


def publication_withdrawn() -> str:
    walk = later(at(penalty(), "executing"), 3)
    served = {"outcome": "penalty", "published": True, "decision_served_on": "2024-09-02"}
    walk.case = replace(walk.case, fields={**walk.case.fields, **served})
    return due(walk.take("annul", "insp-01", result="annulled", annulled_on="2024-09-20"), "withdraw_due")


def crime_decided() -> str:
    walk = at(Walk(library(), "criminal_referral"), "reporting")
    walk.case = replace(walk.case, parties={"team": ("insp-01", "insp-02")})
    walk.take("submit_report", "insp-01", suspected_crime="other").take("list_materials", "insp-01")
    return due(walk, "deciding")


def recusal() -> str:
    walk = Walk(library(), "recusal")
    return due(walk, "deciding")


def investigating() -> Walk:
    walk = at(penalty(), "filing_approving")
    return walk.take("approve_filing")


def investigation() -> str:
    return due(investigating(), "investigation_due")


def investigation_extended() -> str:
    """Return the day after the longest extension the process allows, which another person has approved."""
    walk, head = investigating(), Actor("head-01", None, frozenset({"bureau_head"}))
    for command in (
        Extend(
            actor=Actor("insp-01", "labour_inspection", frozenset({"inspector"})), count=30, reason="案情复杂"
        ),
        Approve(actor=head, verb="extend", granted=True),
    ):
        outcome = decide(walk.process, walk.case, command, walk.now)
        assert isinstance(outcome, Decision), str(outcome)
        walk.case = evolve(walk.case, outcome.change, walk.now, walk.case.rev + 1, "0" * 64)
    return due(walk, "investigation_due")


def decided() -> str:
    walk = at(penalty(), "investigating").take("end_investigation", "insp-01", proposal="penalty", **TEAM)
    return due(walk, "decision_due")


def demanded() -> str:
    walk = Walk(library(), "enforcement", decision_served_on="2024-08-30", payment_due_on="2024-09-14")
    walk.case = replace(walk.case, parties={"handlers": ("insp-01", "insp-02")})
    later(walk, 3).take("urge_payment", "insp-01")
    walk.take("serve_demand", "insp-01", delivered_by="direct", delivered_on="2024-09-20")
    return due(walk, "demand_due")


def court_closed() -> str:
    """Return the last day on which the party may go to court; the bureau may apply for execution from the next one."""
    return due(Walk(library(), "enforcement", decision_served_on="2024-09-20"), "remedy_due")


def rectified() -> str:
    ordered = {"ordered_on": "2024-09-20", "due_on": "2024-10-31"}
    walk = at(Walk(library(), "follow_up"), "serving", rectification_order=ordered)
    return due(walk.take("serve_order", "insp-01", delivered_on="2024-09-20"), "rectify_due")


def crime(state: str, **forms: Any) -> Walk:
    walk = at(Walk(library(), "criminal_referral"), state, **forms)
    walk.case = replace(walk.case, parties={"team": ("insp-01", "insp-02")})
    return walk


def crime_sent() -> str:
    walk = crime("deciding").take("approve_transfer")
    clock = walk.case.clocks["sending"]
    assert clock.due_at == walk.now + timedelta(hours=24)
    return due(walk, "sending")


def police_decide() -> str:
    return due(crime("sent").take("sign_receipt", "insp-01", received_on="2024-09-20"), "police_due")


def police_said(state: str, step: str, clock: str, filed: bool) -> str:
    walk = crime(state)
    walk.take(step, "insp-01", filed=filed, decided_on="2024-09-20", notified_on="2024-09-20")
    return due(walk, clock)


def reconsidered() -> str:
    walk = crime("refused").take("ask_review", "insp-01")
    walk.take("send_review", "insp-01", received_on="2024-09-20")
    return due(walk, "reconsider_due")


#: Row of the table -> how the engine counts it.
ROWS: dict[str, Callable[[], str]] = {
    "visit": a_visit,
    "unreachable": unreachable,
    "closed": closed_firm,
    "no-activity": no_activity,
    "refusal": refusal,
    "corrected": corrected,
    "objection": objection,
    "urgent": urgent,
    "hearing-asked": hearing_asked,
    "hearing-held": hearing_held,
    "by-notice": by_notice,
    "decision-served": decision_served,
    "fine-paid": paid,
    "penalty-published": penalty_published,
    "withdrawn": publication_withdrawn,
    "recusal": recusal,
    "investigation": investigation,
    "investigation-extended": investigation_extended,
    "decided": decided,
    "demanded": demanded,
    "court-closed": court_closed,
    "rectified": rectified,
    "crime-decided": crime_decided,
    "crime-sent": crime_sent,
    "police-decide": police_decide,
    "crime-handed-over": lambda: police_said("police_review", "record_decision", "handover_due", True),
    "reconsideration": lambda: police_said("police_review", "record_decision", "review_due", False),
    "reconsidered": reconsidered,
    "prosecutor": lambda: police_said(
        "police_reconsidering", "record_reconsideration", "prosecutor_due", False
    ),
}


def table(page: Path) -> dict[str, str]:
    """Return row -> last day as the page says."""
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| (\d{4}-\d\d-\d\d) \|$", page.read_text("utf-8"), re.MULTILINE)
    return dict(rows)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_table_has_every_row(page: Path) -> None:
    assert list(table(page)) == list(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_the_engine_counts_as_the_law_by_hand(row: str) -> None:
    (english, chinese) = (table(page)[row] for page in PAGES)
    assert ROWS[row]() == english == chinese


def test_the_targets_of_a_plan_are_those_of_its_year() -> None:
    zone = Walk(library(), "follow_up").time.zone
    january = datetime(2025, 1, 20, tzinfo=UTC)
    assert year_asked(2024, january, zone).year == 2024
    assert year_asked(2025, january, zone) == january
    assert year_asked(None, january, zone) == january
    assert date(2024, 1, 1).year == 2024


def test_supervision_begins_with_the_end_of_the_visits_and_a_batch_waits_for_no_follow_up() -> None:
    batch = library().workflow("batch")
    (begins,) = [t for t in batch.transitions if t.id == "all_followed_up"]
    assert begins.join is not None
    assert {"following_up", "referring"} <= begins.join.states
    assert batch.states["archived"].open_children == "leave"
    form = library().form("archive_check")
    names = {field.name: field for field in form.fields}
    assert names["running_follow_ups"].relevant is not None
