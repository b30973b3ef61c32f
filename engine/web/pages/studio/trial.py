"""试办: the unpublished text of a definition played as made-up people on chosen days; nothing of it is in any table.

The run is the text of a story in the form itself, so that any process can go on with it, and it can be kept as a story.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from engine.app.queries.cases import show_case
from engine.app.queries.papers.documents import read_document
from engine.app.queries.people.web_sessions import Visitor
from engine.authoring.stories.story import StoryError, StoryStep, read_stories
from engine.authoring.stories.trial_run import (
    begun,
    replay,
    take,
    with_made_up_days,
    with_states,
    with_step,
    without_last,
)
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import SOURCE_LANGUAGE, Message, in_language, say
from engine.web.forms.answers import answers_of
from engine.web.forms.filled import typed_of
from engine.web.forms.questions import questions_of
from engine.web.pages.cases import around
from engine.web.pages.studio.stories import stories_of, with_others
from engine.web.pages.studio.texts import WorkingTexts, working_texts
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit
from engine.web.words.names import PageNames

if TYPE_CHECKING:
    from engine.app.queries.cases import StepView, TaskView
    from engine.authoring.stories.trial_run import TrialRun
    from engine.lifecycle.case import Case
    from engine.web.forms.typed import Typed

#: Characters of the text of a run.
MAX_TEXT = 1_000_000
#: Stories a run can begin as.
MAX_OPENINGS = 50
_BODY = re.compile(rb"<body[^>]*>")


@dataclass(frozen=True, slots=True)
class TrialView:
    """Where a run is, as one made-up person sees it."""

    run: TrialRun
    text: str
    #: How the story calls the case that is looked at; None: the case of the run.
    called: str | None
    case: Case
    who: str
    #: A visit of the made-up person in the office of the run.
    inside: PageVisit
    view: TaskView


def show(visit: PageVisit) -> Answer:
    """Begin a run; by POST go on with it."""
    working = working_texts(visit, visit.parts["workflow"])
    if isinstance(working, Refusal):
        return refused(visit, working)
    if visit.method == "GET" or working.errors:
        return _begin(visit, working)
    do = visit.typed.one("do")
    try:
        text = visit.typed.one("story").replace("\r\n", "\n")[:MAX_TEXT]
        if do == "begin" or not text:
            return _first(visit, working)
        if do == "undo":
            text = without_last(text)
        elif do == "wait":
            text = with_step(text, StoryStep(line=0, wait=_wait(visit)))
        return _going_on(visit, working, text, do)
    except StoryError as problem:
        wrong = say("{problem}", problem=str(problem))
        return _as_it_was(visit, working, wrong) or _begin(visit, working, [wrong])


def _as_it_was(visit: PageVisit, working: WorkingTexts, wrong: Message) -> Answer | None:
    """Show the run before what could not be done; None where there is none."""
    try:
        found = _view(visit, working, visit.typed.one("story").replace("\r\n", "\n")[:MAX_TEXT])
    except StoryError:
        return None
    return None if isinstance(found, Refusal) else _case_page(visit, working, found, wrong=wrong)


def _wait(visit: PageVisit) -> str:
    return visit.typed.one("until").strip() or visit.typed.one("wait").strip() or "1 days"


def _first(visit: PageVisit, working: WorkingTexts) -> Answer:
    """Begin a run: as a story begins that was chosen, else on a day, with made-up days where the case needs some."""
    openings = _openings(visit, working.workflow)
    number = visit.typed.one("opening")
    chosen = openings[int(number)][1] if number.isdecimal() and int(number) < len(openings) else {}
    on = visit.typed.one("on").strip() or str(chosen.get("on") or visit.workbench.today())
    given = {**chosen, "on": on}
    name = visit.typed.one("title").strip() or str(say("试办"))
    try:
        return _going_on(visit, working, begun(working.workflow, name, given), "look")
    except StoryError:
        given = with_made_up_days(working.loaded, working.workflow, given)
        return _going_on(visit, working, begun(working.workflow, name, given), "look")


def _openings(visit: PageVisit, workflow: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the stories a run can begin as: name and what each is given."""
    found = []
    for name, content in stories_of(visit, workflow).items():
        try:
            found += [
                (one.name, one.given)
                for one in read_stories(name, content).stories
                if one.begins_with is None
            ]
        except StoryError:
            continue
    return found[:MAX_OPENINGS]


def _begin(visit: PageVisit, working: WorkingTexts, wrong: list[Message] | None = None) -> Answer:
    return page(
        visit,
        "trial_begin.html",
        status=422 if wrong else 200,
        working=working,
        workflow=working.workflow,
        openings=[name for name, _ in _openings(visit, working.workflow)],
        wrong=wrong or [],
    )


def _going_on(visit: PageVisit, working: WorkingTexts, text: str, do: str) -> Answer:
    act, _, name = do.partition(":")
    found = _view(visit, working, text)
    if isinstance(found, Refusal):
        return refused(visit, found)
    if act == "story":
        body = with_states(found.run, working.workflow).encode()
        return _file(body, f"{working.workflow}.yaml", "text/yaml; charset=utf-8")
    if act == "paper":
        return _paper(visit, found, name)
    step = next((one for one in found.view.steps if one.id == name), None)
    if act not in ("step", "fill", "take") or step is None:
        return _case_page(visit, working, found)
    if act == "fill":
        return _form_page(visit, working, found, step, typed=_made_up(visit, found, step))
    if act == "step" and (step.form is not None or step.reason):
        return _form_page(visit, working, found, step)
    return _take(visit, working, found, step)


