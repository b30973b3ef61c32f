"""A workbench that is served, as tests with a browser meet it."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import ZONE
from public_fixtures import PublicDesk

from engine.cli.system.serve import workbench_of
from engine.deployment.home import find_home

OPENED = datetime(2026, 3, 2, 9, tzinfo=ZONE)


@dataclass(frozen=True, slots=True)
class ServedWorkbench:
    """Where it is, the one-time link it printed, and the deployment behind it."""

    address: str
    link: str
    desk: PublicDesk


def fill(folder: Path) -> None:
    """Set a deployment up with made-up registers, a plan that waits and a batch that is drawn."""
    home = folder / "bureau"
    with pytest.MonkeyPatch.context() as patched:
        desk = PublicDesk(home, OPENED, patched)
        desk.done("init", home, "--sample")
        settings = home / "settings.yaml"
        # Nobody cuts the power of a test; waiting for the disk would be most of its time.
        settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")
        desk.planned()
        desk.drawn_people()
        desk.done("case", "start", "annual_plan", "--title", "示例年度计划", "--as", "leading")
    (folder / "now").write_text(desk.clock.now().isoformat(), encoding="utf-8")


@contextlib.contextmanager
def serving(folder: Path, patched: pytest.MonkeyPatch) -> Iterator[ServedWorkbench]:
    """Serve what `fill` has made in a folder, on its clock."""
    home = folder / "bureau"
    desk = PublicDesk(home, datetime.fromisoformat((folder / "now").read_text("utf-8")), patched)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), workbench_of(find_home(str(home)), 0) as address:
        link = re.search(r"http\S+/set-up\?key=\S+", said.getvalue())
        assert link is not None
        yield ServedWorkbench(address, link[0], desk)


def signed_in(browser: Any, served: ServedWorkbench) -> Any:
    """Return the cookies of the leading group's office, signed in by the link of the machine."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.link)
    page.locator("button[value=leading]").click()
    kept = context.storage_state()
    context.close()
    return kept
