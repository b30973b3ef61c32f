"""单人办理 in lists: cases by rules one person published, cases with an act one person did under a delegation they gave alone."""

from __future__ import annotations

from datetime import date

from register_fixtures import BUREAU, CLERK, KEEPER, NOTE, OTHER, by, small_application

from engine.app.commands.application import Application, CommandResult
from engine.app.commands.delegations import add_delegation
from engine.app.commands.publish_definitions import Published, publish
from engine.app.ports.records import Delegation
from engine.app.queries.cases import list_cases_by_one, show_case
from engine.app.queries.tasks import list_tasks, week_sheet
from engine.app.queries.worklist import page_of_tasks, tasks_between
from engine.app.session.new_case import NewCase
from engine.app.worklist.case_view import TaskView
from engine.app.worklist.single_handed import acts_by_one, cases_by_one, is_version_by_one, marked_items
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal

TWICE = NOTE.replace(
    "  closed: {title: 办结, final: true}",
    "  again: {title: 再办, for: clerk}\n  closed: {title: 办结, final: true}",
).replace("from: open, to: closed", "from: open, to: again")
TWICE += "  - {do: close, title: 办结, from: again, to: closed}\n"


def started(application: Application, person: str = CLERK) -> str:
    made = application.start("errand", person, NewCase(title="x", section="one"))
    assert isinstance(made, CommandResult), made
    return made.case


def republished(application: Application, by_whom: str = KEEPER) -> Application:
    loaded = load_files({"bureau.yaml": BUREAU, "errand.yaml": TWICE})
    assert loaded.sound, [str(problem.message) for problem in loaded.problems]
    assert isinstance(publish(application, by(by_whom), loaded), Published)
    return application


def alone(application: Application, *cases: str) -> set[str]:
    with application.store.read() as transaction:
        return set(cases_by_one(transaction, cases))


def test_where_nobody_did_anything_alone_nothing_is_marked() -> None:
    application = small_application()
    case = started(application)
    assert alone(application, case) == set()
    found = list_tasks(application, CLERK, person=CLERK)
    assert not isinstance(found, Refusal)
    assert [(one.alone, "single_handed" in one.as_json()) for one in found] == [(False, False)]


def test_rules_one_person_published_are_marked_in_every_list() -> None:
    application = small_application()
    before = started(application)
    after = started(republished(application))
    assert alone(application, before, after) == {after}
    with application.store.read() as transaction:
        assert not is_version_by_one(transaction, "errand", 1)
        assert is_version_by_one(transaction, "errand", 2)
    found = list_tasks(application, CLERK, person=CLERK)
    assert not isinstance(found, Refusal)
    assert {one.task.case: one.alone for one in found} == {before: False, after: True}
    assert found[1].as_json()["single_handed"] is True
    assert list_cases_by_one(application, CLERK, [before, after]) == {after}
    page = page_of_tasks(application, CLERK)
    assert not isinstance(page, Refusal)
    assert {line.item.task.case: line.item.alone for line in page.lines} == {before: False, after: True}
    assert not isinstance(week_sheet(application, CLERK, "one"), Refusal)
    assert not isinstance(tasks_between(application, CLERK, date(2026, 3, 1), date(2026, 3, 31)), Refusal)
    view = show_case(application, CLERK, after)
    assert isinstance(view, TaskView)
    assert (view.rules_alone, view.acts_alone) == (True, ())
    assert view.as_json()["single_handed"] == {"rules": True, "acts": []}


def test_an_act_under_a_delegation_one_person_gave_marks_its_case() -> None:
    application = small_application()
    with application.store.write() as transaction:
        transaction.settings.put("administrators", [KEEPER, OTHER])
    answer = publish(application, by(), load_files({"bureau.yaml": BUREAU, "errand.yaml": TWICE}))
    assert isinstance(answer, Refusal)
    with application.store.write() as transaction:
        transaction.settings.put("administrators", [])
    republished(application)
    case, other = started(application), started(application)
    days = (date(2026, 3, 2), date(2026, 3, 9))
    assert isinstance(add_delegation(application, by(), CLERK, KEEPER, *days, "年休假"), Delegation)
    assert isinstance(application.advance(case, "finish", KEEPER), CommandResult)
    items = list_tasks(application, CLERK, person=CLERK)
    assert not isinstance(items, Refusal)
    with application.store.read() as transaction:
        assert acts_by_one(transaction, case) == ("完成",)
        assert acts_by_one(transaction, other) == ()
        assert [one.alone for one in marked_items(transaction, items)] == [True, True]
    view = show_case(application, CLERK, case)
    assert isinstance(view, TaskView)
    assert view.acts_alone == ("完成",)
