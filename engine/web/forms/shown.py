"""Answers as people read them on a page: by the one reader of answers, with the names of people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.queries.people.persons import list_people
from engine.app.queries.registers import list_entries
from engine.kernel.refusal import Refusal
from engine.lifecycle.forms.in_words import codes_in, lines_of, people_in

if TYPE_CHECKING:
    from engine.lifecycle.model.form import Form
    from engine.web.visit import PageVisit


def shown_answers(
    visit: PageVisit, form: Form, answers: Mapping[str, Any], item_forms: Sequence[Form] = ()
) -> list[tuple[str, str]]:
    """Return title and text of every answer that was given, in the order of the form; answers need not have been checked."""
    forms = {item.id: item for item in item_forms}
    inner = answers.get("items")
    of_items = inner if isinstance(inner, Mapping) else {}
    named = people_in(form, answers) or any(
        people_in(item, given) for item in item_forms if isinstance(given := of_items.get(item.id), Mapping)
    )
    names = names_of_people(visit) if named else {}
    if codes_in(form, answers):
        names |= names_of_items(visit)
    lines = lines_of(form, answers, None, names, visit.workbench.zone, forms)
    return [(line.title, line.text) for line in lines if line.text]


def names_of_people(visit: PageVisit) -> dict[str, str]:
    """Return the names of people by id, those who have left too; none where the viewer may not read them."""
    people = list_people(visit.workbench.application, visit.person)
    return {} if isinstance(people, Refusal) else {one.actor.id: one.actor.name for one in people}


def names_of_items(visit: PageVisit) -> dict[str, str]:
    """Return the names of the items of the register by code; none where the viewer may not read it."""
    items = list_entries(visit.workbench.application, visit.person, "items")
    return {} if isinstance(items, Refusal) else {one.id: one.name for one in items}
