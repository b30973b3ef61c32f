"""Every command asks who, or stands in the one list of those that do not: in the documents, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from engine.cli.main import cli

DOCS = Path(__file__).resolve().parents[2] / "docs/reference"
#: Page -> the lines above the list of commands without ``--as``, and above that of those that ask only in part.
PAGES = {
    "access.md": ("These commands have no `--as`:", "These have `--as` and ask only in part:"),
    "access.zh-CN.md": ("这些命令没有 `--as`：", "这些有 `--as`，只有一部分要问："),
}


def commands(found: click.Command, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Yield (its words, command) of every command there is."""
    if not isinstance(found, click.Group):
        yield " ".join(words), found
        return
    context = click.Context(found)
    for name in found.list_commands(context):
        below = found.get_command(context, name)
        assert below is not None, name
        yield from commands(below, (*words, name))


def asks(found: click.Command) -> bool:
    return any("--as" in parameter.opts for parameter in found.params)


def listed(page: str, heading: str) -> list[str]:
    """Return the commands of the table below a line."""
    text = (DOCS / page).read_text(encoding="utf-8")
    table = text.split(heading, 1)[1].lstrip("\n").split("\n\n", 1)[0]
    return re.findall(r"^\| `ssj ([^`]+)` \|", table, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_that_ask_nobody_are_those_of_the_list(page: str) -> None:
    silent = [words for words, found in commands(cli) if not asks(found)]
    assert sorted(listed(page, PAGES[page][0])) == sorted(silent)


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_that_ask_in_part_have_the_option(page: str) -> None:
    known = dict(commands(cli))
    partly = listed(page, PAGES[page][1])
    assert partly == ["restore", "doctor", "draw verify", "document list"]
    assert all(asks(known[words]) for words in partly)
