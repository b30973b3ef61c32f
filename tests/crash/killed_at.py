"""A process killed at its n-th change of a file: the calls that change names and disks are counted, and one is the last.

The work runs in a forked child that leaves by `os._exit`, so that no `finally` and no `except` of it runs, as with a kill.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

#: What changes the names or the content on the disk, as `pathlib`, `shutil` and `tempfile` call it.
CALLS = ("rename", "replace", "unlink", "remove", "rmdir", "mkdir", "fsync", "chmod", "link", "truncate")
KILLED = 137
FAILED = 9


def killed_at(
    number: int,
    work: Callable[[], object],
    calls: tuple[str, ...] = CALLS,
    also: Sequence[tuple[Any, str]] = (),
) -> bool:
    """Run `work` in a child that dies before its call `number` (from 1); tells whether it came to that call.

    `also` are functions, each by what has it and its name, that count as well.
    """
    child = os.fork()
    if child == 0:
        code = FAILED
        try:
            _count(calls, number, lambda: os._exit(KILLED), also)
            work()
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    ended = os.waitstatus_to_exitcode(status)
    assert ended in (0, KILLED), f"the work itself failed before call {number}: {ended}"
    return ended == KILLED


def failing_at(number: int, work: Callable[[], object], calls: tuple[str, ...] = CALLS) -> bool:
    """Run `work` here with its call `number` refused by the system; tells whether it came to that call."""
    seen = _count(calls, number, _refuse)
    try:
        work()
    finally:
        for name, original in seen.originals.items():
            setattr(os, name, original)
    return seen.count >= number


class _Seen:
    def __init__(self) -> None:
        self.count = 0
        self.originals: dict[str, Any] = {}


def _refuse() -> None:
    raise OSError(28, "No space left on device")


def _count(
    calls: tuple[str, ...], number: int, act: Callable[[], object], also: Sequence[tuple[Any, str]] = ()
) -> _Seen:
    seen = _Seen()

    def counted(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            seen.count += 1
            if seen.count == number:
                act()
            return original(*args, **kwargs)

        return call

    for name in calls:
        seen.originals[name] = getattr(os, name)
        setattr(os, name, counted(seen.originals[name]))
    for place, name in also:
        setattr(place, name, counted(getattr(place, name)))
    return seen
