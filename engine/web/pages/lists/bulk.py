"""The same act for many tasks: what would come of each and why is said first; then each is done in a transaction of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.queries.bulk import BulkItem, BulkReport
from engine.app.queries.cases import named_cases, show_case
from engine.app.queries.worklist import TABS, page_of_tasks
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import Message, say
from engine.lifecycle.model.form import FieldType, Form
from engine.lifecycle.permission import allowed
from engine.lifecycle.verbs.spec import ReasonRule
from engine.lifecycle.verbs.table import VERBS
from engine.web.forms.answers import answers_of
from engine.web.forms.questions import questions_of
from engine.web.forms.shown import shown_answers
from engine.web.pages.steps import people_asked
from engine.web.pages.verbs import arguments_of, options_of
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.app.queries.cases import StepView, TaskView
    from engine.lifecycle.case import Case

#: Cases of one act at most.
MAX_CASES = 500
#: Cases of one process, version, state and section looked at for what can be done: the others are like them, or are refused.
_OF_EACH_KIND = 2
#: Types of answers that are of one case alone.
_OF_ONE_CASE = frozenset(
    {FieldType.FILE, FieldType.FILES, FieldType.PHOTO, FieldType.PHOTOS, FieldType.SIGNATURE}
)


#: What the page itself asks for: the rest is the answers of the act.
_OF_THE_PAGE = frozenset(
    {"case", "do", "form_token", "request_id", "every", "tab", "text", "workflow", "act", "total"}
)


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """One thing that can be done, with its title and one line of what comes of it.

    `word` is ``verb:claim``, ``step:accept``, or ``step:approve:approval_form`` where a form is filled in for all.
    """

    word: str
    title: str
    help: str


def show(visit: PageVisit) -> Answer:
    """Ask what is to be done with the cases, say what would come of each, do it, report."""
    found = _cases(visit)
    if isinstance(found, Refusal):
        return refused(visit, found)
    cases, total = found
    known = named_cases(visit.workbench.application, visit.person, cases)
    if isinstance(known, Refusal):
        return refused(visit, known)
    titles = {case.id: case.title for case in known}
    views = _views(visit, known)
    choices = _choices(views)
    act = visit.typed.one("act")
    do = visit.typed.one("do")
    if visit.method == "GET" or not views or do not in ("ask", "check", "confirm"):
        return _page(visit, "choose", cases, total, choices=choices)
    if act not in {choice.word for choice in choices}:
        return _page(
            visit, "choose", cases, total, choices=choices, wrong=(say("请选择要办的事"),), status=422
        )
    if do == "ask":
        return _ask(visit, cases, total, choices, views, titles)
    form = _form_of(views, act)
    doing = _act(visit, act, form)
    if isinstance(doing, Message):
        return _ask(visit, cases, total, choices, views, titles, (doing,))
    confirmed = do == "confirm"
    report = BulkReport(
        tuple(
            BulkItem(case, titles.get(case, case), doing(case, _request(visit, case) if confirmed else None))
            for case in cases
        )
    )
    if form is not None and not confirmed and (wrong := _wrong_answers(report)):
        return _ask(visit, cases, total, choices, views, titles, reasons=wrong)
    shown = shown_answers(visit, form, answers_of(form, (), visit.typed)) if form else []
    stage = "done" if confirmed else "checked"
    return _page(visit, stage, cases, total, choices=choices, report=report, shown=shown)


def _wrong_answers(report: BulkReport) -> tuple[RefusalReason, ...]:
    """Return what is wrong with the answers, where no case can be done and an answer is why."""
    refusals = [one.outcome for one in report.items if isinstance(one.outcome, Refusal)]
    if len(refusals) < len(report.items):
        return ()
    found = (tuple(reason for reason in one.reasons if reason.field) for one in refusals)
    return next(filter(None, found), ())


def _cases(visit: PageVisit) -> tuple[list[str], int] | Refusal:
    """Return the cases that were ticked, or all that fit the filters of the list, each once, `MAX_CASES` at most; and how many fit."""
    if visit.typed.one("every") != "1":
        ticked = list(dict.fromkeys(visit.typed.all("case")))[:MAX_CASES]
        kept = visit.typed.one("total")
        return ticked, int(kept) if kept.isdecimal() and len(kept) < 9 else len(ticked)
    tab = visit.typed.one("tab")
    found = page_of_tasks(
        visit.workbench.application,
        visit.person,
        tab=tab if tab in TABS else "all",
        text=visit.typed.one("text")[:100],
        workflow=visit.typed.one("workflow") or None,
        limit=MAX_CASES,
    )
    if isinstance(found, Refusal):
        return found
    return [line.item.task.case for line in found.lines], found.total


def _views(visit: PageVisit, known: Sequence[Case]) -> list[TaskView]:
    """Return what can be done with some cases of each kind among all of them, as the viewer meets them."""
    kinds: Counter[tuple[str, int, str, str | None]] = Counter()
    chosen = []
    for case in known:
        kind = (case.workflow, case.version, case.state, case.section)
        kinds[kind] += 1
        if kinds[kind] <= _OF_EACH_KIND:
            chosen.append(case.id)
    found = (
        show_case(visit.workbench.application, visit.person, case, as_person=visit.person) for case in chosen
    )
    return [view for view in found if not isinstance(view, Refusal)]


def _choices(views: Sequence[TaskView]) -> list[BulkChoice]:
    """Return what can be done with any of the cases: verbs, steps without a form, and what is decided on a list."""
    found: dict[str, BulkChoice] = {}
    for view in views:
        for step in view.steps:
            if step.form is None or _decided_on_a_list(view, step):
                word = _word(step)
                found.setdefault(word, BulkChoice(word, step.title, step.help or ""))
        stopped = view.case.suspended_at is not None
        for name in view.process.state(view.case.state).verbs if view.case.open else ():
            # Whether it may be done is said case by case: one that was done a moment ago is still what was chosen.
            if name in VERBS and (name == "resume") is stopped:
                spec = VERBS[name]
                found.setdefault(f"verb:{name}", BulkChoice(f"verb:{name}", str(spec.title), str(spec.help)))
    return list(found.values())


def _word(step: StepView) -> str:
    return f"step:{step.id}" if step.form is None else f"step:{step.id}:{step.form.id}"


def _decided_on_a_list(view: TaskView, step: StepView) -> bool:
    """Tell whether the form of a step may be filled in once for many cases.

    It may where those who decide for the whole bureau take the step: what a section finds out about a case, it writes
    down case by case, and so is what is signed, shown by files or asked by the rows of a check sheet.
    """
    if step.form is None or step.form.rows or step.item_forms or step.obstacles:
        return False
    transition = view.process.manual_steps(view.case.state)[step.id][0]
    roles = view.process.bureau.roles
    whole = (
        name in roles and not roles[name].by_section for name in allowed(view.process, view.case, transition)
    )
    plain = not any(field.columns or field.type in _OF_ONE_CASE for field in step.form.fields)
    return plain and transition.sign is None and all(whole)


def _form_of(views: Sequence[TaskView], act: str) -> Form | None:
    """Return the form that is filled in once for all cases; None where the act has none."""
    return next(
        (step.form for view in views for step in view.steps if step.form and _word(step) == act), None
    )


def _act(
    visit: PageVisit, act: str, form: Form | None
) -> Callable[[str, str | None], CommandResult | Refusal] | Message:
    """Return what does the act with one case: tried without a request id, done with one."""
    application, person = visit.workbench.application, visit.person
    kind, word, *_ = act.split(":")
    if kind == "step":
        reason = visit.typed.one("reason").strip() or None
        answers = answers_of(form, (), visit.typed) if form else None

        def step(case: str, request: str | None) -> CommandResult | Refusal:
            return application.advance(
                case, word, person, answers, reason=reason, request_id=request, dry_run=request is None
            )

        return step
    arguments = arguments_of(visit, VERBS[word])
    if isinstance(arguments, Message):
        return arguments
    return _verb(visit, word, arguments)


def _verb(
    visit: PageVisit, word: str, arguments: Mapping[str, Any]
) -> Callable[[str, str | None], CommandResult | Refusal]:
    def act(case: str, request: str | None) -> CommandResult | Refusal:
        return visit.workbench.application.do(
            word, case, visit.person, request_id=request, dry_run=request is None, **arguments
        )

    return act


def _request(visit: PageVisit, case: str) -> str | None:
    """Return the id of the request for one case: sent again, what was done is not done twice."""
    given = visit.typed.one("request_id")[:80]
    return f"{given}:{case}" if given else visit.workbench.request_id()


def _ask(
    visit: PageVisit,
    cases: Sequence[str],
    total: int,
    choices: Sequence[BulkChoice],
    views: Sequence[TaskView],
    titles: Mapping[str, str],
    wrong: tuple[Message, ...] = (),
    reasons: tuple[RefusalReason, ...] = (),
) -> Answer:
    act = visit.typed.one("act")
    kind, word, *_ = act.split(":")
    form = _form_of(views, act)
    groups = questions_of(form, (), visit.typed, reasons) if form else []
    asked, rule = [], "required" if any(s.id == word and s.reason for v in views for s in v.steps) else "none"
    if kind == "verb":
        spec = VERBS[word]
        view = next((v for v in views if word in v.process.state(v.case.state).verbs), views[0])
        asked = [(argument, options_of(visit, view, argument)) for argument in spec.arguments]
        rule = spec.reason.value
    if not asked and not groups and rule == ReasonRule.NONE.value and not wrong:
        # There is nothing to ask: what would come of it is said at once.
        doing = _act(visit, act, None)
        if not isinstance(doing, Message):
            items = (BulkItem(case, titles.get(case, case), doing(case, None)) for case in cases)
            return _page(visit, "checked", cases, total, choices=choices, report=BulkReport(tuple(items)))
    return _page(
        visit,
        "asked",
        cases,
        total,
        choices=choices,
        wrong=wrong,
        status=422 if wrong or reasons else 200,
        asked=asked,
        reason_rule=rule,
        reasons=reasons,
        groups=groups,
        people=people_asked(visit, groups),
    )


def _page(
    visit: PageVisit,
    stage: str,
    cases: Sequence[str],
    total: int,
    *,
    choices: Sequence[BulkChoice],
    wrong: tuple[Message, ...] = (),
    status: int = 200,
    report: BulkReport | None = None,
    asked: Sequence[Any] = (),
    reason_rule: str = "none",
    reasons: Sequence[RefusalReason] = (),
    groups: Sequence[Any] = (),
    people: Sequence[tuple[str, str]] = (),
    shown: Sequence[tuple[str, str]] = (),
) -> Answer:
    act = visit.typed.one("act")
    kept = [
        (name, text)
        for name, texts in visit.typed.texts.items()
        if name not in _OF_THE_PAGE
        for text in texts
    ]
    return page(
        visit,
        "bulk.html",
        status=status,
        stage=stage,
        cases=list(cases),
        most=MAX_CASES,
        total=total,
        choices=choices,
        act=act,
        title=next((choice.title for choice in choices if choice.word == act), ""),
        wrong=wrong,
        report=report,
        kept=kept if stage in ("checked", "done") else [],
        asked=asked,
        reason_rule=reason_rule,
        request_id=visit.workbench.request_id(),
        reasons=reasons,
        groups=groups,
        people=people,
        shown=shown,
    )
