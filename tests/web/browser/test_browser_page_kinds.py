"""Every kind of page in a real Chromium: axe finds nothing, the policy holds, nothing is wider than screen or paper, no script is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import chromium
import pytest
from served_workbench import ServedWorkbench
from walked_pages import AXE, FAULTS_ALONE, RULES, address_in, walked, walked_address

from engine.web.page_kinds import PAGE_KINDS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 360, "height": 800}
#: Screens a page is looked at on, and a sheet of A4 at 96 dots an inch.
SCREENS, SHEET = (NARROW, {"width": 768, "height": 1024}, WIDE), {"width": 794, "height": 1123}
KINDS = {kind.name: kind for kind in walked()}
MAX_BYTES, MAX_REQUESTS, MAX_STYLE = 100_000, 12, 15 * 1024
#: How many bytes a page loads beside itself, pictures left out: style sheet, scripts, manifest.
BESIDE = """() => performance.getEntriesByType('resource')
    .filter(one => !/\\.(png|svg|jpe?g|webp)$/.test(one.name)).reduce((sum, one) => sum + one.decodedBodySize, 0)"""
#: What the colours and the width of the screen change.
IN_THE_DARK = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}, **FAULTS_ALONE}


class WalkedPage:
    """One page of the browser, with what its console said and what it asked the server for."""

    def __init__(self, browser: Any, state: Any, *, scripts: bool) -> None:
        self.context = browser.new_context(
            viewport=WIDE, storage_state=state, java_script_enabled=scripts, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.axe = AXE.read_text(encoding="utf-8") if scripts else ""
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def look(self, address: str, size: Any = WIDE, scheme: str = "light") -> Any:
        """Open a page."""
        self.said.clear()
        self.asked.clear()
        self.page.set_viewport_size(size)
        self.page.emulate_media(color_scheme=scheme)
        return self.page.goto(address)

    def faults(self, rules: Any) -> list[str]:
        """Return what axe finds in the page as it is shown now."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(self.axe)
        # Only what is wrong crosses over to here.
        found = self.page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", rules)
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.fixture(scope="module")
def without_scripts(browser: Any, state: Any) -> Iterator[WalkedPage]:
    """Yield a page in which no script runs."""
    found = WalkedPage(browser, state, scripts=False)
    yield found
    found.context.close()


@pytest.fixture(scope="module")
def with_scripts(browser: Any, state: Any) -> Iterator[WalkedPage]:
    """Yield a page in which scripts run, as axe needs it."""
    found = WalkedPage(browser, state, scripts=True)
    yield found
    found.context.close()


def test_every_kind_of_page_is_walked() -> None:
    for kind in KINDS.values():
        assert walked_address(kind).startswith("/")
    assert set(KINDS) == {kind.name for kind in PAGE_KINDS if kind.page and "GET" in kind.methods}


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_accessible_and_small(name: str, served: ServedWorkbench, with_scripts: WalkedPage) -> None:
    answer = with_scripts.look(address_in(served, KINDS[name]))
    page = with_scripts.page
    # The link was used once already.
    assert answer.status == (404 if name == "set-up" else 200), page.inner_text("main")
    assert [text for text in with_scripts.said if "404" not in text] == []
    assert len(answer.body()) + page.evaluate(BESIDE) <= MAX_BYTES
    assert len(with_scripts.asked) <= MAX_REQUESTS
    assert with_scripts.faults(RULES) == []
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="dark")
    assert with_scripts.faults(IN_THE_DARK) == []


@pytest.mark.parametrize("name", KINDS)
def test_a_page_is_whole_without_a_script_and_no_wider_than_screen_or_paper(
    name: str, served: ServedWorkbench, without_scripts: WalkedPage
) -> None:
    without_scripts.look(address_in(served, KINDS[name]), NARROW)
    page = without_scripts.page
    for size in SCREENS:
        page.set_viewport_size(size)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], size
    page.set_viewport_size(SHEET)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= SHEET["width"]
    # What leads elsewhere or sends a form is of no use on paper.
    assert not page.locator("nav").first.is_visible()
    page.emulate_media(media="screen")
    # Every button sends a form; nothing is there that a script has yet to fill or to show.
    assert (
        page.evaluate(
            "[...document.querySelectorAll('button')].filter(b => !b.form || b.type != 'submit').length"
        )
        == 0
    )
    assert page.evaluate("document.querySelectorAll('[hidden]:not(template)').length") == 0


def test_the_style_sheet_is_small(served: ServedWorkbench, with_scripts: WalkedPage) -> None:
    assert len(with_scripts.look(served.address + "/static/style.css").body()) <= MAX_STYLE
