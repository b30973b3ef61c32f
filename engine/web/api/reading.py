"""What the API gives: tasks, cases, registers, draws, figures."""

from __future__ import annotations

from typing import Any

from engine.app.queries.cases import case_history, case_tree, list_cases, search_cases, show_case
from engine.app.queries.definitions import list_definitions
from engine.app.queries.draws import list_draws, show_draw
from engine.app.queries.events import events_since
from engine.app.queries.keeping.delivery import list_deliveries
from engine.app.queries.papers.documents import list_documents
from engine.app.queries.people.inbox import list_inbox
from engine.app.queries.registers import list_entries, show_entry
from engine.app.queries.reports import report_measures, report_progress, report_supervision
from engine.app.queries.worklist import TABS, page_of_tasks
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.web.api.call import ApiCall, answered
from engine.web.api.problems import refusal_problem
from engine.web.visit import Answer

#: Rows of the log of deliveries in one answer.
MAX_DELIVERIES = 200


def me(call: ApiCall) -> Answer:
    """Return who calls."""
    actor = call.visitor.actor
    return answered(
        {
            "id": actor.id,
            "name": actor.name,
            "section": actor.section,
            "roles": sorted(actor.roles),
            "scopes": list(call.visitor.scopes),
        }
    )


def tasks(call: ApiCall) -> Answer:
    """Return one page of the caller's tasks."""
    tab = call.query.get("tab", "all")
    found = page_of_tasks(
        call.workbench.application,
        call.person,
        tab=tab if tab in TABS else "all",
        text=call.query.get("text", "")[:100],
        workflow=call.query.get("workflow") or None,
        after=call.query.get("after"),
        limit=call.limit(),
    )
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [{**line.item.as_json(), "working_days_left": line.days_left} for line in found.lines]
    return answered({"items": items, "next": found.after, "counts": dict(found.counts), "total": found.total})


def cases(call: ApiCall) -> Answer:
    """Return one page of the cases the caller sees, ordered by id; with ``text`` those that hold it."""
    limit = call.limit()
    if text := call.query.get("text", "").strip()[:100]:
        searched = search_cases(call.workbench.application, call.person, text, limit=limit)
        if isinstance(searched, Refusal):
            return refusal_problem(searched)
        return answered({"items": [case_json(one) for one in searched], "next": None})
    opened = {"true": True, "false": False}.get(call.query.get("open", ""))
    found = list_cases(
        call.workbench.application,
        call.person,
        workflow=call.query.get("workflow") or None,
        state=call.query.get("state") or None,
        parent=call.query.get("parent") or None,
        section=call.query.get("section") or None,
        open=opened,
        limit=limit + 1,
        after=call.query.get("after") or None,
    )
    if isinstance(found, Refusal):
        return refusal_problem(found)
    page = found[:limit]
    after = page[-1].id if len(found) > limit else None
    return answered({"items": [case_json(one) for one in page], "next": after})


def case(call: ApiCall) -> Answer:
    """Return one case with the steps the caller can take; its ETag is the length of its history."""
    found = show_case(call.workbench.application, call.person, call.parts["case"], as_person=call.person)
    if isinstance(found, Refusal):
        return refusal_problem(found)
    body = {
        **found.as_json(),
        "rev": found.case.rev,
        "fields": dict(found.case.fields),
        "forms": dict(found.case.forms),
    }
    return answered(body, headers={"ETag": f'"{found.settled_rev}"'})


def history(call: ApiCall) -> Answer:
    """Return the entries of the history of a case behind ``after``, oldest first."""
    found = case_history(call.workbench.application, call.person, call.parts["case"])
    if isinstance(found, Refusal):
        return refusal_problem(found)
    text = call.query.get("after", "0")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    rest = [event for event in found if event.seq > after]
    page = rest[: call.limit()]
    items = [
        {
            "seq": e.seq,
            "at": e.at.isoformat(),
            "actor": e.actor,
            "kind": e.kind,
            "body": e.body,
            "previous": e.previous,
            "hash": e.hash,
        }
        for e in page
    ]
    return answered({"items": items, "next": page[-1].seq if len(rest) > len(page) else None})


def events(call: ApiCall) -> Answer:
    """Return what has happened in cases the caller sees since the cursor ``after``, in the order of the commits."""
    text = call.query.get("after", "0")
    after = int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0
    found = events_since(call.workbench.application, call.person, after, call.limit())
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [
        {
            "cursor": position,
            "case": e.stream,
            "seq": e.seq,
            "at": e.at.isoformat(),
            "actor": e.actor,
            "kind": e.kind,
            "body": e.body,
            "hash": e.hash,
        }
        for position, e in found.events
    ]
    return answered({"items": items, "next": found.cursor, "more": found.more})


