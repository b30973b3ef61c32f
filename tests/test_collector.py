"""The search for garbage is left out while blocks run, and is as it was when the last of them has ended."""

from __future__ import annotations

import gc
import subprocess
import sys
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


#: Prints how many values of the youngest and of the oldest there are after each of two blocks that make a thousand of them.
_LASTING = """
import gc
from engine.collector import unsearched
kept = []
for _ in range(2):
    gc.collect()
    before = len(gc.get_objects(generation=2))
    with unsearched(lasting=True):
        made = [[one] for one in range(1000)]
        kept.append(made)
        gc.set_threshold(10**6)
    print(len(gc.get_objects(generation=2)) - before >= 1000, len(gc.get_objects(generation=0)) < 1000, gc.get_freeze_count())
    gc.set_threshold(700)
"""


def test_what_the_first_lasting_block_makes_is_of_the_oldest_and_of_later_ones_it_is_looked_through() -> None:
    run = subprocess.run([sys.executable, "-c", _LASTING], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["True True 0", "False False 0"]


def test_what_was_set_aside_for_good_stays_there() -> None:
    program = """
import gc
from engine.collector import unsearched
gc.freeze()
before = gc.get_freeze_count()
with unsearched(lasting=True):
    pass
print(before == gc.get_freeze_count() > 0)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == "True\n"
