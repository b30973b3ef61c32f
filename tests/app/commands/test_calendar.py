"""Taking up a calendar year: its file, its entry, the calendar in force; or nothing of it."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from access_factories import BUREAU, services_over

from engine.app.commands import Caller
from engine.app.commands.application import Application
from engine.app.commands.calendar import AdoptedYear, adopt_year
from engine.app.execution.calendar_change import STREAM
from engine.app.execution.recompute import MovedDeadline
from engine.app.queries.calendar import preview_year
from engine.calendars.import_file import read_calendar_year
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore
from engine.worktime.calendar import YearData

TEXT = """year: 2100
title: 示例
source: 示例
holidays: {元旦: 2100-01-01, 春节: 2100-02-09, 清明节: 2100-04-05, 劳动节: 2100-05-01, 端午节: 2100-06-12, 中秋节: 2100-09-18, 国庆节: 2100-10-01}
"""


@pytest.fixture
def services() -> Application:
    return services_over(MemoryStore(), BUREAU, people=True)


def year() -> YearData:
    data, problems = read_calendar_year("2100.yaml", TEXT.encode())
    assert data is not None, problems
    return data


def adopted(services: Application, folder: Path, person: str = "lena", **how: Any) -> AdoptedYear | Refusal:
    return adopt_year(services, Caller(person, **how), folder, year(), lambda: services.definitions.time)


def test_it_is_written_entered_and_in_force(services: Application, tmp_path: Path) -> None:
    found = adopted(services, tmp_path / "calendars")
    assert isinstance(found, AdoptedYear)
    assert (found.file.parent, list(found.moves)) == (tmp_path / "calendars", [])
    again, _ = read_calendar_year(str(found.file), found.file.read_bytes())
    assert again is not None
    assert (again.year, again.source) == (2100, "示例")
    assert 2100 in services.definitions.time.calendar.published
    with services.store.read() as transaction:
        (event,) = transaction.events.of(STREAM)
    digest = hashlib.sha256(found.file.read_bytes()).hexdigest()
    assert (event.actor, event.body["sha256"], event.body["moved"]) == ("lena", digest, 0)


@pytest.mark.parametrize(("person", "dry_run"), [("anna", False), ("lena", True)])
def test_refused_or_tried_it_changes_nothing(
    services: Application, tmp_path: Path, person: str, dry_run: bool
) -> None:
    found = adopted(services, tmp_path / "calendars", person, dry_run=dry_run)
    assert isinstance(found, AdoptedYear if dry_run else Refusal)
    assert not (tmp_path / "calendars").exists()
    assert 2100 not in services.definitions.time.calendar.published
    with services.store.read() as transaction:
        assert list(transaction.events.of(STREAM)) == []


def test_a_year_that_was_taken_up_is_read_as_it_was_written() -> None:
    move = MovedDeadline("c-1", "甲", "draft", date(2027, 3, 8), date(2027, 3, 10), True, False, False)
    adopted = AdoptedYear(Path("calendars/2027.yaml"), [move])
    assert AdoptedYear.from_json(adopted.as_json()) == adopted


def test_a_year_nobody_has_looked_at_is_not_replaced(services: Application, tmp_path: Path) -> None:
    """Two see that there is none and take one up: the second is refused, looks again, and may."""
    first = preview_year(services, "lena", year())
    assert not isinstance(first, Refusal)
    assert first.instead_of == ""
    taken = adopt_year(
        services, Caller("lena"), tmp_path, year(), lambda: first.time, instead_of=first.instead_of
    )
    assert isinstance(taken, Refusal)
    assert [reason.code for reason in taken.reasons] == ["overtaken"]
    again = preview_year(services, "lena", year(), in_force=lambda: first.time)
    assert not isinstance(again, Refusal)
    assert again.instead_of
    in_force = first.time
    assert not isinstance(
        adopt_year(services, Caller("lena"), tmp_path, year(), lambda: in_force, instead_of=again.instead_of),
        Refusal,
    )
