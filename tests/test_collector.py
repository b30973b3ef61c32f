"""The search for garbage is left out while blocks run, and is as it was when the last of them has ended."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from engine.collector import unsearched


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = gc.isenabled()
    yield
    (gc.enable if before else gc.disable)()


def test_nobody_searches_while_a_block_runs() -> None:
    gc.enable()
    with unsearched():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_blocks_may_overlap() -> None:
    gc.enable()
    first, second = ExitStack(), ExitStack()
    first.enter_context(unsearched())
    second.enter_context(unsearched())
    first.close()
    assert not gc.isenabled()
    second.close()
    assert gc.isenabled()


def test_what_a_block_raises_ends_it() -> None:
    gc.enable()
    with pytest.raises(KeyError), unsearched():
        raise KeyError
    assert gc.isenabled()


def test_whoever_does_not_search_at_all_does_not_begin_to() -> None:
    gc.disable()
    with unsearched():
        pass
    assert not gc.isenabled()
