"""One workbench with a draw, and one Chromium, for all tests of a module."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import chromium
import pytest
from draws_desk import ZONE
from public_desk import PublicDesk
from served_workbench import ServedWorkbench

from engine.cli.system.serve import workbench_of
from engine.deployment.home import find_home

OPENED = datetime(2026, 3, 2, 9, tzinfo=ZONE)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkbench]:
    """Serve a deployment with made-up registers, a plan that waits and a batch that is drawn."""
    home = tmp_path_factory.mktemp("served") / "bureau"
    with pytest.MonkeyPatch.context() as patched:
        desk = PublicDesk(home, OPENED, patched)
        desk.done("init", home, "--sample")
        settings = home / "settings.yaml"
        # Nobody cuts the power of a test; waiting for the disk would be most of its time.
        settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")
        desk.planned()
        desk.drawn_people()
        desk.done("case", "start", "annual_plan", "--title", "示例年度计划", "--as", "leading")
        said = io.StringIO()
        with contextlib.redirect_stdout(said), workbench_of(find_home(str(home)), 0) as address:
            link = re.search(r"http\S+/set-up\?key=\S+", said.getvalue())
            assert link is not None
            yield ServedWorkbench(address, link[0], desk)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    sync_api = pytest.importorskip("playwright.sync_api")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium.find(), args=["--no-sandbox"] if root else []
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def state(served: ServedWorkbench, browser: Any) -> Any:
    """Return the cookies of the leading group's office, signed in by the link of the machine."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(served.link)
    page.locator("button[value=leading]").click()
    kept = context.storage_state()
    context.close()
    return kept
