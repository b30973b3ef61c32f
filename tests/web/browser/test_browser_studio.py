"""The studio in a real Chromium: names while one types, conditions and trial runs that are accessible in every step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import chromium
import pytest
from served_workbench import ServedWorkbench
from walked_pages import AXE, RULES

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
STUDIO = "/studio/inspection"
MAX_SCRIPT_BYTES = 6 * 1024


@pytest.fixture
def page(browser: Any, state: Any) -> Iterator[Any]:
    """Yield a page in which scripts run and nothing is said on the console."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, storage_state=state, reduced_motion="reduce"
    )
    found = context.new_page()
    said: list[str] = []
    # A refused form is an answer 422, which the browser notes.
    found.on("console", lambda message: said.append(message.text) if "422" not in message.text else None)
    yield found
    context.close()
    assert said == []


def faults(page: Any) -> list[str]:
    """Return what axe finds, and whether the page is wider than a phone."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, rules).then(found => found.violations)", RULES)
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1440, "height": 900})
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found] + (
        ["wide"] if wide > 360 else []
    )


def test_names_are_offered_and_taken_by_the_keyboard_and_remarks_come_in_a_pause(
    served: ServedWorkbench, page: Any
) -> None:
    script = page.request.get(served.address + "/static/editor.js")
    assert len(script.body()) <= MAX_SCRIPT_BYTES
    page.goto(served.address + f"{STUDIO}/edit")
    area = page.locator("#text")
    before = area.input_value()
    area.focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("  - do: finish\n    title: x\n    from: to_vi", delay=5)
    option = page.locator("#names li")
    option.first.wait_for(state="visible")
    assert "to_visit" in option.first.inner_text()
    assert faults(page) == []
    page.keyboard.press("ArrowDown")
    assert option.first.get_attribute("aria-selected") == "true"
    assert area.get_attribute("aria-activedescendant") == option.first.get_attribute("id")
    page.keyboard.press("Enter")
    assert area.input_value().endswith("from: to_visit")
    assert option.count() == 0
    # Escape closes what Control and space have opened, and Enter begins a new line then.
    page.keyboard.press("Control+Space")
    page.keyboard.type("x")
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    assert area.input_value().endswith("to_visitx\n")
    page.locator("#remarks li.error").first.wait_for()
    assert "处" in page.inner_text("#remarks")
    page.locator("#remarks li.error a").first.click()
    assert page.evaluate("document.activeElement.id") == "text"
    assert before in area.input_value()


def test_a_condition_is_changed_as_rows(served: ServedWorkbench, page: Any) -> None:
    page.goto(served.address + f"{STUDIO}/conditions")
    page.click("a[href*='at=']")
    assert faults(page) == []
    page.select_option("#q1", "case.outcome")
    page.click("button[value=show]:not(.default)")
    page.select_option("#o1", "filled")
    assert faults(page) == []
    page.click("button[value=write]")
    assert "已写进文字" in page.inner_text("main")
    assert "只有您看得到" in page.inner_text("main")
    page.goto(served.address + STUDIO)
    assert faults(page) == []
    page.click("button[value=drop]")
    assert "只有您看得到" not in page.inner_text("main")


def test_a_trial_run_is_marked_on_every_page_and_paper(served: ServedWorkbench, page: Any) -> None:
    page.goto(served.address + f"{STUDIO}/trial")
    page.click("button[value=begin]")
    for button in ("button[value^='step:']", "button.main[value^='take:']", "button[value^='fill:']"):
        assert "试办，不作数" in page.inner_text("main")
        assert faults(page) == []
        page.click(button)
    page.click("button.main[value^='take:']")
    assert "已试办" in page.inner_text("main")
    assert faults(page) == []
    with page.expect_download() as paper:
        page.click("button[value^='paper:']")
    assert "试办，不作数" in paper.value.path().read_text(encoding="utf-8")
    # Nothing of it is among the cases of the deployment.
    page.goto(served.address + "/cases?text=inspection-1")
    assert "示例企业" not in page.inner_text("main")


def test_the_workbench_can_be_put_on_the_screen_of_a_phone(served: ServedWorkbench, page: Any) -> None:
    page.goto(served.address + STUDIO)
    manifest = page.request.get(served.address + page.get_attribute("link[rel=manifest]", "href"))
    said = manifest.json()
    assert said["display"] == "standalone"
    assert said["start_url"] == said["scope"] == "/"
    for icon in said["icons"]:
        found = page.request.get(served.address + icon["src"])
        assert found.ok
        assert icon["type"] in found.headers["content-type"]
    assert page.get_attribute("meta[name=theme-color]", "content") == said["theme_color"]


def test_a_template_is_seen_before_it_is_saved(served: ServedWorkbench, page: Any) -> None:
    page.goto(served.address + f"{STUDIO}/preview?paper=notice")
    assert "行政检查通知书" in page.inner_text(".sheet")
    assert faults(page) == []
    page.click("details > summary")
    text = page.input_value("#template")
    page.fill("#template", text.replace("</body>", "<p>另行说明。</p></body>"))
    page.click("details form button")
    assert "另行说明。" in page.inner_text(".sheet")
    assert faults(page) == []
    page.fill("#template", text.replace("</body>", "<p>{{ nothing }}</p></body>"))
    page.click("details form button")
    assert "nothing" in page.inner_text(".wrong")
    # Nothing of it was kept.
    page.goto(served.address + f"{STUDIO}/preview?paper=notice")
    assert page.input_value("#template") == text
