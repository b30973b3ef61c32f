"""The decorator of queries: who looks, and the sections that are kept apart."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

from access_factories import MakeServices

from engine.app.access.query import QueryContext, query
from engine.app.audit.refused_attempts import newest_refused
from engine.app.commands.application import Application
from engine.app.history.requests import CommandResult
from engine.app.queries.audit import refused_attempts
from engine.app.queries.cases import show_case
from engine.app.session.new_case import NewCase
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM


@query("case.read")
def seen(context: QueryContext) -> tuple[bool, list[bool]]:
    """Answer what the viewer sees."""
    return context.limited, [context.sees_section(one) for one in ("north", "south", None)]


@query("audit.read")
def report(context: QueryContext) -> bool:
    """Answer whether the viewer is limited where sections are not kept apart."""
    return context.limited


@query("system.read")
def health(context: QueryContext) -> str:
    """Answer who looks."""
    return context.viewer.id


def test_a_section_sees_its_own_and_a_role_of_the_bureau_all(make: MakeServices) -> None:
    services = make()
    assert seen(services, "anna") == (True, [True, False, True])
    assert seen(services, "bela") == (True, [False, True, True])
    assert seen(services, "lena") == (False, [True, True, True])
    assert report(services, "anna") is False


def test_nobody_unknown_reads(make: MakeServices) -> None:
    services = make()
    for person in ("nobody", SYSTEM):
        assert isinstance(seen(services, person), Refusal)
    assert isinstance(health(services, SYSTEM), Refusal)


def test_the_system_reads_while_nobody_is_known_where_the_row_says_so(make: MakeServices) -> None:
    services = make(people=False)
    assert health(services, SYSTEM) == SYSTEM
    assert isinstance(report(services, SYSTEM), Refusal)


@query("case.read")
def looked_at(context: QueryContext, case: str) -> tuple[bool, bool, str | None, bool]:
    """Answer whether a case is in the viewer's lists, may be looked at, what the bureau is, and what else is denied."""
    found = context.transaction.cases.get(case)
    assert found is not None
    bureau = context.bureau
    denied = context.why_denied("system.backup")
    return context.lists(found), context.sees(found), bureau.id if bureau else None, denied is not None


def test_a_case_is_listed_and_seen_by_its_section_alone(make: MakeServices) -> None:
    services = make()
    begun = services.start("errand", "anna", NewCase(title="差事", section="north"))
    assert isinstance(begun, CommandResult)
    assert looked_at(services, "anna", begun.case) == (True, True, "example", True)
    assert looked_at(services, "bela", begun.case) == (False, False, "example", True)
    assert looked_at(services, "lena", begun.case) == (True, True, "example", False)


def refused_looks(services: Application) -> list[tuple[str, str, str]]:
    with services.store.read() as transaction:
        return [
            (one.person, one.verb, one.about)
            for one in newest_refused(transaction, "office", 99)
            if one.reasons
        ]


def test_a_refused_look_is_entered_and_a_case_there_is_not_leaves_nothing(make: MakeServices) -> None:
    services = make()
    begun = services.start("errand", "anna", NewCase(title="差事", section="north"))
    assert isinstance(begun, CommandResult)
    assert not isinstance(show_case(services, "anna", begun.case), Refusal)
    assert isinstance(show_case(services, "anna", "errand-99"), Refusal)
    assert refused_looks(services) == []
    assert isinstance(show_case(services, "bela", begun.case), Refusal)
    assert isinstance(show_case(services, "nobody", begun.case), Refusal)
    assert isinstance(refused_attempts(services, "anna"), Refusal)
    looks = [
        ("anna", "audit.attempts", ""),
        ("nobody", "case.read", begun.case),
        ("bela", "case.read", begun.case),
    ]
    assert refused_looks(services) == looks
    listed = refused_attempts(services, "lena", limit=2)
    assert not isinstance(listed, Refusal)
    assert [(one.person, one.verb, one.about) for one in listed] == looks[:2]
    assert refused_attempts(services, "lena", begun.case) == []
    assert isinstance(refused_attempts(services, "lena", "errand-99"), Refusal)


def test_a_refused_look_is_refused_where_nothing_can_be_written(make: MakeServices) -> None:
    services = make()

    class Full:
        def read(self) -> Any:
            return services.store.read()

        def write(self) -> Any:
            raise OSError(28, "No space left on device")

    full = cast("Any", SimpleNamespace(store=Full(), clock=services.clock, definitions=services.definitions))
    assert isinstance(seen(full, "nobody"), Refusal)


@query("case.read")
def shown(context: QueryContext, rows: int) -> list[bool]:
    """Show a telephone of so many rows; answer which tasks the viewer lists."""
    context.shows_personal("inspectors/insp-1", ("phone", "address"), rows)
    return [context.lists_task(section, "errand-9") for section in ("north", "south")]


def test_who_was_shown_personal_values_is_recorded_once_a_day(make: MakeServices) -> None:
    services = make()

    def recorded() -> list[tuple[str, str, str, tuple[str, ...], int]]:
        with services.store.read() as transaction:
            found = transaction.readings.newest(None, 9)
        return [(one.day, one.person, one.about, one.columns, one.rows) for one in found]

    assert shown(services, "anna", 0) == [True, False]
    assert recorded() == []
    assert shown(services, "lena", 2) == [True, True]
    one = ("2024-09-02", "lena", "inspectors/insp-1", ("address", "phone"), 2)
    assert recorded() == [one]
    assert shown(services, "lena", 3) == [True, True]
    assert recorded() == [one]
    services.clock.advance(timedelta(days=1))  # type: ignore[attr-defined] # a clock set by hand
    shown(services, "lena", 3)
    assert [(day, rows) for day, *_, rows in recorded()] == [("2024-09-03", 3), ("2024-09-02", 2)]
