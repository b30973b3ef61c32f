"""The sweep by hand writes the rows of the product's."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from two_sides import ANSWERS, both, later, on_postgresql, put_back, rows, rows_of_server

from benchmarks.honest import schema
from benchmarks.honest.advance_sqlite import Advances
from benchmarks.honest.sweep import Sweep
from benchmarks.inputs import deadlines
from engine.app.timers.fire_due import fire_due
from engine.kernel.refusal import Refusal

DEADLINES = deadlines()


def _due(path: Path) -> str | None:
    connection = sqlite3.connect(path)
    (at,) = connection.execute("SELECT min(at) FROM timer WHERE error IS NULL").fetchone()
    connection.close()
    return str(at) if at else None


def test_every_reminder_and_the_missed_deadline(tmp_path: Path) -> None:
    with both(5, tmp_path) as (application, clock, path, copy):
        hand = Sweep(schema.sqlite(copy), DEADLINES)
        fired = 0
        while (at := _due(path)) is not None:
            clock.set(schema.instant_of(at))
            swept = fire_due(application)
            assert hand.run(clock.now()) == (swept.fired, swept.set_aside)
            fired += swept.fired
        assert fired == 20
        hand.connection.close()
        assert rows(copy) == rows(path)


@pytest.mark.parametrize("days", [15, 24, 40])
def test_what_comes_late_says_so_and_is_not_said_twice(days: int, tmp_path: Path) -> None:
    with both(3, tmp_path) as (application, clock, path, copy):
        clock.set(later(24 * days + 3))
        hand = Sweep(schema.sqlite(copy), DEADLINES)
        swept = fire_due(application)
        assert hand.run(clock.now()) == (swept.fired, swept.set_aside)
        hand.connection.close()
        assert rows(copy) == rows(path)


def test_a_reminder_names_the_step_that_leads_on(tmp_path: Path) -> None:
    with both(2, tmp_path) as (application, clock, path, copy):
        acts = Advances(copy, DEADLINES, clock.now)
        given = application.advance("visit-1", "go", "insp-1", ANSWERS, request_id="r-1")
        assert not isinstance(given, Refusal), str(given)
        acts.advance("visit-1", "go", "insp-1", ANSWERS, None, request="r-1")
        acts.close()
        clock.set(schema.instant_of(_due(path) or ""))
        hand = Sweep(schema.sqlite(copy), DEADLINES)
        swept = fire_due(application)
        assert hand.run(clock.now()) == (swept.fired, swept.set_aside) == (2, 0)
        hand.connection.close()
        ours = rows(path)
        assert rows(copy) == ours
        assert "（visit-1）的“在此”2024-03-29到期，请办理“结束”" in str(ours["outbox"])
        assert '（visit-2）的“在彼”2024-03-29到期"' in str(ours["outbox"])


def test_more_than_a_batch(tmp_path: Path) -> None:
    with both(1203, tmp_path) as (application, clock, path, copy):
        clock.set(schema.instant_of(_due(path) or ""))
        hand = Sweep(schema.sqlite(copy), DEADLINES)
        swept = fire_due(application)
        assert hand.run(clock.now()) == (swept.fired, swept.set_aside) == (1203, 0)
        hand.connection.close()
        assert rows(copy) == rows(path)


def test_timers_of_nobody_and_of_a_lost_process(tmp_path: Path) -> None:
    with both(2, tmp_path) as (application, clock, path, copy):
        clock.set(later(24 * 14))
        for file in (path, copy):
            connection = sqlite3.connect(file)
            connection.execute(
                "INSERT INTO timer VALUES ('gone-1', 'there', '2024-03-14T00:00:00.000000Z', 0, NULL)"
            )
            connection.execute("UPDATE \"case\" SET workflow = 'lost' WHERE id = 'visit-2'")
            connection.commit()
            connection.close()
        hand = Sweep(schema.sqlite(copy), DEADLINES)
        clock.set(schema.instant_of("2024-03-15T01:00:00.000000Z"))
        swept = fire_due(application)
        assert hand.run(clock.now()) == (swept.fired, swept.set_aside) == (2, 1)
        hand.connection.close()
        ours, theirs = rows(path), rows(copy)
        errors = [dict(row).get("error") for row in (*ours.pop("timer"), *theirs.pop("timer"))]
        assert len([one for one in errors if one]) == 2
        assert ours == theirs


def test_on_postgresql_the_rows_are_the_same(postgres_database: str) -> None:
    with on_postgresql(postgres_database, 3) as (application, clock, address):
        clock.set(later(24 * 24 + 3))
        before = rows_of_server(address)
        swept = fire_due(application)
        ours = rows_of_server(address)
        put_back(address, before)
        server = Sweep(schema.postgresql(address), DEADLINES, server=True)
        assert server.run(clock.now()) == (swept.fired, swept.set_aside)
        server.connection.close()
        assert rows_of_server(address) == ours


def test_what_another_holds_is_left(postgres_database: str) -> None:
    with on_postgresql(postgres_database, 3) as (_, clock, address):
        clock.set(later(24 * 15))
        other = psycopg.connect(address)
        other.execute("SELECT 1 FROM \"case\" WHERE id = 'visit-2' FOR UPDATE")
        server = Sweep(schema.postgresql(address), DEADLINES, server=True)
        assert server.run(clock.now())[0] == 2
        other.rollback()
        assert server.run(clock.now())[0] == 1
        other.close()
        server.connection.close()
