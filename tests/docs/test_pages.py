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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_a_page_names_are_there(page: Path) -> None:
    """Paths of the program in code marks, those of the page on architecture without ``engine/``; decisions keep old names."""
    if page.parent.name == "adr" or page.name == "CHANGELOG.md":
        return
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`(engine/[a-z_0-9/.*]+|(?:workflows|forms|tests)/[a-z_0-9/]+\.\w+)`", text)
    if page.name.startswith("architecture"):
        within = re.findall(r"`((?!workflows|forms|tests)[a-z_]+/[a-zA-Z_0-9/.*]+)`", text)
        named += [f"engine/{name}" for name in within]
        assert len(within) > 30
    assert not [name for name in named if not any(ROOT.glob(name.rstrip("/")))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_mark_of_a_merge_is_left(page: Path) -> None:
    assert not re.findall(r"^(?:<{7}|={7}|>{7})", page.read_text(encoding="utf-8"), re.MULTILINE)


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
