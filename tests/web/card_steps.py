"""The cards of the roles: their steps, taken out of the page and done in a browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs/howto/role-cards.zh-CN.md"
#: What a step may say, in the order in which it is said.
_PARTS = re.compile(
    r"打开 `(?P<open>[^`]+)`|点第一件(?P<first>)|点实心按钮(?P<main>)|照实填写表单(?P<form>)"
    r"|在“(?P<label>[^”]+)”填(?:“(?P<text>[^”]+)”|(?P<given>凭条上的\w+))"
    r"|勾选“(?P<tick>[^”]+)”|点“(?P<press>[^”]+)”|看到“(?P<see>[^”]+)”"
)


def cards() -> Mapping[str, list[str]]:
    """Return role -> the steps of its card."""
    found: dict[str, list[str]] = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            role = line.removeprefix("## ")
        elif re.match(r"\d+\. ", line):
            found.setdefault(role, []).append(line)
    return found


def walk(
    page: Any, address: str, steps: list[str], given: Mapping[str, str], fill_form: Callable[[], None]
) -> int:
    """Do the steps of a card; return how often something was clicked."""
    clicks = 0
    for step in steps:
        parts = list(_PARTS.finditer(step))
        assert parts, f"nothing to do: {step}"
        for part in parts:
            what = part.lastgroup
            found = part.groupdict()
            if what == "open":
                page.goto(address + found["open"])
            elif what == "first":
                page.locator("a.row").first.click()
            elif what == "main":
                page.locator("a.button.main").first.click()
            elif what == "form":
                fill_form()
            elif what in ("text", "given"):
                text = found["text"] or given[found["given"]]
                page.get_by_label(found["label"]).first.fill(text)
            elif what == "tick":
                page.get_by_label(found["tick"]).first.check()
            elif what == "press":
                name = found["press"]
                button = page.locator("main").get_by_role("button", name=name)
                link = page.locator("main").get_by_role("link", name=name)
                (button if button.count() else link).first.click()
            else:
                assert found["see"] in page.inner_text("main"), f"{step}: {page.inner_text('main')[:600]}"
            clicks += what in ("first", "main", "press")
    return clicks
