"""The search for garbage: left out while a bounded piece of work makes many values that end with it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_lock = Lock()
#: How many blocks run now.
_running = 0
#: Whether garbage was searched for before the first of them began.
_searched = True
#: Whether a block whose values last has ended before.
_begun = False


@contextmanager
def unsearched(*, lasting: bool = False) -> Iterator[None]:
    """Let nobody search for garbage while the block runs; blocks of several threads may overlap.

    What a batch makes, some ten thousand values, goes when it ends, by its counts of references alone. To look through them,
    and through everything else the process holds, several times meanwhile takes a fifth of the time.

    With `lasting`, what the first such block of a process has made is taken for what the process lives with: it is not looked
    through as soon as the block ends, but with the oldest values. Of later blocks it is, or a process that works the same
    thing out again and again would keep what each left behind.
    """
    global _running, _searched, _begun  # noqa: PLW0603 - the search is one for the process
    with _lock:
        if not _running:
            _searched = gc.isenabled()
            gc.disable()
        _running += 1
    try:
        yield
    finally:
        with _lock:
            _running -= 1
            if lasting and not _begun:
                _begun = True
                # Back from there they are of the oldest; whoever has set values aside for good keeps them there.
                if not gc.get_freeze_count():
                    gc.freeze()
                    gc.unfreeze()
            if not _running and _searched:
                gc.enable()
