"""The one bound in seconds that tests wait within: it ends a run that hangs, and says nothing about speed.

Tests wait for the event itself: the end of a process, a line of a log, a row in the store. Whatever the machine, that
comes, or never does.
"""

from __future__ import annotations

import time
from collections.abc import Callable

#: Seconds after which a test has hung. An hour: no single wait of the suite takes a minute on a machine of its own,
#: and one that gets a twentieth of a machine must not be told that it hangs.
HUNG = 3600.0
#: Seconds between two looks at something that gives no sign by itself.
LOOK = 0.02


def until(what: Callable[[], object], told: Callable[[], object] = lambda: "it did not come about") -> None:
    """Wait until `what` holds; `told` says what there is instead when the run has hung."""
    end = time.monotonic() + HUNG
    while not what():
        assert time.monotonic() < end, told()
        time.sleep(LOOK)
