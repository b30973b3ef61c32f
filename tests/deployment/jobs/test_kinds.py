"""The kinds of jobs; that each has its handler is held by `test_handlers`."""

from __future__ import annotations

from engine.deployment.jobs.kinds import ARCHIVE, KINDS, PAPERS


def test_no_kind_stands_twice() -> None:
    assert set(KINDS) == {ARCHIVE, PAPERS}
    assert len(KINDS) == len(set(KINDS))
