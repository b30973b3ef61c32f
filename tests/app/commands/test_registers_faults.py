"""The n-th store or clock call of a register import fails, for every n: all of it or nothing, and it can be done again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from register_fixtures import by, entries, events, register_file, small_application
from watched_store import Fault, WatchedStore

from engine.app.commands.registers import ImportOutcome, import_register, undo_import
from engine.app.ports.store import ENVIRONMENT_ERRORS
from engine.kernel.refusal import Refusal

TEXT = "id,name\nE1,示例一\nE2,示例二\n"
NEXT = "id,name\nE1,改名\nE3,示例三\n"
ERRORS: dict[str, Callable[[], BaseException]] = {"disk": lambda: OSError(5, "I/O"), "memory": MemoryError}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("act", ["import", "undo"])
def test_the_nth_call_fails(error: str, act: str, tmp_path: Path) -> None:
    first, second = (register_file(tmp_path, "objects", text) for text in (TEXT, NEXT))
    for n in count(1):
        application = small_application()
        assert isinstance(import_register(application, by(), "objects", first), ImportOutcome)
        store = application.store
        before = entries(application, "objects")
        fault = Fault(ERRORS[error], n)

        def run(application: Any = application) -> object:
            if act == "import":
                return import_register(application, by(request_id="r-1"), "objects", second)
            return undo_import(application, by(request_id="r-1"), "objects")

        application.store = WatchedStore(store, fault)
        with suppress(*ENVIRONMENT_ERRORS):
            run()
        application.store = store
        count_of_entries = len(events(application, "register:objects"))
        # What the register holds and what its history says are of one mind.
        assert (entries(application, "objects") != before) == (count_of_entries == 2), (n, fault.calls[-1])
        answer = run()
        assert not isinstance(answer, Refusal), str(answer)
        # Sent again under its id it has acted once, whether or not the first was kept.
        assert len(events(application, "register:objects")) == 2, (n, fault.calls[-1])
        if not fault.reached:
            break
    assert n > 10
