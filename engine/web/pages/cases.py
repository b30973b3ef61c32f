"""Cases: found by number, name or code; one case with its people, clocks, history, documents, children; its chain verified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.app.commands import Caller
from engine.app.commands.migration.review_answers import review_answers
from engine.app.queries.audit import verify_histories
from engine.app.queries.calendar import explain_clocks
from engine.app.queries.cases import case_history, case_tree, list_cases_by_one, search_cases, show_case
from engine.app.queries.definitions import list_published_alone
from engine.app.queries.papers.archive import read_case_file
from engine.app.queries.papers.documents import read_document
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.model.form import Form
from engine.lifecycle.verbs.table import VERBS
from engine.web.forms.shown import shown_answers
from engine.web.pages.file.evidence import small_copies
from engine.web.pages.lists.place import list_address, neighbours, place_query
from engine.web.rendering import page, refused, sentence
from engine.web.visit import Answer, PageVisit, go_to
from engine.web.words.migration import changed_answers

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine.app.queries.cases import TaskView
    from engine.lifecycle.case import Case

#: Entries of a history on one page.
PER_PAGE = 50


def search(visit: PageVisit) -> Answer:
    """Show the cases whose number, title or subject holds what was typed, ended ones too."""
    text = visit.query.get("text", "").strip()[:100]
    found = search_cases(visit.workbench.application, visit.person, text) if text else []
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "cases.html", text=text, found=found, alone=by_one(visit, found))


def show(visit: PageVisit) -> Answer:
    """Show one case and what may be done with it."""
    application, person = visit.workbench.application, visit.person
    case_id = visit.parts["case"]
    view = show_case(application, person, case_id, as_person=person)
    if isinstance(view, Refusal):
        return refused(visit, view)
    previous, following = neighbours(visit)
    return page(
        visit,
        "case.html",
        view=view,
        previous=previous,
        following=following,
        list_of=list_address(visit),
        place=f"?{kept}" if (kept := place_query(visit)) else "",
        done=visit.query.get("done", "")[:100],
        **around(visit, view),
    )


def around(visit: PageVisit, view: TaskView) -> dict[str, Any]:
    """Return what is shown around the steps of a case: its file, facts, people, clocks, papers."""
    application, person, case = visit.workbench.application, visit.person, view.case
    file = read_case_file(application, person, case.id)
    documents = [] if isinstance(file, Refusal) else file.documents
    publications = [] if isinstance(file, Refusal) else file.publications
    tree = case_tree(application, person, case.id)
    state = view.process.state(case.state)
    events = () if isinstance(file, Refusal) else file.events
    return {
        "state": state,
        "documents": documents,
        "publications": publications,
        "children": [] if isinstance(tree, Refusal) else list(tree)[1:51],
        "more_children": 0 if isinstance(tree, Refusal) else max(0, len(tree) - 51),
        "verbs": [(VERBS[word], state.verbs.get(word)) for word in view.verbs],
        "earlier": view.answers,
        "alone": (case.workflow, case.version) in published_alone(visit),
        "facts": _facts(visit, view),
        "changed": changed_answers(view.process.workflow, case),
        "events": list(reversed(events))[:10],
        "pictures": small_copies(view.files),
    }


def by_one(visit: PageVisit, cases: Sequence[Case]) -> Collection[str]:
    """Return which of `cases` go by rules, or have a paper or an act, that one person alone answers for."""
    found = list_cases_by_one(visit.workbench.application, visit.person, [case.id for case in cases])
    return () if isinstance(found, Refusal) else found


def published_alone(visit: PageVisit) -> Collection[tuple[str, int]]:
    """Return the versions one person published alone; none where the visitor may not read that."""
    found = list_published_alone(visit.workbench.application, visit.person)
    return () if isinstance(found, Refusal) else found


def _facts(visit: PageVisit, view: TaskView) -> list[tuple[str, str]]:
    fields = Form(id="", title="", fields=tuple(view.process.workflow.fields.values()))
    given = {name: value for name, value in view.case.fields.items() if value not in (None, "", [])}
    return shown_answers(visit, fields, given)


def review(visit: PageVisit) -> Answer:
    """Note that whoever has the task has looked at the answers a migration changed."""
    case_id = visit.parts["case"]
    outcome = review_answers(visit.workbench.application, Caller(visit.person), case_id)
    return refused(visit, outcome) if isinstance(outcome, Refusal) else go_to("cases", case_id)


def history(visit: PageVisit) -> Answer:
    """Show the history of a case, newest first, page by page."""
    found = case_history(visit.workbench.application, visit.person, visit.parts["case"])
    if isinstance(found, Refusal):
        return refused(visit, found)
    events = list(reversed(found))
    before = visit.query.get("before", "")
    if before.isascii() and before.isdecimal() and len(before) < 10:
        events = [event for event in events if event.seq < int(before)]
    shown = events[:PER_PAGE]
    more = shown[-1].seq if len(events) > PER_PAGE else None
    return page(visit, "history.html", case=visit.parts["case"], events=shown, more=more)


def clocks(visit: PageVisit) -> Answer:
    """Explain every running clock of a case day by day."""
    found = explain_clocks(visit.workbench.application, visit.person, visit.parts["case"])
    if isinstance(found, Refusal):
        return refused(visit, found)
    return page(visit, "clocks.html", case=visit.parts["case"], clocks=found)


def verify(visit: PageVisit) -> Answer:
    """Verify the chain of a case, entry by entry, and say what was found."""
    case_id = visit.parts["case"]
    report = verify_histories(visit.workbench.application, visit.person, case_id)
    if isinstance(report, Refusal):
        return refused(visit, report)
    return page(visit, "verified.html", case=case_id, report=report)


def document(visit: PageVisit) -> Answer:
    """Give one document of a case, to be kept: never shown in the place of a page."""
    found = read_document(visit.workbench.application, visit.person, visit.parts["document"])
    if isinstance(found, Refusal):
        return refused(visit, found)
    name = "".join(char for char in found.id if char.isascii() and (char.isalnum() or char in "-_"))
    return Answer(
        body=found.content,
        type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}.html"'},
    )


def unknown(visit: PageVisit) -> Answer:
    """Say that there is no such page."""
    return sentence(visit, 404, say("没有这个页面"), say("地址可能输错了，或者页面已经移走。"))
