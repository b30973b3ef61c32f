"""What a played year came to: every row of it, counts of it, and where those of two years differ.

Rows are read from the database and the public site as they are stored, by names of columns that every commit since the first language
has. Digests of histories and of definitions are left in: that they differ is a difference like any other.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from engine.yamltext.plain import read_plain

#: Of each table that is compared: what its rows are called, and the columns that name a row.
TABLES = {
    "case": ("case", ("id",)),
    "event": ("entry", ("stream", "seq")),
    "publication": ("publication", ("id",)),
    "document": ("paper", ("case_id", "name")),
    "outbox": ("message", ("id",)),
}
#: Columns of those tables that are worked out of others, count writes, or hold what the sending of a message took.
LEFT_OUT = {
    *("rev", "head", "previous", "hash", "sha256", "id", "stream", "seq"),
    *("status", "attempts", "next_at", "sent_at", "error", "claims", "leases"),
}

#: In a path to a value: a place in a list, and the id of a case or of something of a case.
_PLACE, _NAMED = re.compile(r"\[\d+\]"), re.compile(r"\.[a-z_]+-\d+(?:/\w+)*")


@dataclass(frozen=True, slots=True)
class Intended:
    """A difference that is intended: the rows it is of, as a pattern, by how much numbers may differ, and the reason in both languages.

    Without `by`, a number must be 0 on one side, which is something new or something gone; with it, on neither.
    """

    rows: str
    because: str
    zh: str
    by: int | None = None
    #: Only where the year is played with a real register, which has more of everything.
    register: bool = False


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit that changed the language: what it is beside, what it brought, how often the time of a step it costs."""

    commit: str
    before: str
    what: str
    zh: str
    ratio: str
    differences: tuple[Intended, ...]


def listed(file: Path) -> tuple[list[Commit], list[Intended]]:
    """Return the commits of the list, and the differences between the first of them and today."""
    found, problems = read_plain(file.read_bytes(), file.name)
    assert not problems, problems
    commits = [
        Commit(**{**row, "differences": tuple(Intended(**one) for one in row.get("differences") or ())})
        for row in found["commits"]
    ]
    return commits, [Intended(**one) for one in found["today"]]


def rows_of(home: Path) -> dict[tuple[str, ...], dict[str, Any]]:
    """Return each row of a played year, by what it is and its name, as single values by their paths."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table, (called, named) in TABLES.items():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                name = tuple(str(row[column]) for column in named)
                if table == "event":
                    name = (row["kind"], *name)
                found[called, *name] = {
                    path: leaf
                    for column, value in dict(row).items()
                    if column not in LEFT_OUT
                    for path, leaf in _leaves(_opened(column, value), column)
                }
    site = home / "public"
    for path in sorted(site.rglob("*")):
        if path.is_file():
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found["page", path.relative_to(site).as_posix()] = {"text": digest}
    return found


def _opened(column: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return json.loads(value) if column in ("body", "payload") and isinstance(value, str) else value


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the single values, and lists of single values, with the names that lead to them."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, f"{path}.{key}")
    elif isinstance(value, list) and any(isinstance(one, (Mapping, list)) for one in value):
        for number, inner in enumerate(value):
            yield from _leaves(inner, f"{path}[{number}]")
    else:
        yield path, value


def row_differences(
    before: Mapping[tuple[str, ...], Mapping[str, Any]], after: Mapping[tuple[str, ...], Mapping[str, Any]]
) -> Counter[str]:
    """Return where two years differ, as ``entry advanced body.answers.not_asked``, and in how many rows.

    What only one of them has is ``entry advanced only before`` or ``only after``.
    """
    found: Counter[str] = Counter()
    for name in before.keys() | after.keys():
        called = " ".join(name[:2]) if name[0] == "entry" else name[0]
        if name not in before or name not in after:
            found[f"{called} only {'after' if name in after else 'before'}"] += 1
            continue
        was, now = before[name], after[name]
        for path in {
            _NAMED.sub(".ID", _PLACE.sub("[]", path))
            for path in was.keys() | now.keys()
            if was.get(path) != now.get(path)
        }:
            found[f"{called} {path}"] += 1
    return found


def counts_of(home: Path, figures: Mapping[str, Any]) -> dict[str, int]:
    """Return how many cases of each process ended in each state, steps, entries, deadlines, publications, papers and messages there are.

    `figures` is the summary of the year; of each deadline the least and the most calendar days are counted too.
    """
    counts: Counter[str] = Counter()
    spans: dict[str, set[int]] = {}
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as connection:
        process: dict[str, str] = {}
        for case, workflow, state in connection.execute('SELECT id, workflow, state FROM "case"'):
            process[case] = workflow
            counts[f"case {workflow} {state}"] += 1
        for stream, kind, body in connection.execute("SELECT stream, kind, body FROM event"):
            if stream not in process:
                continue
            said = json.loads(body)
            kind_of = (
                f"step {process[stream]} {said['step']}"
                if kind == "advanced"
                else f"entry {process[stream]} {kind}"
            )
            counts[kind_of] += 1
            for clock, set_ in (said.get("clocks") or {}).items():
                if set_ and set_.get("due_on"):
                    name = f"{process[stream]} {clock}"
                    counts[f"deadline {name}"] += 1
                    begun = date.fromisoformat(set_["started_at"][:10])
                    spans.setdefault(name, set()).add((date.fromisoformat(set_["due_on"]) - begun).days)
        for kind, late in connection.execute("SELECT kind, late FROM publication"):
            counts[f"publication {kind}"] += 1
            counts[f"publication {kind} late"] += bool(late)
        for (kind,) in connection.execute("SELECT kind FROM document"):
            counts[f"paper {kind}"] += 1
        for (payload,) in connection.execute("SELECT payload FROM outbox WHERE kind = 'message'"):
            counts[f"message {json.loads(payload)['about']}"] += 1
    for name, days in spans.items():
        counts[f"days {name} least"], counts[f"days {name} most"] = min(days), max(days)
    for name, value in figures.items():
        if isinstance(value, int):
            counts[f"figure {name}"] = value
    return dict(sorted(counts.items()))


def unlisted_rows(found: Iterable[str], intended: Iterable[Intended]) -> list[str]:
    """Return the differences between rows that no intended one is of."""
    patterns = [one.rows for one in intended]
    return sorted(one for one in found if not any(fnmatchcase(one, pattern) for pattern in patterns))


def unlisted_counts(
    before: Mapping[str, int], after: Mapping[str, int], intended: Iterable[Intended]
) -> list[str]:
    """Return the counts that differ and that no intended difference is of, each with both numbers."""
    listed_ = tuple(intended)
    return [
        f"{name}: {was} {now}"
        for name in sorted(before.keys() | after.keys())
        for was, now in [(before.get(name, 0), after.get(name, 0))]
        if was != now and not any(_covers(one, name, was, now) for one in listed_)
    ]


def _covers(intended: Intended, name: str, was: int, now: int) -> bool:
    if not fnmatchcase(name, intended.rows):
        return False
    if 0 in (was, now):
        return intended.by is None
    return intended.by is not None and abs(was - now) <= intended.by


def unused(intended: Iterable[Intended], found: Iterable[str]) -> list[str]:
    """Return the patterns of the list that are of no difference that was found."""
    names = tuple(found)
    return [one.rows for one in intended if not any(fnmatchcase(name, one.rows) for name in names)]
