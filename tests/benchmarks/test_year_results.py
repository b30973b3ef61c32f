"""Rows and counts of a year, where two of them differ, and the list of differences that are intended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.language_years import LIST, tables
from benchmarks.year_results import (
    Intended,
    counts_of,
    listed,
    row_differences,
    rows_of,
    unlisted_counts,
    unlisted_rows,
    unused,
)
from tests.demonstration import demonstration

#: What the demonstration's year came to at the commit before the language (a35e15a5e).
BEFORE = Path(__file__).parent / "year_before_language.json"
DOCS = Path(__file__).parents[2] / "docs" / "explanation"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory)


@pytest.fixture(scope="module")
def before() -> Mapping[str, int]:
    found: Mapping[str, int] = json.loads(BEFORE.read_text(encoding="utf-8"))
    return found


def test_what_differs_from_the_year_before_the_language_is_intended(
    year: Path, before: Mapping[str, int]
) -> None:
    """Cases by process and state, steps, deadlines and their days, publications, papers, messages and the figures of the summary."""
    today = counts_of(year / "demo", json.loads((year / "found.json").read_text(encoding="utf-8")))
    _, intended = listed(LIST)
    # What is listed of a real register alone is no excuse for the year of the demonstration.
    intended = [one for one in intended if not one.register]
    assert unlisted_counts(before, today, intended) == []
    changed = [line.partition(":")[0] for line in unlisted_counts(before, today, ())]
    assert unused(intended, changed) == []


def test_rows_of_a_year_are_read_whole(year: Path) -> None:
    rows = rows_of(year / "demo")
    kinds = {name[0] for name in rows}
    assert kinds == {"case", "entry", "publication", "paper", "message", "page"}
    with closing(sqlite3.connect(year / "demo" / "data" / "ssj.db")) as connection:
        (events,) = connection.execute("SELECT count(*) FROM event").fetchone()
    assert sum(name[0] == "entry" for name in rows) == events
    assert row_differences(rows, rows) == {}


def test_where_rows_differ_is_said_by_what_they_are_and_the_path() -> None:
    was: Mapping[tuple[str, ...], Mapping[str, object]] = {
        ("case", "a"): {"state": "open"},
        ("entry", "advanced", "a", "1"): {"body.rows[0].x": 1, "body.a-1/2": 1},
    }
    now: Mapping[tuple[str, ...], Mapping[str, object]] = {
        ("entry", "advanced", "a", "1"): {"body.rows[0].x": 2, "body.a-1/2": 2},
        ("page", "p"): {"text": ""},
    }
    found = row_differences(was, now)
    assert found == {
        "case only before": 1,
        "entry advanced body.rows[].x": 1,
        "entry advanced body.ID": 1,
        "page only after": 1,
    }
    assert unlisted_rows(found, [Intended("entry *", "", ""), Intended("page only after", "", "")]) == [
        "case only before"
    ]


def test_a_count_is_covered_where_something_is_new_or_gone_or_differs_little() -> None:
    was, now = {"a": 1, "b": 4, "c": 2}, {"b": 9, "c": 3, "d": 1}
    assert unlisted_counts(was, now, [Intended("[ad]", "", ""), Intended("*", "", "", by=4)]) == ["b: 4 9"]
    assert unlisted_counts(was, now, [Intended("?", "", "")]) == ["b: 4 9", "c: 2 3"]
    assert unlisted_counts(was, now, [Intended("?", "", "", by=9)]) == ["a: 1 0", "d: 0 1"]
    assert unused([Intended("x*", "", ""), Intended("a", "", "")], ["a"]) == ["x*"]


def test_a_step_costs_at_most_a_tenth_more_with_each_commit_of_the_language() -> None:
    commits, _ = listed(LIST)
    assert len(commits) >= 15
    assert [one.commit for one in commits if float(one.ratio or 0) > 1.1] == []
    texts = [
        text
        for one in commits
        for text in (
            one.what,
            one.zh,
            *(d.because for d in one.differences),
            *(d.zh for d in one.differences),
        )
    ]
    assert all(texts)


@pytest.mark.parametrize(("page", "chinese"), [("patterns.md", False), ("patterns.zh-CN.md", True)])
def test_the_page_has_the_tables_of_the_list(page: str, chinese: bool) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert [table for table in tables(chinese=chinese) if table not in text] == []
