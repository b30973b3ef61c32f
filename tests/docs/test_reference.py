"""Pages made from the program are what the program says; every command, rule and event stands on one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from reference_pages import PAGES, commands
from running_documents import ROOT

from engine.definition.keywords import KEYS
from engine.definition.rules import RULES
from engine.lifecycle.case import EventKind
from engine.runtime.defaults import defaults


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "page"), PAGES.items(), ids=PAGES)
def test_a_page_is_what_the_program_says(name: str, page: Callable[[], str]) -> None:
    assert read(name) == page(), "run: python tests/docs/reference_pages.py"


def test_every_command_says_what_it_is_for() -> None:
    silent = [name for name, command in commands() if not (command.help or "").strip()]
    assert not silent


def test_every_rule_is_on_the_page_of_rules() -> None:
    assert set(re.findall(r"^## ([a-z-]+)$", read("docs/reference/rules.md"), re.MULTILINE)) == set(RULES)


def test_every_kind_of_event_is_in_the_table() -> None:
    rows = re.findall(r"^\| `([a-z_]+)` \|", read("docs/reference/events.md"), re.MULTILINE)
    assert {kind.value for kind in EventKind} <= set(rows)


def test_every_chain_of_the_house_is_in_the_table() -> None:
    page = read("docs/reference/events.md")
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "engine").rglob("*.py")]
    kinds = {
        kind
        for source in sources
        for kind in re.findall(r'(?:add_entry\(\s*transaction,\s*[\w.()]+,|\.record\()\s*"([a-z]+)"', source)
    }
    assert "imported" in kinds
    assert not [kind for kind in kinds if f"| `{kind}` |" not in page]


def test_every_keyword_is_in_the_reference_of_the_language() -> None:
    page = read("docs/reference/language.md")
    assert not [key for key in KEYS if not re.search(rf"\b{re.escape(key)}\b", page)]


def test_every_channel_is_on_its_page() -> None:
    page = read("docs/howto/notification-channels.md")
    assert not [kind for kind in defaults()["channels"] if f"  {kind}:" not in page]
    minutes = "、".join(str(minute) for minute in defaults()["daemon"]["retry_minutes"])
    assert f"{minutes} 分钟" in page


def test_every_english_key_of_the_glossary_is_a_word_of_the_language() -> None:
    page = read("docs/glossary.md")
    keys = re.findall(r"^\|[^|]+\|[^|]+\| `([a-z_]+)` \|", page, re.MULTILINE)
    assert len(keys) > 30
    assert not [key for key in keys if key not in KEYS]


def test_every_setting_is_described() -> None:
    from engine.deployment.home import KNOWN

    page = read("docs/reference/settings.md")
    names = {*KNOWN, *defaults()["daemon"], *(n for kind in defaults()["channels"].values() for n in kind)}
    assert not {name for name in names if f"`{name}`" not in page}
