"""Each lock of the PostgreSQL server has a number of its own: two with one number wait for each other for ever."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import engine.store

ROOT = Path(engine.store.__file__).parent
#: Where a number is written: the leader, the positions of row statements, the revision of the tables.
PLACES = {"sql/leader_election.py", "sql/core/statements.py", "sql/revision_check.py"}


def numbers() -> list[tuple[int, str]]:
    """Return the numbers of locks and the modules they are in."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "advisory" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            value = node.value if isinstance(node, ast.Constant) else None
            texts = [str(value)] if isinstance(value, int) and not isinstance(value, bool) else []
            if isinstance(value, str) and "advisory" in value:
                texts = re.findall(r"\d{6,}", value)
            found += [(int(one), path.relative_to(ROOT).as_posix()) for one in texts if len(one) >= 6]
    return found


def test_no_two_locks_have_one_number() -> None:
    every = numbers()
    assert {place for _, place in every} == PLACES
    assert len({number for number, _ in every}) == len(every)