def tree(call: ApiCall) -> Answer:
    """Return a case and all below it, each with its depth."""
    found = case_tree(call.workbench.application, call.person, call.parts["case"])
    if isinstance(found, Refusal):
        return refusal_problem(found)
    return answered({"items": [{"depth": depth, **case_json(one)} for depth, one in found]})


def documents(call: ApiCall) -> Answer:
    """Return the documents of a case, without their contents."""
    found = list_documents(call.workbench.application, call.person, call.parts["case"])
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [
        {"id": d.id, "kind": d.kind, "name": d.name, "sha256": d.sha256, "made_at": d.made_at.isoformat()}
        for d in found
    ]
    return answered({"items": items})


def register(call: ApiCall) -> Answer:
    """Return one page of a register; what is kept from the caller is left out."""
    found = list_entries(call.workbench.application, call.person, call.parts["kind"])
    if isinstance(found, Refusal):
        return refusal_problem(found)
    after, limit = call.query.get("after", ""), call.limit()
    rest = [one for one in sorted(found, key=lambda one: one.id) if one.id > after]
    items = [one.as_json() for one in rest[:limit]]
    return answered({"items": items, "next": items[-1]["id"] if len(rest) > limit else None})


def register_entry(call: ApiCall) -> Answer:
    """Return one entry of a register."""
    found = show_entry(call.workbench.application, call.person, call.parts["kind"], call.parts["entry"])
    return refusal_problem(found) if isinstance(found, Refusal) else answered(found.as_json())


def draws(call: ApiCall) -> Answer:
    """Return the draws the caller sees."""
    found = list_draws(call.workbench.application, call.person)
    if isinstance(found, Refusal):
        return refusal_problem(found)
    return answered({"items": [one.as_json() for one in found]})


def draw(call: ApiCall) -> Answer:
    """Return one draw."""
    text = call.parts["number"]
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
    found = show_draw(call.workbench.application, call.person, call.parts["case"], number)
    return refusal_problem(found) if isinstance(found, Refusal) else answered(found.as_json())


def deliveries(call: ApiCall) -> Answer:
    """Return what was sent on the channels and what became of it, newest first: the log of webhooks among them."""
    found = list_deliveries(call.workbench.application, call.person, call.query.get("status"), MAX_DELIVERIES)
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [
        {
            "id": one.id,
            "kind": one.kind,
            "channel": one.channel,
            "recipient": one.recipient,
            "case": one.case,
            "status": one.status,
            "attempts": one.attempts,
            "created_at": one.created_at.isoformat(),
            "sent_at": one.sent_at.isoformat() if one.sent_at else None,
            "error": one.error,
        }
        for one in found.rows
    ]
    return answered({"items": items})


def inbox(call: ApiCall) -> Answer:
    """Return what the caller was sent and has not acknowledged."""
    found = list_inbox(call.workbench.application, call.person, person=call.person)
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [
        {"id": e.id, "case": e.case, "title": e.title, "text": e.text, "created_at": e.created_at.isoformat()}
        for e in found
    ]
    return answered({"items": items})


def definitions(call: ApiCall) -> Answer:
    """Return the published versions of workflows."""
    found = list_definitions(call.workbench.application, call.person)
    if isinstance(found, Refusal):
        return refusal_problem(found)
    items = [
        {
            "workflow": v.workflow,
            "number": v.number,
            "digest": v.digest,
            "published_at": v.published_at.isoformat(),
        }
        for v in found
    ]
    return answered({"items": items})


def figures(call: ApiCall) -> Answer:
    """Return the measures, the progress and the supervision report of a year."""
    text = call.query.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else None
    application, person = call.workbench.application, call.person
    measures = report_measures(application, person, year)
    progress = report_progress(application, person, year)
    supervision = report_supervision(application, person, year)
    if isinstance(measures, Refusal):
        return refusal_problem(measures)
    if isinstance(progress, Refusal):
        return refusal_problem(progress)
    if isinstance(supervision, Refusal):
        return refusal_problem(supervision)
    return answered(
        {
            "year": measures.year,
            "measures": [one.as_json() for one in measures.rows],
            "progress": [one.as_json() for one in progress.rows],
            "supervision": [one.as_json() for one in supervision.rows],
        }
    )


def case_json(case: Case) -> dict[str, Any]:
    """Return a case as lists give it."""
    return {
        "id": case.id,
        "workflow": case.workflow,
        "version": case.version,
        "state": case.state,
        "rev": case.rev,
        "title": case.title,
        "section": case.section,
        "parent": case.parent,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }
