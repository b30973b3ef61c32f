"""What holds for every page: links lead somewhere, and nothing on it belongs to one machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running_documents import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "engine/README.md"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_path_of_one_machine(page: Path) -> None:
    assert not re.findall(r"/(?:home|root|tmp|work|Users)/\S*", page.read_text(encoding="utf-8"))


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = [int(page.name[:4]) for page in sorted((ROOT / "docs/adr").glob("0*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", sorted((ROOT / "docs/adr").glob("0*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_number_its_date_and_its_status(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {int(page.name[:4])}. ")
    assert re.search(r"^Date: 20\d\d-\d\d-\d\d$", text, re.MULTILINE)
    assert re.search(r"^Status: (accepted|replaced by \[)", text, re.MULTILINE)


def test_what_a_decision_replaces_says_so() -> None:
    """Both pages name each other: "replaces [N](page)" on the later one, "replaced by [N](page)" on the earlier."""
    status = {
        page.name: re.search(r"^Status: (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
        for page in (ROOT / "docs/adr").glob("0*.md")
    }
    said = {
        (page, word, other)
        for page, found in status.items()
        if found is not None
        for word, other in re.findall(r"(replaces|replaced by) \[\d+\]\(([^)]+)\)", found[1])
    }
    turned = {"replaces": "replaced by", "replaced by": "replaces"}
    assert said == {(other, turned[word], page) for page, word, other in said}
