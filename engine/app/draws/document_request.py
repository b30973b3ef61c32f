"""The request a document template is rendered from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.app.history.replay import history
from engine.app.papers.facts import dated_on
from engine.app.papers.firm import present_subject
from engine.app.papers.form_versions import forms_given, person_of
from engine.app.papers.paper import today
from engine.app.papers.signing import signature_states
from engine.app.ports.documents import DocumentRequest
from engine.app.ports.records import RegisterEntry
from engine.lifecycle.case import Case
from engine.lifecycle.forms.in_words import codes_in_rows, people_in
from engine.lifecycle.model.form import Form

if TYPE_CHECKING:
    from engine.app.ports.papers import PaperRecord
    from engine.app.session.unit_of_work import UnitOfWork


def request_for(
    uow: UnitOfWork, case: Case, template: str, paper: PaperRecord | None = None
) -> DocumentRequest:
    """Return the request that renders `template` for `case`, with the number and the date of `paper`.

    Without a paper it is as that would be now: a number that is not given yet is blank.
    """
    from engine.app.draws.records import excluded_of, public_draw

    process = uow.process(case)
    registers = uow.transaction.registers
    named = {person for people in case.parties.values() for person in people}
    named |= people_in(Form(id="", title="", fields=tuple(process.workflow.fields.values())), case.fields)
    forms = process.workflow.forms
    codes: set[str] = set()
    for name, answers in case.forms.items():
        if name in forms:
            named |= people_in(forms[name], answers)
            codes |= codes_in_rows(forms[name], answers)
    # What is done now is among it.
    events = [*history(uow.transaction, case.id), *uow.entered(case.id)]
    given = forms_given(events, process.time.zone)
    made_by = "" if paper is None else person_of(paper.facts[0].by)
    ids = sorted({*named, made_by, *(one.by for one in given), *(one.principal for one in given)} - {""})
    people: dict[str, RegisterEntry] = {}
    for kind in ("inspectors", "people", "experts"):
        missing = [person for person in ids if person not in people]
        # What is kept of people (`Directory`) leaves the experts out.
        asked = registers.some if kind == "experts" else uow.people.entries
        people.update(asked(kind, missing) if missing else {})
    items = [str(i["code"] if isinstance(i, Mapping) else i) for i in case.fields.get("items") or ()]
    found = registers.some("items", [*items, *sorted(codes.difference(items))]) if items or codes else {}
    draw = public_draw(uow, case)
    row = uow.transaction.records.draw(case.id) if draw else None
    if draw is not None and row is not None:
        draw = {**draw, "excluded": excluded_of(row)}
    return DocumentRequest(
        template=template,
        case=case,
        workflow=process.workflow,
        bureau=process.bureau,
        people=[people[person] for person in ids if person in people],
        items=[found[code] for code in items if code in found],
        named_items=list(found.values()),
        draw=draw,
        today=uow.now.astimezone(process.time.zone).date(),
        number=_number(uow, case, template, paper),
        dated=today(uow) if paper is None else dated_on(paper),
        internal=case.id if paper is None else paper.id,
        papers=uow.transaction.papers.of_case(case.id),
        above=uow.transaction.papers.of_case(case.parent) if case.parent else (),
        files=uow.transaction.papers.files(case.id),
        firm=present_subject(uow.transaction, case),
        made_by=made_by,
        given=given,
        published=uow.services.definitions.published_files(uow.transaction),
        signatures=lambda: signature_states(uow.transaction, case, events, holder=uow.services),
    )


def _number(uow: UnitOfWork, case: Case, template: str, paper: PaperRecord | None) -> str:
    if paper is not None and paper.number is not None:
        return paper.number
    policy = uow.process(case).bureau.papers
    series = policy.series_of(template)
    return "" if series is None else policy.text(series, case.section, today(uow).year, None)
