"""People who do their work through the pages of one workbench, each in a browser context of their own; without scripts, unless asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tests.hung_run import HUNG

#: Fills in what a form still asks for: the first way there is that is in order. What is optional or conditional stays blank.
REST = """
today => document.querySelectorAll('#step .question').forEach(question => {
  if (question.closest('.line') || question.querySelector('.line')) return;
  if (question.querySelector('.optional') || /只在适用的情形下填写/.test(question.textContent)) return;
  const ticks = [...question.querySelectorAll('.options input')];
  if (ticks.length) {
    if (!ticks.some(one => one.checked)) (ticks.find(one => one.value === 'pass') || ticks[0]).checked = true;
    return;
  }
  const control = question.querySelector('input:not([type=hidden]), textarea, select');
  if (!control || control.value || control.type === 'file') return;
  if (control.tagName === 'SELECT') control.selectedIndex = 1;
  else if (control.type === 'date') control.value = today;
  else if (control.type === 'datetime-local') control.value = today + 'T09:00';
  else control.value = control.inputMode ? '1' : '按要求办理';
})
"""


class PersonAtPages:
    """One person with a browser."""

    def __init__(
        self,
        browser: Any,
        address: str,
        person: str,
        key: Callable[[], str],
        today: Callable[[], date],
        *,
        scripts: bool = False,
    ) -> None:
        self.address, self.person, self._key, self._today = address, person, key, today
        self.context = browser.new_context(java_script_enabled=scripts, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.clicks = 0
        self.page.on("console", lambda message: self.said.append(message.text))
        self._enter()

    def _enter(self) -> None:
        self.page.goto(f"{self.address}/set-up?key={self._key()}")
        self.page.locator(f"button[value='{self.person}']").first.click()

    def look(self, path: str) -> str:
        """Open a page, entering again where the session has ended; return what its main part says."""
        self.page.goto(self.address + path)
        if "/sign-in" in self.page.url:
            self._enter()
            self.page.goto(self.address + path)
        return self.words

    @property
    def refusal(self) -> str:
        """Return why the page refuses; where it does not, what it says."""
        found = self.page.locator("#errors")
        return str(found.first.inner_text()) if found.count() else self.words[:900]

    @property
    def words(self) -> str:
        """Return what the main part of the page says."""
        return str(self.page.inner_text("main"))

    def click(self, selector: str) -> None:
        """Click the first thing that fits."""
        self.page.locator(selector).first.click()
        self.clicks += 1

    def take(
        self,
        step: str,
        answers: Mapping[str, Any] | None = None,
        case: str = "batch-1",
        reason: str | None = None,
    ) -> str:
        """Take a step of a case: its form, the answers to check, the receipt. Return what the receipt says."""
        self.look(f"/cases/{case}/steps/{step}")
        for name, value in (answers or {}).items():
            self.fill(f"q.{name}", value)
        if answers is not None:
            self.page.evaluate(REST, self._today().isoformat())
        if reason is not None:
            self.page.fill("#reason", reason)
        self.click(".foot button.main")
        self._until("button[value=confirm]")
        assert self.page.locator("button[value=confirm]").count(), f"{step}: {self.refusal}"
        self.click("button[value=confirm]")
        self._until("main:has-text('回执号')")
        assert "回执号" in self.words, f"{step}: {self.refusal}"
        return self.words

    def _until(self, wanted: str) -> None:
        """Wait for the page that a click leads to: what is wanted, or a refusal."""
        self.page.locator(f"{wanted}, #errors").first.wait_for(state="attached", timeout=HUNG * 1000)

    def fill(self, name: str, value: Any) -> None:
        """Answer one question the way its control asks for."""
        page = self.page
        if isinstance(value, list) and value and isinstance(value[0], dict):
            while not page.locator(f"[name^='{name}.{len(value) - 1}.']").count():
                page.locator(f"button[value='rows:{name}']").click()
            for number, row in enumerate(value):
                for column, cell in row.items():
                    self.fill(f"{name}.{number}.{column}", cell)
            return
        control = page.locator(f"[name='{name}']").first
        kind = control.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName")
        if kind in ("radio", "checkbox"):
            for one in value if isinstance(value, list) else [value]:
                code = str(one).lower() if isinstance(one, bool) else one
                page.locator(f"[name='{name}'][value='{code}']").check()
        elif kind == "SELECT":
            control.select_option(str(value).lower() if isinstance(value, bool) else value)
        elif kind == "file":
            control.set_input_files(value if isinstance(value, (list, str, Path)) else [value])
        else:
            control.fill("\n".join(map(str, value)) if isinstance(value, list) else str(value))


class PeopleAtPages:
    """All of them, each made when first asked for. `key` makes a one-time link, `today` is the day of the bureau."""

    def __init__(self, browser: Any, address: str, key: Callable[[], str], today: Callable[[], date]) -> None:
        self.browser, self.address, self._key, self._today = browser, address, key, today
        self._known: dict[str, PersonAtPages] = {}

    def __getitem__(self, person: str) -> PersonAtPages:
        """Return somebody."""
        if person not in self._known:
            self._known[person] = PersonAtPages(self.browser, self.address, person, self._key, self._today)
        return self._known[person]

    def close(self) -> None:
        """Close every browser context."""
        for one in self._known.values():
            one.context.close()

    @property
    def names(self) -> list[str]:
        """Return who has done something."""
        return list(self._known)
