"""The shipped processes and forms: sound, faithful to the founding document, and honest about what is law."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.definition.library import Library, load_paths
from engine.definition.reader.citations import citations
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.period_mark import PeriodMark
from engine.lifecycle.model.workflow import State, Transition, Workflow
from engine.worktime.periods import OnDay, Period, PeriodUnit, Roll, YearDate
from engine.yamltext.problem import as_text

HERE = Path(__file__).parent
SHIPPED = sorted([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
WORKFLOWS = (
    "annual_plan",
    "batch",
    "callback",
    "criminal_referral",
    "follow_up",
    "inspection",
    "library",
    "penalty",
    "enforcement",
    "referral",
    "supervision",
    "training",
)
ITEM_FORMS = ("employment_check", "hr_agency_check", "dispatch_check", "training_school_check")


@pytest.fixture(scope="module")
def library() -> Library:
    loaded = load_paths(SHIPPED)
    assert loaded.problems == (), as_text(loaded.problems, loaded.sources)
    return loaded.library


@pytest.fixture(scope="module")
def bureau(library: Library) -> Bureau:
    assert library.bureau is not None
    return library.bureau


def step(workflow: Workflow, name: str) -> Transition:
    return next(t for t in workflow.transitions if t.id == name)


def leaving(workflow: Workflow, state: str) -> Iterator[Transition]:
    """Yield the ways out of a state, without those that a condition on the state alone closes there."""
    settled = set()
    for transition in workflow.leaving(state):
        if transition.id in settled:
            continue
        if transition.when and set(transition.when.expression.names()) == {("case", "state")}:
            if not transition.when.holds({"case": {"state": state}}):
                continue
            settled.add(transition.id)
        yield transition


def reachable(workflow: Workflow, start: str, without: str | None = None) -> set[str]:
    """Return the states a case can get to from `start` when it may not enter `without` (several are separated by a bar).

    A refused change of inspector leads back to where it was asked for, so it leads nowhere new. A step that is written
    once for several states leads from each of them where its conditions on the state say.
    """
    found, waiting = {start}, [start]
    closed = (without or "").split("|")
    while waiting:
        for transition in leaving(workflow, waiting.pop()):
            target = transition.target
            if target is None or target in closed or transition.id == "refuse_change":
                continue
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def effects(transition: Transition) -> list[str]:
    return [
        f"{effect.kind} {effect.arguments[effect.kind]}"
        if effect.kind
        in ("start", "publish", "withdraw", "commit", "draw", "replace", "remove", "void", "render")
        else effect.kind
        for effect in transition.then
    ]


def test_every_process_of_the_year_is_there(library: Library) -> None:
    assert set(WORKFLOWS) <= set(library.workflows)
    assert set(ITEM_FORMS) <= set(library.forms)


def test_a_process_never_seen_before_is_one_file_over_the_shipped_forms() -> None:
    loaded = load_paths([HERE / "other_bureau.yaml"], context=SHIPPED)
    assert loaded.problems == (), as_text(loaded.problems, loaded.sources)
    other = loaded.library.workflow("half_year_check")
    assert other.clocks["reporting"].limit == Period(10, PeriodUnit.WORKING_DAYS)
    assert reachable(other, "planning", without="approving") == {"planning"}
    assert effects(step(other, "first_half_done")) == ["start half_year_check"]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_file_is_short_enough_to_read_aloud(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


# --- the numbers ---------------------------------------------------------------------------------------------------

#: Every deadline with a legal basis or the founding document's, and no other (domain.md: [L] and [S] only).
BINDING: dict[tuple[str, str], tuple[Period | YearDate | OnDay, str]] = {
    ("library", "library_due"): (YearDate(4, 20, Roll.BACKWARD), "实施方案 二（一）"),
    ("annual_plan", "plan_due"): (YearDate(10, 31, Roll.BACKWARD), "实施方案 二（二）"),
    ("inspection", "visit_due"): (OnDay(), "实施方案 三（三）"),
    ("inspection", "publish_due"): (Period(20, PeriodUnit.WORKING_DAYS), "实施方案 二（四）"),
    ("follow_up", "rectify_due"): (OnDay(), "劳动保障监察条例 第十八条"),
    **{
        ("criminal_referral", clock): (limit, f"行政执法机关移送涉嫌犯罪案件的规定 第{article}条")
        for clock, (limit, article) in {
            "deciding": (Period(3, PeriodUnit.DAYS), "五"),
            "sending": (Period(24, PeriodUnit.HOURS), "五"),
            "police_due": (Period(3, PeriodUnit.DAYS), "八"),
            "handover_due": (Period(3, PeriodUnit.DAYS), "十二"),
            "review_due": (Period(3, PeriodUnit.DAYS), "九"),
            "reconsider_due": (Period(3, PeriodUnit.DAYS), "九"),
            "prosecutor_due": (Period(3, PeriodUnit.DAYS), "九"),
        }.items()
    },
    ("penalty", "investigation_due"): (Period(60, PeriodUnit.WORKING_DAYS), "劳动保障监察条例 第十七条"),
    ("penalty", "withdraw_due"): (Period(3, PeriodUnit.WORKING_DAYS), "行政处罚法 第四十八条、第八十五条"),
    ("penalty", "hearing"): (OnDay(), "行政处罚法 第六十四条"),
    ("penalty", "hearing_due"): (Period(5, PeriodUnit.WORKING_DAYS), "行政处罚法 第六十四条、第八十五条"),
    ("penalty", "service_due"): (Period(7, PeriodUnit.WORKING_DAYS), "行政处罚法 第六十一条、第八十五条"),
    ("penalty", "announced"): (Period(30, PeriodUnit.DAYS), "民事诉讼法 第八十五条、第九十五条"),
    ("penalty", "payment_due"): (Period(15, PeriodUnit.DAYS), "行政处罚法 第六十七条"),
    ("follow_up", "announced"): (Period(30, PeriodUnit.DAYS), "民事诉讼法 第八十五条、第九十五条"),
    ("enforcement", "announced"): (Period(30, PeriodUnit.DAYS), "民事诉讼法 第八十五条、第九十五条"),
    ("enforcement", "remedy_due"): (Period(6, PeriodUnit.MONTHS), "行政诉讼法 第四十六条"),
    ("enforcement", "demand_due"): (Period(10, PeriodUnit.WORKING_DAYS), "行政强制法 第五十四条、第六十九条"),
}

#: Numbers of our own, which a bureau may change (domain.md: [D] and [P]).
OWN: dict[tuple[str, str], Period] = {
    ("batch", "confirming"): Period(2, PeriodUnit.WORKING_DAYS),
    ("follow_up", "publishing"): Period(20, PeriodUnit.WORKING_DAYS),
    ("referral", "receipt_due"): Period(10, PeriodUnit.WORKING_DAYS),
    ("referral", "answer_due"): Period(20, PeriodUnit.WORKING_DAYS),
    ("penalty", "decision_due"): Period(15, PeriodUnit.WORKING_DAYS),
    ("penalty", "defence_due"): Period(5, PeriodUnit.WORKING_DAYS),
    ("penalty", "penalty_publish_due"): Period(7, PeriodUnit.WORKING_DAYS),
}


def clocks(library: Library) -> Iterator[tuple[str, ClockRule]]:
    for name in WORKFLOWS:
        for clock in library.workflow(name).clocks.values():
            yield name, clock


def test_exactly_the_binding_deadlines_carry_a_basis(library: Library) -> None:
    seen = {(name, clock.id): (clock.limit, clock.basis) for name, clock in clocks(library) if clock.basis}
    assert seen == BINDING


def test_a_deadline_of_our_own_says_that_the_bureau_may_change_it(library: Library) -> None:
    for name, clock in clocks(library):
        if clock.basis is None:
            assert clock.mark is PeriodMark.SUGGESTED, (name, clock.id)
        else:
            assert clock.mark is PeriodMark.STATUTORY, (name, clock.id)


@pytest.mark.parametrize(("place", "limit"), OWN.items(), ids=str)
def test_proposed_numbers_are_as_proposed(library: Library, place: tuple[str, str], limit: Period) -> None:
    workflow, clock = place
    assert library.workflow(workflow).clocks[clock].limit == limit
    assert library.workflow(workflow).clocks[clock].basis is None


def test_nothing_called_a_proposal_stands_beside_a_basis(library: Library) -> None:
    requirements = [
        r for name in WORKFLOWS for t in library.workflow(name).transitions for r in (*t.require, *t.warn)
    ]
    requirements += [c for f in library.forms.values() for c in f.constraints]
    proposals = [r for r in requirements if "建议值" in r.message]
    assert len(proposals) >= 5
    assert [r.message for r in proposals if r.basis] == []


def test_late_entry_is_pressed_and_every_deadline_is_reminded_of(library: Library) -> None:
    for name, clock in clocks(library):
        assert clock.remind, (name, clock.id)
        assert clock.overdue, (name, clock.id)
    publish = library.workflow("inspection").clocks["publish_due"]
    assert [r.before.count for r in publish.remind] == [10, 5, 2, 0]
    assert publish.since is not None
    # From the end of the visit, however it ended; a correction is no entry and has a clock of its own.
    assert publish.since.source == "case.finished_on"
    for outcome in ("onsite_check", "unreachable", "gone", "no_activity", "uncooperative"):
        steps = [one for one in library.workflow("inspection").transitions if one.form == outcome]
        kept = [effect.arguments["set"] for one in steps for effect in one.then if effect.kind == "set"]
        assert [one["finished_on"].source for one in kept] == ["form.finished_on"] * len(steps)
    assert publish.during == {"approving_after", "to_enter", "to_review", "to_publish"}
    correct = library.workflow("inspection").clocks["correct_due"]
    assert correct.during == {"correcting", "reviewing_correction", "publishing_correction"}
    assert {o.escalate for o in publish.overdue} == {None, "deputy_head", "leading_office"}


def test_a_case_may_be_prolonged_once_by_thirty_working_days_by_the_head(library: Library) -> None:
    extend = library.workflow("penalty").states["investigating"].verbs["extend"]
    assert (extend.approve, extend.clock, extend.times) == (("bureau_head",), "investigation_due", 1)
    assert extend.most == Period(30, PeriodUnit.WORKING_DAYS)
    assert extend.basis == "劳动保障监察条例 第十七条"


def test_the_twenty_days_cannot_be_prolonged_or_paused(library: Library) -> None:
    for state in library.workflow("inspection").states.values():
        for verb in state.verbs.values():
            assert verb.clock != "publish_due"
            assert "publish_due" not in verb.pauses
            assert verb.id != "extend" or verb.clock == "visit_due"


# --- sources -------------------------------------------------------------------------------------------------------


def bases(library: Library) -> Iterator[str]:
    for name in WORKFLOWS:
        workflow = library.workflow(name)
        yield from filter(None, [workflow.basis, *(c.basis for c in workflow.clocks.values())])
        for state in workflow.states.values():
            yield from filter(None, (verb.basis for verb in state.verbs.values()))
        for transition in workflow.transitions:
            yield from filter(None, (r.basis for r in (*transition.require, *transition.warn)))
    for form in library.forms.values():
        yield from filter(
            None, [form.basis, *(r.basis for r in form.rows), *(c.basis for c in form.constraints)]
        )
        for field in form.fields:
            yield from filter(None, [field.basis, *(c.basis for c in field.constraints)])


def test_only_known_sources_are_cited(library: Library) -> None:
    assert library.articles is not None
    for basis in set(bases(library)):
        cited = list(citations(basis, library.articles))
        assert cited, basis
        assert all(citation.known for citation in cited), basis


# --- the founding document: what a bureau sets; what is done for each duty is in test_duties.py ----------------------


def test_the_leading_group_and_every_register_have_their_place(bureau: Bureau) -> None:
    assert {"leading_office", "deputy_head", "section_chief"} <= set(bureau.roles)
    assert not bureau.roles["leading_office"].by_section
    assert set(bureau.codes["register_kinds"]) == {"items", "objects", "inspectors", "experts", "forms"}
    assert len(bureau.sections) == 8


def test_the_targets_are_those_of_the_founding_document(bureau: Bureau) -> None:
    assert bureau.targets == {"coverage": "5%", "risk_based_share": "85%", "publication_rate": "100%"}
    assert bureau.milestones == {
        "library_ready": YearDate(4, 20, Roll.BACKWARD),
        "plan_filing_deadline": YearDate(10, 31, Roll.BACKWARD),
    }


def test_the_year_ends_with_a_look_at_every_target(library: Library) -> None:
    warned = {r.that for r in step(library.workflow("annual_plan"), "file_away").warn}
    names = {".".join(n) for that in warned for e in that.expressions() for n in e.names()}
    assert {"kpi.coverage", "kpi.risk_based_share", "kpi.publication_rate"} <= names


def test_code_lists_that_repeat_another_list_agree_with_it(bureau: Bureau) -> None:
    assert not {"sections", "ratings"} & set(bureau.codes)
    assert set(bureau.codes["gone_reasons"]) <= set(bureau.codes["result_codes"])
    assert set(bureau.codes["removal_reasons"]) <= set(bureau.codes["exclusion_reasons"])
    for name in ("credit", "supervision", "integrity"):
        assert bureau.ratings[name][1][0] == "A"


# --- order of steps ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("annual_plan", "approving", "publishing"),
        ("annual_plan", "reporting", "published"),
        ("annual_plan", "published", "executing"),
        ("annual_plan", "revision_approving", "republishing"),
        ("batch", "approving", "publishing"),
        ("batch", "publishing", "committed"),
        ("batch", "training", "committed"),
        ("batch", "committed", "confirming"),
        ("batch", "entropy_typed", "confirming"),
        ("batch", "confirming", "to_draw_inspectors"),
        ("batch", "checking_recusal", "inspecting"),
        ("batch", "published_all", "supervising"),
        ("batch", "supervising", "archived"),
        ("inspection", "to_declare", "to_notify"),
        ("inspection", "to_notify", "to_visit"),
        ("inspection", "to_review", "to_publish"),
        ("inspection", "published", "archived"),
        ("follow_up", "publishing", "closed"),
        # A penalty is decided after what the law asks before it, and is public once it is served.
        ("penalty", "filing_approving", "deciding"),
        ("penalty", "legal_reviewing", "deciding"),
        ("penalty", "serving", "executing"),
        ("referral", "approving", "sent"),
        ("criminal_referral", "deciding", "sending"),
        ("criminal_referral", "sending", "closed"),
        ("supervision", "judging", "archived"),
        ("training", "training", "archived"),
        ("library", "reviewing", "active"),
    ],
)
def test_no_way_leads_past(library: Library, name: str, before: str, after: str) -> None:
    workflow = library.workflow(name)
    assert after in reachable(workflow, workflow.initial)
    assert after not in reachable(workflow, workflow.initial, without=before)


def test_supervision_ends_without_calls_only_where_nobody_can_be_called(library: Library) -> None:
    workflow = library.workflow("supervision")
    (alone,) = [t for t in workflow.transitions if t.id == "find_nobody"]
    # No person decides it: the batch has counted the firms there are to call.
    assert alone.automatic
    assert alone.when is not None
    assert alone.when.holds({"case": {"to_call": 0}})
    assert not alone.when.holds({"case": {"to_call": 1}})
    assert not alone.when.holds({"case": {}})
    others = replace(workflow, transitions=tuple(t for t in workflow.transitions if t is not alone))
    assert "archived" not in reachable(others, others.initial, without="calling")


def test_every_inspection_is_published_before_it_ends(library: Library) -> None:
    inspection = library.workflow("inspection")
    assert [s.id for s in inspection.states.values() if s.final] == ["archived"]
    for state in inspection.states:
        assert "archived" in reachable(inspection, state)


def test_side_paths_of_a_visit_all_lead_to_entry(library: Library) -> None:
    inspection = library.workflow("inspection")
    sides = ("report_unreachable", "report_gone", "report_no_activity", "report_uncooperative")
    ends = {t.target for name in (*sides, "finish_visit") for t in inspection.transitions if t.id == name}
    assert ends == {"to_enter"}
    # A visit that could not wait for its approval has it made good first: nobody enters its result before.
    first, *_ = inspection.leaving("to_enter")
    assert (first.id, first.automatic, first.target) == ("approve_first", True, "approving_after")
    assert first.when is not None
    opinion = {"opinion": "同意"}
    for urgent, forms, made_good_first in (
        (True, {}, True),
        (True, {"approval_after": opinion}, False),
        (True, {"inspection_approval": opinion}, False),
        (None, {"inspection_approval": opinion}, False),
    ):
        assert first.when.holds({"case": {"urgent": urgent}, "forms": forms}) is made_good_first
    assert step(inspection, "approve_after").target == "to_enter"


def test_a_step_of_several_states_leads_where_its_state_says(library: Library) -> None:
    inspection = library.workflow("inspection")
    entry = {
        state: {t.target for t in leaving(inspection, state) if t.id == "enter_result"}
        for state in ("to_enter", "correcting")
    }
    assert entry == {"to_enter": {"to_review"}, "correcting": {"reviewing_correction"}}
    # Without the conditions there would be a way past the review, and it would be found.
    blind = replace(inspection, transitions=tuple(replace(t, when=None) for t in inspection.transitions))
    assert "to_publish" in reachable(blind, blind.initial, without="to_review")


def test_a_draw_is_voided_only_by_the_deputy_head_and_only_before_dispatch(library: Library) -> None:
    for name in ("batch", "supervision"):
        workflow = library.workflow(name)
        void = step(workflow, "void_draw")
        assert (void.by, void.reason, void.target) == (("deputy_head",), True, "to_commit")
        assert effects(void) == ["void draw", "publish draw"]
        assert not {"inspecting", "calling"} & set(void.sources)
    terminate = step(library.workflow("batch"), "terminate")
    assert "committed" not in terminate.sources


def test_the_roster_is_frozen_and_the_promise_public_before_the_entropy(library: Library) -> None:
    commit = step(library.workflow("batch"), "commit_draw")
    assert effects(commit)[:3] == ["freeze", "commit draw", "publish draw"]
    assert commit.then[0].arguments["freeze"] == ("objects", "inspectors", "items", "experts")
    draw = step(library.workflow("batch"), "draw_objects")
    assert {m.message for m in draw.require} >= {"复录人不能是录入人本人"}
    assert library.workflow("batch").states["entropy_typed"].audience == ("witness",)


def test_call_backs_are_drawn_from_cases_among_supervisors(library: Library) -> None:
    (commit,) = [e for e in step(library.workflow("supervision"), "commit_draw").then if e.kind == "commit"]
    assert (commit.arguments["pool"], commit.arguments["role"], commit.arguments["of"]) == (
        "cases",
        "supervisor",
        "inspection",
    )


def test_clean_results_close_by_themselves_and_others_are_followed_up(library: Library) -> None:
    inspection = library.workflow("inspection")
    automatic = list(dict.fromkeys(t.id for t in inspection.leaving("published") if t.automatic))
    assert automatic == ["go_follow_up", "go_refer", "close_clean"]
    # What rests on a result that was corrected is looked at before the case is closed.
    when = inspection.leaving("published")[-1].when
    assert when is not None
    assert when.expression.source == "children.finding_corrected.open == 0"


def test_whoever_refuses_sends_back_or_stops_says_why(library: Library) -> None:
    words = ("退回", "不同意", "不予", "作废", "终止", "停用", "撤回", "不批准")
    for name in WORKFLOWS:
        for transition in library.workflow(name).transitions:
            if transition.title.startswith(words) or transition.title.endswith(("作废", "终止任务")):
                assert transition.reason or transition.join, (name, transition.id)


def test_every_task_says_what_to_do_next_in_chinese(library: Library) -> None:
    def texts(workflow: Workflow) -> Iterator[str]:
        yield workflow.title
        for state in workflow.states.values():
            yield state.title
        for transition in workflow.transitions:
            yield transition.title
            yield from (r.message for r in (*transition.require, *transition.warn))

    for name in WORKFLOWS:
        for text in texts(library.workflow(name)):
            assert re.search("[一-鿿]", text), (name, text)
            assert not re.search("[A-Za-z]{3,}", text), (name, text)


def test_an_open_state_is_a_task_or_moves_by_itself(library: Library) -> None:
    for name in WORKFLOWS:
        workflow = library.workflow(name)
        state: State
        for state in workflow.states.values():
            leaving = workflow.leaving(state.id)
            waits = any(t.join or t.automatic for t in leaving)
            assert state.final or state.audience or waits, (name, state.id)
