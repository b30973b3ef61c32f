"""Pages and counts of the list of tasks in SQL: each reads by an index from its place on, and no further than it shows.

What differs from one list to another is in the parameters; a statement is compiled once for each shape of a query.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from engine.app.ports.task_query import NEVER, TaskPlace, TaskQuery
from engine.store.sql.kept.kept_statements import kept, made
from engine.store.sql.prepared import DriverConnection

if TYPE_CHECKING:
    from engine.store.sql.core import task_pages as core
else:
    core = kept("task_pages")


def page(
    driver: DriverConnection,
    wanted: TaskQuery,
    limit: int,
    after: TaskPlace | None,
    before: TaskPlace | None,
) -> list[Any]:
    """Return at least the rows of the first `limit` cases behind a place, or in front of one, in no order.

    Of everybody (without keys) due instants and cases alone.
    """
    if wanted.keys == ():
        return []
    place = before or after
    kind = "" if place is None else "undated" if place.due == NEVER else "dated"
    values = {"most": limit, "due": place.due, "case": place.case} if place else {"most": limit}
    return list(_run(driver, wanted, values, counts=False, place=kind, backwards=before is not None))


def count(driver: DriverConnection, wanted: TaskQuery, most: int) -> int:
    """Return how many cases fit, or at least `most` where there are so many."""
    if wanted.keys == ():
        return 0
    found = _run(driver, wanted, {"most": most}, counts=True, place="", backwards=False)
    return int(next(iter(found))[0])


def of_cases(driver: DriverConnection, wanted: TaskQuery, cases: Sequence[str]) -> Sequence[Any]:
    """Return the rows of these cases that fit."""
    # Of the section afterwards: asked for in the statement, it is read by the index of the section, row by row.
    found = driver.connection.execute(core.of_cases(cases)).all()
    return [row for row in found if wanted.section in (None, row.section)]


def _run(
    driver: DriverConnection,
    wanted: TaskQuery,
    values: dict[str, Any],
    *,
    counts: bool,
    place: str,
    backwards: bool,
) -> Iterator[Any]:
    words: list[str] = ["dated"] if wanted.dated else []
    for name, asked in (
        ("section", wanted.section),
        ("workflow", wanted.workflow),
        ("due_from", wanted.due_from and wanted.due_from.isoformat()),
        ("due_to", wanted.due_to and wanted.due_to.isoformat()),
        ("earliest", wanted.earliest),
        ("latest", wanted.latest),
    ):
        if asked is not None:
            words.append(name)
            values[name] = asked
    keys = None if wanted.keys is None else tuple(dict.fromkeys(wanted.keys))
    values |= {f"key{number}": key for number, key in enumerate(keys or ())}
    values |= {f"open{number}": person for number, person in enumerate(wanted.open_to or ())}
    statement = made(
        "task_pages",
        "counted" if counts else "page",
        None if keys is None else len(keys),
        None if wanted.open_to is None else len(wanted.open_to),
        " ".join(words),
        place,
        backwards,
        driver.on_server,
    )
    return iter(driver.run(statement, tuple(values[name] for name in statement.binds)))
