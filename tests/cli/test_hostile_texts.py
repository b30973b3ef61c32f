"""Hostile texts: refused at every entrance, and shown as what they are at every outlet where one was kept before."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from command_fixtures import Said, ssj
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.formula_guard import guarded
from engine.kernel.plain_text import find_forbidden

MARK = "MARKE"
FORGED = "x\nbatch-99\tarchived\tforged"
PARTS = [
    "\x1b[2J\x1b[31m",
    "\x07",
    "\r",
    "\x00",
    "\x7f",
    "\x9b1m",
    "\u202e",
    "\u2066",
    "\u2028",
    "\U000e0041",
    FORGED,
]
HALVES = ["\udcff\udcfe", "\ud800"]
HARMLESS = [
    "=1+1",
    "+1-2",
    "-1+cmd|' /C calc'!A0",
    "＝1+1",
    "{a.__class__}",
    "{0!r:>99}",
    "=?utf-8?q?=0ABcc:?=",
    "甲",
]

TEXTS = st.builds(
    lambda parts, at: "".join(parts)[at:] or "甲",
    st.lists(st.sampled_from([*PARTS, *HALVES, *HARMLESS]) | st.text(max_size=5), min_size=1, max_size=4),
    st.integers(0, 2),
)

ENTRANCES: dict[str, list[str]] = {
    "title": ["case", "start", "batch", "--title", MARK, "--as", "leading"],
    "person": ["case", "start", "batch", "--title", "甲", "--as", MARK],
    "request": ["case", "start", "batch", "--title", "甲", "--as", "leading", "--request-id", MARK],
    "workflow": ["case", "start", MARK, "--title", "甲", "--as", "leading"],
    "section": ["case", "start", "batch", "--title", "甲", "--section", MARK, "--as", "leading"],
    "reason": ["task", "advance", "batch-1", "withdraw", "--reason", MARK, "--as", "leading"],
    "step": ["task", "advance", "batch-1", MARK, "--as", "leading"],
    "case": ["task", "claim", MARK, "--as", "leading"],
    "reassign": ["task", "reassign", "batch-1", "--to", MARK, "--reason", MARK, "--as", "leading"],
    "name": ["user", "add", "new-1", "--name", MARK, "--section", "office", "--as", "registrar"],
    "user": ["user", "add", MARK, "--name", "甲", "--as", "registrar"],
    "token": ["user", "token", "create", "head", "--label", MARK, "--as", "head"],
    "label": ["register", "label", "inspectors", "insp-01", "--add", MARK, "--as", "registrar"],
    "delegation": [
        *("delegation", "add", "head", "deputy", "--from", "2030-01-01", "--to", "2030-01-02"),
        *("--reason", MARK, "--as", "head"),
    ],
    "incident": ["incident", "dismiss", MARK, "--reason", MARK, "--as", "leading"],
    "inbox": ["inbox", "ack", MARK, "--as", "head"],
    "viewer": ["case", "list", "--as", MARK],
    "filter": ["case", "list", "--workflow", MARK, "--as", "head"],
    "command": [MARK],
}  # fmt: skip

OUTLETS: dict[str, list[str]] = {
    "cases": ["case", "list"],
    "cases table": ["case", "list", "--format", "table"],
    "cases csv": ["case", "list", "--format", "csv"],
    "cases json": ["case", "list", "--json"],
    "case": ["case", "show", "batch-1"],
    "case json": ["case", "show", "batch-1", "--json"],
    "history": ["case", "history", "batch-1"],
    "history json": ["case", "history", "batch-1", "--json"],
    "tree": ["case", "tree", "batch-1"],
    "task": ["task", "show", "batch-1"],
    "tasks": ["task", "list"],
    "tasks csv": ["task", "list", "--format", "csv"],
    "feed": ["task", "calendar", "--as", "leading"],
    "people": ["user", "list"],
    "people csv": ["user", "list", "--format", "csv"],
    "person": ["user", "show", "new-1"],
    "tokens": ["user", "token", "list", "--as", "head"],
    "delegations": ["delegation", "list", "--all"],
    "register": ["register", "list", "people"],
    "entry": ["register", "show", "people", "new-1"],
    "changes": ["register", "history", "people"],
    "incidents": ["incident", "list"],
    "supervision": ["report", "supervision"],
    "refused": ["task", "claim", "batch-1", "--as", "head", "--dry-run"],
}  # fmt: skip


def run(words: list[str], home: Path, text: str = MARK) -> Said:
    return ssj(*(word.replace(MARK, text) for word in words), home=home)


def lines_of(shown: str) -> int:
    """Return how many lines a terminal shows; there is nothing else on it than lines and tabs."""
    assert find_forbidden(shown.replace("\r\n", "\n"), lines=True) is None, ascii(shown)
    return shown.count("\n")


def rows_of(shown: str) -> int:
    """Return how many rows a spreadsheet shows."""
    return len(list(csv.reader(io.StringIO(shown, newline=""))))


def kept(home: Path) -> Iterator[tuple[str, str]]:
    """Yield every text in the database with where it stands."""
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as database:
        for table, column in text_columns(database):
            for value in values_of(database, table, column):
                if isinstance(value, str):
                    yield f"{table}.{column}", value


def values_of(database: sqlite3.Connection, table: str, column: str) -> list[Any]:
    # The names of tables and columns are the program's own.
    return [value for (value,) in database.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')]  # noqa: S608


def text_columns(database: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return [(table, row[1]) for table in tables for row in database.execute(f'PRAGMA table_info("{table}")')]


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


def parsed(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value


@pytest.fixture(scope="module")
def marked(made: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A deployment in which the mark stands wherever a text can be kept."""
    home = tmp_path_factory.mktemp("hostile") / "bureau"
    shutil.copytree(made[0], home)
    for name in ("title", "name", "token", "label", "delegation"):
        said = run(ENTRANCES[name], home)
        assert said.code == 0, said.err
    run(ENTRANCES["reason"], home)
    return home


