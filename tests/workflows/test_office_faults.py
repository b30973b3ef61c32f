"""Faults that would stop the first batch of an office, as far as the shipped files show them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from walking_processes import Walk

from engine.definition.library import Library, load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.kernel.refusal import Refusal
from engine.lifecycle.expressions.rows import EACH

#: Notes to the bureau's own people that once stood on papers for enterprises.
NOTES = ("请由法规岗位核对", "由法规岗位核对后填写", "可以修改", "不是上级统一文书", "本局格式")


@cache
def library() -> Library:
    return load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")]).library


@pytest.mark.parametrize(
    ("workflow", "paper"),
    [("inspection", "notice"), ("follow_up", "rectification_order"), ("referral", "referral_letter")],
)
def test_a_paper_is_made_by_an_earlier_step_than_the_one_that_says_it_was_served(
    workflow: str, paper: str
) -> None:
    steps = library().workflow(workflow).transitions
    makes = {t.id for t in steps for e in t.then if e.kind == "render" and e.arguments["render"] == paper}
    served = {
        t.id
        for t in steps
        for e in t.then
        if e.kind == "paper" and e.arguments["paper"] == paper and e.arguments.get("becomes") == "served"
    }
    assert served
    assert makes
    assert not makes & served


def test_a_result_that_is_public_is_served_so_that_a_corrected_one_gets_a_number_of_its_own() -> None:
    (publishes,) = [t for t in library().workflow("inspection").transitions if t.id == "publish_result"]
    done = [(e.kind, e.arguments.get("paper"), e.arguments.get("becomes")) for e in publishes.then]
    assert done[-1] == ("paper", "result_publication", "served")
    assert done[-2][0] == "render"


def test_no_note_to_the_office_stands_on_a_paper() -> None:
    templates = sorted((forms_dir() / "templates").iterdir())
    assert len(templates) >= 30
    for path in templates:
        if path.suffix not in (".html", ".txt"):
            continue
        text = path.read_text("utf-8")
        while "{#" in text:
            before, _, rest = text.partition("{#")
            text = before + rest.partition("#}")[2]
        text = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
        assert not [note for note in NOTES if note in text], path.name


def test_every_form_of_a_visit_that_ends_it_has_its_day_in_the_twenty_days() -> None:
    clock = library().workflow("inspection").clocks["publish_due"]
    assert clock.since is not None
    # The last visit counts: an urgent one that was not approved afterwards begins no term.
    assert clock.since.source == "case.finished_on"
    ends = [
        step
        for step in library().workflow("inspection").transitions
        if step.id.startswith(("report_", "finish_"))
    ]
    assert len({step.form for step in ends}) == 5
    for step in ends:
        kept = [one.arguments["set"] for one in step.then if one.kind == "set"]
        assert any(one.get("finished_on") and one["finished_on"].source == "form.finished_on" for one in kept)


def test_supervision_is_told_how_many_can_be_called_back() -> None:
    """A batch of firms nobody could reach has nobody to call back: its supervision looks at the data alone."""
    (begins,) = [t for t in library().workflow("batch").transitions if t.id == "all_followed_up"]
    (start,) = begins.then
    counts = start.arguments["with"]["to_call"]
    published: dict[str, dict[str, list[str]]] = {"publication": {"channels": ["site"]}}
    not_yet: dict[str, dict[str, list[str]]] = {"publication": {}}
    rows = [
        {"outcome": "visited", "forms": published},
        {"outcome": "unreachable", "forms": published},
        {"outcome": "gone", "forms": published},
        {"outcome": "visited", "forms": not_yet},
    ]
    assert counts.value({"children": {"inspection": {EACH: rows}}}) == 1
    assert counts.value({"children": {"inspection": {EACH: rows[1:]}}}) == 0


def test_a_batch_counts_as_by_risk_only_where_its_ratios_differ() -> None:
    (submit,) = [t for t in library().workflow("batch").transitions if t.id == "submit_plan"]
    sets = submit.then[0].arguments["set"]["risk_based"]
    equal = [{"class": "A", "ratio": Fraction(1, 20)}, {"class": "D", "ratio": Fraction(1, 20)}]
    rising = [{"class": "A", "ratio": Fraction(1, 20)}, {"class": "D", "ratio": Fraction(1, 5)}]
    assert sets.value({"form": {"risk_based": True, "ratios": rising}}) is True
    assert sets.value({"form": {"risk_based": True, "ratios": equal}}) is False
    assert sets.value({"form": {"risk_based": False, "ratios": rising}}) is False


def test_a_revision_ends_the_batches_it_cancels_and_none_that_is_committed() -> None:
    steps = {t.id: t for t in library().workflow("annual_plan").transitions}
    (check,) = steps["submit_revision"].require
    rows = [{"title": "第一期", "state": "inspecting"}, {"title": "第二期", "state": "draft"}]

    def holds(cancelled: list[str]) -> bool:
        scope = {"form": {"cancelled_batches": cancelled}, "children": {"batch": {EACH: rows}}}
        return check.that.holds(scope)

    assert holds(["第二期"])
    assert not holds(["第九期"])
    assert not holds(["第一期"])
    assert not holds(["第二期", "第一期"])
    (ends,) = [e for e in steps["republish_plan"].then if e.kind == "end"]
    assert ends.arguments["to"] == "terminated"
    scope = {"forms": {"plan_revision": {"cancelled_batches": ["第二期"]}}}
    where = ends.arguments["where"]
    assert [row["title"] for row in rows if where.holds({**scope, "it": row})] == ["第二期"]


def test_the_planned_share_is_worked_out_from_the_batches() -> None:
    (asked,) = [one for one in library().form("annual_plan").fields if one.name == "planned_share"]
    (consult,) = [t for t in library().workflow("annual_plan").transitions if t.id == "consult"]
    (warns,) = [one for one in consult.warn if "各期计划户数合计" in one.message]
    assert asked.computed is not None
    for numbers, enough in (([20, 30], True), ([20, 3], False), ([20, None], True)):
        batches = [{"planned_objects": number} for number in numbers]
        form = {"batches": batches, "planned_coverage": Fraction(1, 20)}
        facts = {"registers": {"objects": {"active": 1000}}}
        form["planned_share"] = asked.computed.value({"form": form, **facts})
        assert warns.that.holds({"form": form}) is enough, numbers


@pytest.mark.parametrize(
    ("planned", "asked"), [("2024-09-20", False), ("2024-09-19", True), ("2024-09-25", True)]
)
def test_a_visit_on_another_day_than_the_notice_says_how_the_firm_was_told(planned: str, asked: bool) -> None:
    fields = {"inspect_from": "2024-09-01", "inspect_to": "2024-09-30", "items": ["L01"], "risk_based": True}
    walk = Walk(library(), "inspection", **fields)
    walk.take("approve", planned_on="2024-09-25").take("declare", "insp-01")
    walk.take("notify_enterprise", "insp-01")
    # The day that counts is the one the notice says, be it that of the approval or a later one.
    forms = {**walk.case.forms, "visit_moved": {"planned_on": planned, "instead_of": "2024-09-25"}}
    walk.case = replace(walk.case, forms=forms)
    given: dict[str, Any] = {"items": ["employment_check"], "left_at": "2024-09-20T11:30+08:00"}
    silent = walk.try_("finish_visit", "insp-01", **given, day_changed=None)
    told = walk.try_("finish_visit", "insp-01", **given, day_changed="九月十九日电话告知改期。")
    assert isinstance(silent, Refusal) is asked
    assert isinstance(told, Refusal) is not asked
    if isinstance(silent, Refusal):
        assert any("改期的缘由和告知" in str(reason.message) for reason in silent.reasons)
