"""Changes of a deployment that were broken off between two steps: finished or undone by whoever comes next.

Each such change writes a journal first (`engine.files.journal`): a restore beside the deployment, the others in it. What
is done about one is a sentence for the person whose command came next. Whoever is still at work on a change holds a lock;
it is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.deployment.home import SETTINGS, find_home
from engine.deployment.unfinished_year import settle_year
from engine.files.journal import INIT_JOURNAL, MOVE_JOURNAL, UNFINISHED_YEAR, FolderLock, leavings
from engine.language import Message, say
from engine.operations import exchange
from engine.operations.move_database import finish_move
from engine.runtime.lock import LOCK, HomeLock
from engine.site.atomic_replace import finish_folder


class DeploymentUnfinishedError(Exception):
    """A deployment was not made to its end; `message` says how to go on."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


def settle(path: Path) -> Iterator[Message]:
    """Finish or undo what was broken off in the deployment at `path`, and yield what was done.

    Costs a look at five names where nothing was. Raises DeploymentUnfinishedError, OSError, StoreUnavailableError,
    DeploymentMissingError.
    """
    path = path.absolute()
    if (kept := exchange.finish(path)) is not None:
        yield (
            say("上次恢复“{path}”在中途断了，现已做完", path=path)
            if kept == path
            else say("上次恢复“{path}”在中途断了，现已做完；原来的部署在 {kept}", path=path, kept=kept)
        )
    if exchange.undo(path):
        yield say("上次恢复“{path}”在换上之前断了，没有改动；解开的内容已清掉，请重新恢复", path=path)
    if removed := _remove_leavings(path):
        yield say("上次改动在落盘之前断了，没有改动；留下的 {names} 已清掉", names=removed)
    if (path / INIT_JOURNAL).exists():
        raise DeploymentUnfinishedError(
            say("“{path}”没有建完，上次在中途断了；请再运行一次 ssj init {path}，会接着建完", path=path)
        )
    if not (path / SETTINGS).is_file():
        return
    if (path / MOVE_JOURNAL).exists() and (done := finish_move(find_home(str(path)))) is not None:
        yield done
    if any((path / "calendars").glob(UNFINISHED_YEAR)):
        yield from settle_year(find_home(str(path)))
    if any(path.glob(".*.between")) and finish_folder(find_home(str(path)).site):
        yield say("公示网站上次换新时在中途断了，现已换好")


def _remove_leavings(path: Path) -> list[str]:
    """Remove contents that took no place, unless somebody is at work; return their names. Raises OSError."""
    left = list(leavings(path))
    if not left or (path / INIT_JOURNAL).exists():
        # Whoever goes on with an `init` writes them anew.
        return []
    beside, home = FolderLock(path.parent, wait=False), HomeLock(path / LOCK)
    try:
        if not beside.taken or not (path / SETTINGS).is_file() or home.take() is not None:
            return []
        for one in left:
            one.unlink(missing_ok=True)
        return [one.name for one in left]
    finally:
        home.release()
        beside.release()