def database_of(home: Path) -> Path:
    (found,) = home.rglob("*.db")
    return found


def spoilt(marked: Path, place: Path, text: str) -> Path:
    """Return a copy of the deployment in which the mark is another text, as an older version may have kept it."""
    shutil.copytree(marked, place)
    with closing(sqlite3.connect(database_of(place))) as database:
        for table, column in text_columns(database):
            for value in values_of(database, table, column):
                if isinstance(value, str) and MARK in value:
                    whole = parsed(value)
                    new = (
                        value.replace(MARK, text)
                        if isinstance(whole, str)
                        else json.dumps(whole, ensure_ascii=False).replace(MARK, json.dumps(text)[1:-1])
                    )
                    change = f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?'  # noqa: S608
                    database.execute(change, (new, value))
        database.commit()
    return place


@settings(max_examples=12, deadline=None)
@given(name=st.sampled_from(list(ENTRANCES)), text=TEXTS)
def test_no_entrance_keeps_a_hostile_text(name: str, text: str, marked: Path) -> None:
    home = marked.with_name("entered")
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(marked, home)
    said = run(ENTRANCES[name], home, text)
    assert said.code in (0, 1, 2), said.err
    lines_of(said.out)
    lines_of(said.err)
    if find_forbidden(text) is not None:
        assert said.code != 0 or name in ("filter", "inbox")
    for where, value in kept(home):
        for one in texts_in(parsed(value)):
            assert find_forbidden(one, lines=True) is None, (where, ascii(one))


@pytest.fixture(scope="module")
def plainly(marked: Path) -> dict[str, Said]:
    """What every outlet says where the mark stands."""
    return {name: run(words, marked) for name, words in OUTLETS.items()}


@pytest.mark.parametrize("text", ["".join(PARTS), FORGED, HARMLESS[2]], ids=ascii)
def test_what_was_kept_is_shown_as_what_it_is(
    text: str, marked: Path, plainly: dict[str, Said], tmp_path: Path
) -> None:
    home = spoilt(marked, tmp_path / "bureau", text)
    seen = False
    for name, words in OUTLETS.items():
        plain, shown = plainly[name], run(words, home)
        assert shown.code == plain.code, (name, shown.err)
        if name.endswith("csv"):
            # A cell may have lines; it is in quotes.
            assert rows_of(shown.out) == rows_of(plain.out), name
        elif name != "feed":
            assert lines_of(shown.out) == lines_of(plain.out), name
        assert lines_of(shown.err) == lines_of(plain.err), name
        seen = seen or shown.out != plain.out
        if name.endswith("json"):
            assert json.loads(shown.out.replace(MARK, "")) is not None
        if name.endswith("csv"):
            for row in csv.reader(io.StringIO(shown.out, newline="")):
                assert all(guarded(cell) == cell for cell in row), row
    assert seen


@pytest.mark.parametrize("text", ["".join(PARTS), FORGED, "=1+1"], ids=ascii)
def test_files_hold_no_control_characters(text: str, marked: Path, tmp_path: Path) -> None:
    home = spoilt(marked, tmp_path / "bureau", text)
    week = tmp_path / "week.html"
    assert ssj("task", "week", "--section", "office", "--html", week, "--as", "head", home=home).code == 0
    package = tmp_path / "batch-1.zip"
    assert ssj("archive", "pack", "batch-1", package, home=home).code in (0, 1)
    feed = ssj("task", "calendar", "--as", "leading", home=home).out
    for written in (week.read_text("utf-8"), feed.replace("\r\n", "\n")):
        assert find_forbidden(written, lines=True) is None
    for line in feed.split("\r\n"):
        assert re.match(r"[A-Z ]|$", line), line


@pytest.mark.parametrize(
    "words",
    [
        ("case", "history", "\udcff\udcfe", "--as", "leading"),
        ("case", "start", "visit", "--about", "\udcff", "--as", "leading"),
        ("user", "sheet", "甲\udcff"),
        ("case", "list", "--state=\udcfe"),
    ],
)
def test_bytes_that_are_no_text_are_refused_whatever_they_are_for(words: tuple[str, ...]) -> None:
    result = ssj(*words)
    assert result.code == 2
    assert "个词不是 UTF-8 文字" in result.err
