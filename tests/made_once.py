"""What many tests begin from is made once in a run of the tests, however many workers there are; each works on copies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.runtime.lock import ExclusiveFile


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a copy, for this worker alone, of the folder `make` fills, which only the first worker that asks does.

    `name` stands for what is made: the same name everywhere, the same `make`. A folder that was not filled to its end
    is filled anew by the next who asks.
    """
    place = _of_the_run(factory) / name
    place.parent.mkdir(exist_ok=True)
    with ExclusiveFile(place.with_name(f"{name}.lock")):
        if not place.exists():
            begun = place.with_name(f"{name}.begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            make(begun)
            begun.rename(place)
    return shutil.copytree(place, factory.mktemp(name) / "copy")


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    """Return the folder all workers of this run share."""
    base = factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "made-once"