def _view(visit: PageVisit, working: WorkingTexts, text: str) -> TrialView | Refusal:
    """Play the run up to where it is, and look at it as the chosen person."""
    services = visit.workbench.application
    with in_language(SOURCE_LANGUAGE):
        loaded = with_others(visit, working.loaded)
        run = replay(loaded, text, services.definitions.time, services.renderer)
    cases = run.cases()
    wanted = visit.typed.one("case") or None
    called, case = next((one for one in cases if one[0] == wanted), cases[0])
    people = [one for one, _ in run.people(case)]
    who = visit.typed.one("who")
    return _seen(visit, run, text, called, case, who if who in people else people[0])


def _seen(
    visit: PageVisit, run: TrialRun, text: str, called: str | None, case: Case, who: str
) -> TrialView | Refusal:
    application = run.stage.application
    actor = run.actor(who)
    bench = replace(visit.workbench, application=application, home=None)
    inside = replace(visit, workbench=bench, visitor=Visitor(actor, "password"))
    view = show_case(application, who, case.id, as_person=who)
    return view if isinstance(view, Refusal) else TrialView(run, text, called, case, who, inside, view)


def _handed_on(visit: PageVisit, found: TrialView) -> TrialView | Refusal:
    """Look at the run as somebody who can go on with it, where the person of the last step cannot."""
    if any(not step.obstacles for step in found.view.steps):
        return found
    following = found.run.people(found.case)[0][0]
    return _seen(visit, found.run, found.text, found.called, found.case, following)


def _take(visit: PageVisit, working: WorkingTexts, found: TrialView, step: StepView) -> Answer:
    answers = answers_of(step.form, step.item_forms, visit.typed) if step.form is not None else {}
    reason = visit.typed.one("reason").strip() or None
    chosen = StoryStep(line=0, do=step.id, by=found.who, answers=answers, case=found.called, reason=reason)
    if (refusal := take(found.run, chosen, dry_run=True)) is not None:
        return _form_page(visit, working, found, step, refusal.reasons)
    after = _view(visit, working, with_step(found.text, chosen))
    if not isinstance(after, Refusal):
        after = _handed_on(visit, after)
    if isinstance(after, Refusal):
        return refused(visit, after)
    return _case_page(visit, working, after, done=step.title)


def _made_up(visit: PageVisit, found: TrialView, step: StepView) -> Typed | None:
    """Return answers the step can be taken with, made up, as they would be typed."""
    if step.form is None:
        return None
    stage = found.run.stage
    chosen = StoryStep(line=len(found.run.steps), do=step.id, by=found.who)
    answers = stage.answers_of(stage.process(found.case), found.case, chosen, found.who)
    return typed_of(step.form, step.item_forms, answers or {}, visit.workbench.zone)


def _case_page(
    visit: PageVisit, working: WorkingTexts, found: TrialView, *, done: str = "", wrong: Message | None = None
) -> Answer:
    words = around(found.inside, found.view)
    status = 422 if wrong else 200
    return _page(visit, working, found, "trial.html", status=status, done=done, wrong=wrong, **words)


def _form_page(
    visit: PageVisit,
    working: WorkingTexts,
    found: TrialView,
    step: StepView,
    reasons: tuple[RefusalReason, ...] = (),
    typed: Typed | None = None,
) -> Answer:
    shown = visit.typed if typed is None else typed
    groups = questions_of(step.form, step.item_forms, shown, reasons) if step.form is not None else []
    return _page(
        visit,
        working,
        found,
        "trial_step.html",
        status=422 if reasons else 200,
        step=step,
        groups=groups,
        reasons=reasons,
    )


def _page(
    visit: PageVisit,
    working: WorkingTexts,
    found: TrialView,
    template: str,
    *,
    status: int = 200,
    **words: Any,
) -> Answer:
    run = found.run
    return page(
        visit,
        template,
        status=status,
        called=PageNames(found.inside),
        workflow=working.workflow,
        working=working,
        story=found.text,
        run=run,
        view=found.view,
        who=found.who,
        people=run.people(found.case),
        cases=[(called or "", case) for called, case in run.cases()],
        here=found.called or "",
        now=run.stage.clock.now(),
        **words,
    )


def _paper(visit: PageVisit, found: TrialView, document: str) -> Answer:
    """Give a paper of the run, marked on every page that it counts for nothing."""
    kept = read_document(found.run.stage.application, found.who, document)
    if isinstance(kept, Refusal):
        return refused(visit, kept)
    return _file(marked(kept.content), "trial.html", "application/octet-stream")


def marked(content: bytes) -> bytes:
    """Return a paper with the mark of a trial run, which is printed on each of its pages."""
    text = str(say("试办，不作数"))
    style = "position:fixed;top:0;left:0;right:0;text-align:center;color:#a40e26;font-weight:700;border-bottom:1px solid"
    mark = f'<p style="{style}">{text}</p>'.encode()
    found = _BODY.search(content)
    at = found.end() if found is not None else 0
    return content[:at] + mark + content[at:]


def _file(body: bytes, name: str, kind: str) -> Answer:
    return Answer(body=body, type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
