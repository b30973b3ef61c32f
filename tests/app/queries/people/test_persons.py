"""People are listed and shown to people of the bureau."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, reasons, small_application

from engine.app.queries.people.persons import PersonView, list_people, show_person
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM


def test_nobody_reads_people_without_being_one() -> None:
    application = small_application()
    for stranger in ("nobody", "gone-1", SYSTEM):
        assert isinstance(list_people(application, stranger), Refusal)
        assert isinstance(show_person(application, stranger, CLERK), Refusal)
    # Before anybody is entered, the system looks.
    assert list_people(small_application(people=False), SYSTEM) == []


def test_people_by_role_and_section_and_those_who_have_left() -> None:
    application = small_application()
    found = list_people(application, CLERK, role="clerk")
    assert not isinstance(found, Refusal)
    assert [(one.actor.id, one.active) for one in found] == [(CLERK, True), (OTHER, True)]
    found = list_people(application, CLERK, section="one")
    assert not isinstance(found, Refusal)
    assert [(one.actor.id, one.active) for one in found] == [(CLERK, True), ("gone-1", False)]


def test_a_person_is_shown_with_titles() -> None:
    view = show_person(small_application(), CLERK, OTHER)
    assert isinstance(view, PersonView)
    assert (view.section, view.roles, view.tasks) == ("二股", (("clerk", "经办人"),), 0)
    view = show_person(small_application(), CLERK, KEEPER)
    assert isinstance(view, PersonView)
    assert view.section is None
    assert reasons(show_person(small_application(), CLERK, "absent")) == ["名录中没有“absent”这个人"]
