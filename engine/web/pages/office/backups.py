"""Backups of the deployment, made and checked from a page, and what the doctor finds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.app.commands import Caller
from engine.app.commands.access import ask_first
from engine.app.queries.health import read_health
from engine.kernel.refusal import Refusal
from engine.language import Message, say
from engine.web.pages.office.administration import SILENT
from engine.web.rendering import page, refused
from engine.web.visit import Answer, PageVisit, go_to

if TYPE_CHECKING:
    from engine.deployment.home import Home
    from engine.operations.check import HealthCheck

#: Where backups made from the page are, below the deployment; copies have to leave the machine.
FOLDER = "backups"
MAX_BACKUPS = 50


def show(visit: PageVisit) -> Answer:
    """List the backups; by POST make one, check one, or look the deployment over."""
    found = read_health(visit.workbench.application, visit.person, SILENT)
    if isinstance(found, Refusal):
        return refused(visit, found)
    home = visit.workbench.home
    said: Message | None = None
    checks: list[HealthCheck] = []
    wrong: Message | None = None
    if visit.method == "POST" and home is not None:
        match visit.typed.one("do"):
            case "make":
                made = _made(visit, home)
                if isinstance(made, Answer):
                    return made
                wrong = made
            case "check":
                if (not_allowed := _asked(visit)) is not None:
                    return not_allowed
                said, wrong = _checked(home, visit.typed.one("name"))
            case "doctor":
                checks = _looked_over(visit, home)
    return page(
        visit,
        "backups.html",
        status=422 if wrong is not None else 200,
        files=_files(home) if home is not None else [],
        here=home is not None,
        said=said,
        wrong=wrong,
        checks=checks,
        folder=FOLDER,
    )


def _asked(visit: PageVisit) -> Answer | None:
    """Return the refusal of whoever may not make backups, and so may not check them; None for others."""
    found = ask_first(visit.workbench.application, Caller(visit.person), "system.backup", FOLDER)
    return None if found is None else refused(visit, found)


def _made(visit: PageVisit, home: Home) -> Answer | Message:
    from engine.operations.backup import BackupError, back_up

    if (not_allowed := _asked(visit)) is not None:
        return not_allowed
    bench = visit.workbench
    name = f"{bench.application.clock.now().astimezone(bench.zone):%Y-%m-%d-%H%M%S}.zip"
    folder = home.path / FOLDER
    try:
        folder.mkdir(exist_ok=True)
        made = back_up(home, Caller(visit.person), folder / name, bench.application.clock)
    except BackupError as problem:
        return problem.message
    except OSError as problem:
        return say("写不了备份：{problem}", problem=problem.strerror)
    if isinstance(made, Refusal):
        return refused(visit, made)
    return go_to("administration", "backups", query=f"done={name}")


def _checked(home: Home, name: str) -> tuple[Message | None, Message | None]:
    from engine.operations.backup import BackupError
    from engine.operations.restore import verify_backup

    if name not in {one for one, _ in _files(home)}:
        return None, say("没有这份备份")
    try:
        verify_backup(home.path / FOLDER / name)
    except BackupError as problem:
        return None, problem.message
    return say("备份 {name} 完好：摘要、条数和全部历史都已核验。", name=name), None


def _looked_over(visit: PageVisit, home: Home) -> list[HealthCheck]:
    from engine.operations.doctor import look_over

    return list(look_over(str(home.path), visit.workbench.application.clock, lambda: visit.person))


def _files(home: Home) -> list[tuple[str, int]]:
    folder: Path = home.path / FOLDER
    if not folder.is_dir():
        return []
    found = sorted((one for one in folder.iterdir() if one.suffix == ".zip" and one.is_file()), reverse=True)
    return [(one.name, one.stat().st_size) for one in found[:MAX_BACKUPS]]
