"""What holds for every page: links lead somewhere, and nothing on it belongs to one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running_documents import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_path_of_one_machine(page: Path) -> None:
    assert not re.findall(r"/(?:home|root|tmp|work|Users)/\S*", page.read_text(encoding="utf-8"))


def test_both_readmes_and_tutorials_have_the_same_sections() -> None:
    for name in ("README", "docs/tutorial/first-inspection"):
        pages = [(ROOT / f"{name}{suffix}.md").read_text(encoding="utf-8") for suffix in ("", ".zh-CN")]
        english, chinese = (re.findall(r"^(#+) ", page, re.MULTILINE) for page in pages)
        assert english == chinese


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
