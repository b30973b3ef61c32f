"""The workbench in a real Chromium: a new person's way, no console error, narrow and dark, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import pytest
from first_task import MAX_CLICKS, Clicks, finish_first_task

from engine.cli.system.serve import workbench_of
from engine.deployment.home import find_home
from engine.deployment.set_up import set_up

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
WIDTHS = (360, 768, 1440)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Yield the address of a workbench with sample registers, and the link that was printed."""
    import contextlib
    import io

    place = tmp_path_factory.mktemp("workbench") / "bureau"
    set_up(place, sample=True)
    said = io.StringIO()
    with contextlib.redirect_stdout(said), workbench_of(find_home(str(place)), 0) as address:
        found = re.search(r"http\S+/set-up\?key=\S+", said.getvalue())
        assert found is not None
        yield address, found[0]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    with chromium.opened() as started:
        yield started


def test_a_new_persons_way_from_the_link_to_a_receipt(
    served: tuple[str, str], browser: Any, tmp_path: Path
) -> None:
    address, link = served
    context = browser.new_context(viewport={"width": 1440, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(link)
    page.locator("button[value=leading]").click()
    clicks = Clicks(page)
    finish_first_task(clicks)
    assert clicks.made <= MAX_CLICKS
    assert [text for text in problems if "422" not in text] == []
    state = context.storage_state()
    context.close()
    _walked(browser, address, state, tmp_path)


def _walked(browser: Any, address: str, state: Any, place: Path) -> None:
    """Look at pages at every width, light and dark: nothing wider than the screen, nothing the policy forbids."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    case = "/cases/annual_plan-1"
    for path in (
        "/",
        case,
        f"{case}/clocks",
        f"{case}/history",
        "/figures",
        "/registers/objects",
        "/plan",
        "/draws",
        "/account",
        "/person",
    ):
        page.goto(address + path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width, scheme)
        page.screenshot(path=str(place / f"{path.replace('/', '_')}.png"))
    assert problems == []
    context.close()
