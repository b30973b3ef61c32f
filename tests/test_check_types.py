"""Everything tests share is named to mypy."""

from __future__ import annotations

from tests.check_types import command, shared_modules


def test_what_tests_share_is_named_once() -> None:
    names = shared_modules()
    assert len(names) == len(set(names))
    assert {"bureau_factories", "tests.made_once", "interleave"} <= set(names)
    words = command(["--strict"])
    assert words.count("-m") == 1 + len(names)
    assert words[3] == "--strict"
