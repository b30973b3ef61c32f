"""A calendar year whose import was broken off: its file follows the transaction that announced it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.app.execution.calendar_change import finish_change
from engine.deployment.home import Home
from engine.deployment.open import open_deployment_store
from engine.files.journal import UNFINISHED_YEAR
from engine.language import Message, say


def settle_year(home: Home) -> Iterator[Message]:
    """Give a year its file where its transaction was committed, and take back the file where it was not."""
    store = open_deployment_store(home)
    try:
        done = finish_change(store, home.calendars)
        for file in done:
            yield say("上次导入日历 {file} 在中途断了，现已做完", file=file.name)
        # On SQLite whoever takes a year up now writes its text inside of a writing transaction. On a server only the sign is
        # lost of somebody who is at it; the daemon writes what was announced all the same.
        with store.write():
            left = sorted(home.calendars.glob(UNFINISHED_YEAR))
            for path in left:
                path.unlink(missing_ok=True)
        if left and not done:
            yield say("上次导入日历在中途断了，没有生效，已撤销；请重新导入")
    finally:
        store.close()
