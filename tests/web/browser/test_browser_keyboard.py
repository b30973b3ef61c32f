"""A whole task by keyboard alone, the focus after a refusal, and a draft that the page keeps while it is typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import chromium
import pytest
from served_workbench import ServedWorkbench

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]
PLAN = "/cases/annual_plan-1"
#: More presses of the key than any page has places.
MAX_TABS = 150


@pytest.fixture
def page(browser: Any, state: Any) -> Iterator[Any]:
    """Yield a page in which scripts run."""
    context = browser.new_context(storage_state=state, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def tab_to(page: Any, text: str) -> None:
    """Press the key until what has the focus says `text`."""
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        found = page.evaluate("document.activeElement.innerText || document.activeElement.value || ''")
        if found.strip().startswith(text):
            return
    raise AssertionError(f"no way by keyboard to {text}")


def test_a_task_by_keyboard_alone(served: ServedWorkbench, page: Any) -> None:
    page.goto(served.address + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to(page, "新建")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start")
    tab_to(page, "年度抽查工作计划")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start/annual_plan")
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "title":
            break
    page.keyboard.type("又一个年度计划")
    tab_to(page, "启动")
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt**")
    assert "又一个年度计划" in page.inner_text("main")
    assert "回执号" in page.inner_text("main")


def test_after_a_refusal_the_summary_has_the_focus_and_leads_to_the_fields(
    served: ServedWorkbench, page: Any
) -> None:
    page.goto(served.address + PLAN + "/steps/consult")
    page.fill("[name='q.number']", "计划-1")
    page.locator(".foot button.main").click()
    page.wait_for_selector("#errors")
    assert page.evaluate("document.activeElement.id") == "errors"
    assert page.input_value("[name='q.number']") == "计划-1"
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    assert page.evaluate("'#' + document.activeElement.id") == target


def test_a_draft_is_kept_while_it_is_typed_and_both_texts_of_two_windows_are_shown(
    served: ServedWorkbench, browser: Any, state: Any, page: Any
) -> None:
    address = served.address + PLAN + "/steps/consult"
    other = browser.new_context(storage_state=state, java_script_enabled=False)
    second = other.new_page()
    for window in (page, second):
        window.goto(address)
    page.locator("[name='q.title']").press_sequentially("窗口一")
    assert "尚未保存" in page.inner_text("#saving")
    page.locator("#saving", has_text="草稿已保存").wait_for()
    page.goto(address)
    assert page.input_value("[name='q.title']") == "窗口一"
    second.fill("[name='q.title']", "窗口二")
    second.locator("button[value=save]").first.click()
    text = second.inner_text("#errors")
    assert "窗口一" in text
    assert "窗口二" in text
    other.close()
