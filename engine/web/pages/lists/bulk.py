"""The same act for many tasks: what would come of each and why is said first; then each is done in a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.queries.bulk import BulkItem, BulkReport
from engine.app.queries.cases import show_case
from engine.app.queries.worklist import TABS, page_of_tasks
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.lifecycle.verbs.spec import ReasonRule
from engine.lifecycle.verbs.table import VERBS
from engine.web.pages.verbs import arguments_of, options_of
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit

if TYPE_CHECKING:
    from engine.app.commands.application import CommandResult
    from engine.app.queries.cases import TaskView

#: Cases of one act at most.
MOST = 500
#: Cases looked at for what can be done with them: the others are like them, or are refused with a reason.
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class BulkChoice:
    """One thing that can be done: ``verb:claim`` or ``step:report``, with its title and one line of what comes of it."""

    word: str
    title: str
    help: str


def show(visit: PageVisit) -> Answer:
    """Ask what is to be done with the cases, say what would come of each, do it, report."""
    cases = _cases(visit)
    if isinstance(cases, Refusal):
        return refused(visit, cases)
    views = _views(visit, cases)
    choices = _choices(views)
    act = visit.typed.one("act")
    do = visit.typed.one("do")
    if visit.method == "GET" or not views or do not in ("ask", "check", "confirm"):
        return _page(visit, "choose", cases, choices=choices)
    if act not in {choice.word for choice in choices}:
        return _page(visit, "choose", cases, choices=choices, wrong=(say("请选择要办的事"),), status=422)
    if do == "ask":
        return _ask(visit, cases, choices, views)
    doing = _act(visit, act)
    if isinstance(doing, Message):
        return _ask(visit, cases, choices, views, (doing,))
    confirmed = do == "confirm"
    titles = {view.case.id: view.case.title for view in views}
    report = BulkReport(
        tuple(
            BulkItem(case, titles.get(case, case), doing(case, _request(visit, case) if confirmed else None))
            for case in cases
        )
    )
    return _page(visit, "done" if confirmed else "checked", cases, choices=choices, report=report)


def _cases(visit: PageVisit) -> list[str] | Refusal:
    """Return the cases that were ticked, or all that fit the filters of the list; each once, `MOST` at most."""
    if visit.typed.one("every") != "1":
        return list(dict.fromkeys(visit.typed.all("case")))[:MOST]
    tab = visit.typed.one("tab")
    found = page_of_tasks(
        visit.workbench.application,
        visit.person,
        tab=tab if tab in TABS else "all",
        text=visit.typed.one("text")[:100],
        workflow=visit.typed.one("workflow") or None,
        limit=MOST,
    )
    return found if isinstance(found, Refusal) else [line.item.task.case for line in found.lines]


def _views(visit: PageVisit, cases: Sequence[str]) -> list[TaskView]:
    found = (
        show_case(visit.workbench.application, visit.person, case, as_person=visit.person)
        for case in cases[:_LOOKED_AT]
    )
    return [view for view in found if not isinstance(view, Refusal)]


def _choices(views: Sequence[TaskView]) -> list[BulkChoice]:
    """Return what can be done with any of the cases: verbs, and steps without a form."""
    found: dict[str, BulkChoice] = {}
    for view in views:
        for step in view.steps:
            if step.form is None:
                word = f"step:{step.id}"
                found.setdefault(word, BulkChoice(word, step.title, step.help or ""))
        for name in view.process.state(view.case.state).verbs if view.case.open else ():
            if name in VERBS:
                spec = VERBS[name]
                found.setdefault(f"verb:{name}", BulkChoice(f"verb:{name}", str(spec.title), str(spec.help)))
    return list(found.values())


def _act(visit: PageVisit, act: str) -> Callable[[str, str | None], CommandResult | Refusal] | Message:
    """Return what does the act with one case: tried without a request id, done with one."""
    application, person = visit.workbench.application, visit.person
    kind, _, word = act.partition(":")
    if kind == "step":
        reason = visit.typed.one("reason").strip() or None

        def step(case: str, request: str | None) -> CommandResult | Refusal:
            return application.advance(
                case, word, person, reason=reason, request_id=request, dry_run=request is None
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
    choices: Sequence[BulkChoice],
    views: Sequence[TaskView],
    wrong: tuple[Message, ...] = (),
) -> Answer:
    kind, _, word = visit.typed.one("act").partition(":")
    asked, rule = [], "required" if any(s.id == word and s.reason for v in views for s in v.steps) else "none"
    if kind == "verb":
        spec = VERBS[word]
        view = next((v for v in views if word in v.process.state(v.case.state).verbs), views[0])
        asked = [(argument, options_of(visit, view, argument)) for argument in spec.arguments]
        rule = spec.reason.value
    if not asked and rule == ReasonRule.NONE.value and not wrong:
        # There is nothing to ask: what would come of it is said at once.
        doing = _act(visit, visit.typed.one("act"))
        if not isinstance(doing, Message):
            titles = {one.case.id: one.case.title for one in views}
            items = (BulkItem(case, titles.get(case, case), doing(case, None)) for case in cases)
            return _page(visit, "checked", cases, choices=choices, report=BulkReport(tuple(items)))
    return _page(
        visit,
        "asked",
        cases,
        choices=choices,
        wrong=wrong,
        status=422 if wrong else 200,
        asked=asked,
        reason_rule=rule,
    )


def _page(
    visit: PageVisit,
    stage: str,
    cases: Sequence[str],
    *,
    choices: Sequence[BulkChoice],
    wrong: tuple[Message, ...] = (),
    status: int = 200,
    report: BulkReport | None = None,
    asked: Sequence[Any] = (),
    reason_rule: str = "none",
) -> Answer:
    act = visit.typed.one("act")
    kept = [
        (name, text)
        for name, texts in visit.typed.texts.items()
        if name not in ("case", "do", "form_token", "request_id", "every", "tab", "text", "workflow", "act")
        for text in texts
    ]
    return page(
        visit,
        "bulk.html",
        status=status,
        stage=stage,
        cases=list(cases),
        most=MOST,
        choices=choices,
        act=act,
        title=next((choice.title for choice in choices if choice.word == act), ""),
        wrong=wrong,
        report=report,
        kept=kept if stage in ("checked", "done") else [],
        asked=asked,
        reason_rule=reason_rule,
        request_id=visit.workbench.request_id(),
    )
