"""A stranger's way, literally: what `make demo` runs, `ssj --home demo serve`, the printed address, a task finished in Chromium."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import pytest
from first_task import MAX_CLICKS, Clicks, finish_first_task

from tests.demonstration import COMMAND, demonstration
from tests.hung_run import HUNG

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
ROOT = Path(__file__).parents[3]


def test_make_demo_runs_the_command_the_demonstration_is_made_with() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8")
    assert f"$(BIN)/ssj {COMMAND[0]} $(DEMO)" in recipe
    assert f"DEMO ?= {COMMAND[1]}" in recipe


@pytest.fixture
def printed_link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demonstration as the words it printed say; yield the link that is printed."""
    folder = demonstration(tmp_path_factory)
    assert "ssj --home demo serve" in (folder / "printed").read_text("utf-8")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SSJ_")}
    with subprocess.Popen(
        [sys.executable, "-m", "engine", "--home", "demo", "serve", "--port", "0"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as serving:
        try:
            yield _link_in(serving)
        finally:
            serving.send_signal(signal.SIGINT)
            serving.wait(HUNG)


def _link_in(serving: subprocess.Popen[str]) -> str:
    said: list[str] = []
    for line in serving.stdout or ():
        said.append(line)
        if found := re.search(r"http\S+/set-up\?key=\S+", line):
            return found[0]
    raise AssertionError(said)


def test_from_the_printed_address_to_a_finished_task(printed_link: str, browser: Any) -> None:
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(printed_link)
    # Whoever opens it chooses who to be: that is signing in where nobody has a password.
    page.locator("button[value=leading]").click()
    clicks = Clicks(page)
    finish_first_task(clicks)
    assert clicks.made <= MAX_CLICKS
    page.context.close()
