"""Workers that begin at once share the rewriting of assertions: each does a part of the files before it collects them all.

Every worker collects every test. Where nothing is kept from an earlier run, each would rewrite each file: most of what
collecting costs. What one has rewritten the others find beside it, as in the next run.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest


def rewrite_part(config: pytest.Config) -> int:
    """Rewrite this worker's part of the files that will be collected; returns how many it was, 0 in a run without workers."""
    given = getattr(config, "workerinput", None)
    if given is None or sys.dont_write_bytecode:
        return 0
    number, count = int(given["workerid"].removeprefix("gw")), int(given["workercount"])
    return keep_rewritten(files_of(config.args)[number::count], config)


def files_of(named: Iterable[str]) -> list[Path]:
    """Return the test files of paths, as the command line has them, in one order for all workers."""
    found: set[Path] = set()
    for one in named:
        path = Path(one.partition("::")[0])
        found.update(path.rglob("test_*.py") if path.is_dir() else [path])
    return sorted(path.resolve() for path in found if path.suffix == ".py")


def keep_rewritten(files: Iterable[Path], config: pytest.Config) -> int:
    """Rewrite files that are not kept rewritten, and keep them; returns how many it was. None where pytest does that otherwise."""
    try:
        from _pytest.assertion.rewrite import (
            PYC_TAIL,
            _read_pyc,
            _rewrite_test,
            _write_pyc,
            assertstate_key,
            get_cache_dir,
            try_makedirs,
        )
    except ImportError:
        return 0
    done = 0
    for file in files:
        folder = get_cache_dir(file)
        kept = folder / f"{file.stem}{PYC_TAIL}"
        if _read_pyc(file, kept) is None and try_makedirs(folder):
            source, code = _rewrite_test(file, config)
            done += _write_pyc(config.stash[assertstate_key], code, source, kept)
    return done
