"""Pages made from the program are what the program says; every command, rule and event stands on one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from reference_pages import PAGES, commands
from running_documents import ROOT

from engine.app.registers.changes import CLAIMED, FIRM_CHANGED, IMPORTED, RELEASED, UNDONE
from engine.definition.keywords import KEYS
from engine.definition.rules import RULES
from engine.lifecycle.case import EventKind
from engine.runtime.defaults import defaults

#: The ends of the names of a page in both languages.
BOTH = (".md", ".zh-CN.md")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
def test_a_page_is_what_the_program_says(name: str, page: Callable[[], str]) -> None:
    assert read(name) == page(), "run: make docs"


def test_every_command_says_what_it_is_for() -> None:
    silent = [name for name, command in commands() if not (command.help or "").strip()]
    assert not silent


@pytest.mark.parametrize("name", BOTH)
def test_every_rule_is_on_the_page_of_rules(name: str) -> None:
    page = read(f"docs/reference/rules{name}")
    assert set(re.findall(r"^## ([a-z-]+)$", page, re.MULTILINE)) == set(RULES)


@pytest.mark.parametrize("name", BOTH)
def test_every_kind_of_event_is_in_the_table(name: str) -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", read(f"docs/reference/events{name}"), re.MULTILINE)
    assert {kind.value for kind in EventKind} <= set(rows)


@pytest.mark.parametrize("name", BOTH)
def test_every_chain_of_the_house_is_in_the_table(name: str) -> None:
    page = read(f"docs/reference/events{name}")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py")]
    kinds = {
        kind
        for source in sources
        for kind in re.findall(r'(?:add_entry\(\s*transaction,\s*[\w.()]+,|\.record\()\s*"([a-z]+)"', source)
    }
    kinds |= {IMPORTED, FIRM_CHANGED, UNDONE, CLAIMED, RELEASED}
    assert "frozen" in kinds
    assert not [kind for kind in kinds if f"| `{kind}` |" not in page]


@pytest.mark.parametrize("name", BOTH)
def test_every_keyword_is_in_the_reference_of_the_language(name: str) -> None:
    page = read(f"docs/reference/language{name}")
    assert not [key for key in KEYS if not re.search(rf"\b{re.escape(key)}\b", page)]


def test_every_channel_is_on_its_page() -> None:
    minutes = [str(minute) for minute in defaults()["daemon"]["retry_minutes"]]
    for page, tries in (
        ("notification-channels.md", f"{', '.join(minutes)} minutes"),
        ("notification-channels.zh-CN.md", f"{'、'.join(minutes)} 分钟"),
    ):
        text = read(f"docs/howto/{page}")
        assert not [kind for kind in defaults()["channels"] if f"  {kind}:" not in text]
        assert tries in text


@pytest.mark.parametrize("name", BOTH)
def test_every_english_key_of_the_glossary_is_a_word_of_the_language(name: str) -> None:
    page = read(f"docs/glossary{name}")
    keys = re.findall(r"^\|[^|]+\|[^|]+\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert len(keys) > 30
    assert not [key for key in keys if key not in KEYS]


@pytest.mark.parametrize("name", BOTH)
def test_every_setting_is_described(name: str) -> None:
    from engine.deployment.home import KNOWN

    page = read(f"docs/reference/settings{name}")
    names = {*KNOWN, *defaults()["daemon"], *(n for kind in defaults()["channels"].values() for n in kind)}
    assert not {name for name in names if f"`{name}`" not in page}
