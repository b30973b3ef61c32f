"""Help and click's own words: wholly English when English is asked for, wholly Chinese otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import click
import pytest
from babel.messages.pofile import read_po
from click.testing import CliRunner, Result

from engine.cli.main import COMMANDS, cli
from engine.language.catalogue import CLICK_PO, places
from engine.language.gathering import is_chinese

ENGLISH = {"SSJ_LANG": "en"}
CHINESE = {"SSJ_LANG": "zh_CN"}

#: Names on the command line and words nobody translates.
_NAMES = re.compile(
    r"“[^”]*”|--?[a-z-]+|[A-Z][A-Z0-9_]*|ssj[^，。；）]*|[\w./-]+\.(?:yaml|zip|csv|py|html|json|txt|tsv|tsr|md)\b|[\"'\[<`].*"
)


def run(*words: str, env: dict[str, str]) -> Result:
    return CliRunner(env={**env, "SSJ_HOME": None}).invoke(cli, list(words), terminal_width=100)


def every_command() -> Iterator[tuple[str, ...]]:
    for name, (module, attribute, _) in COMMANDS.items():
        command = getattr(import_module(module), attribute)
        yield (name,)
        yield from below((name,), command)


def below(path: tuple[str, ...], command: click.Command) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield (*path, name)
            yield from below((*path, name), inner)


@pytest.mark.parametrize("path", [(), *every_command()], ids=" ".join)
def test_help_is_wholly_english(path: tuple[str, ...]) -> None:
    told = run(*path, "--help", env=ENGLISH)
    assert told.exit_code == 0
    assert told.output.startswith("Usage: ")
    # Titles and labels of a bureau in an example are data.
    said = "\n".join(line for line in told.output.splitlines() if "ssj " not in line)
    assert [line for line in said.splitlines() if is_chinese(line)] == []


@pytest.mark.parametrize("path", [(), *every_command()], ids=" ".join)
def test_help_is_wholly_chinese(path: tuple[str, ...]) -> None:
    told = run(*path, "--help", env=CHINESE)
    assert told.exit_code == 0
    assert told.output.startswith("用法：")
    for english in (
        "Usage",
        "Options",
        "Commands",
        "[OPTIONS]",
        "INTEGER",
        "[required]",
        "default:",
        "Show this",
    ):
        assert english not in told.output


def test_help_follows_a_process_that_changes_its_language() -> None:
    first = run("task", "claim", "--help", env=CHINESE).output
    assert not is_chinese(run("task", "claim", "--help", env=ENGLISH).output)
    assert run("task", "claim", "--help", env=CHINESE).output == first


WRONG = {
    "missing argument": ("case", "show"),
    "missing option": ("draw", "tickets"),
    "no such option": ("task", "list", "--lmit", "3"),
    "no such command": ("tsk",),
    "no such inner command": ("task", "advanc"),
    "not a number": ("task", "list", "--limit", "many"),
    "out of range": ("task", "list", "--limit", "0"),
    "too many arguments": ("task", "show", "a", "b"),
    "not a choice": ("workflow", "check", "--format", "xml", "x.yaml"),
    "no such file": ("draw", "tickets", "--code", "00", "--randomness", "x", "--labels", "nowhere.txt"),
    "needs a value": ("task", "list", "--as"),
    "takes no value": ("task", "list", "--overdue=1"),
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG.keys())
def test_wrong_usage_is_told_in_the_language_of_the_process(words: tuple[str, ...]) -> None:
    english, chinese = run(*words, env=ENGLISH), run(*words, env=CHINESE)
    assert english.exit_code == chinese.exit_code == 2
    assert english.output.startswith(("Usage: ", "Error: "))
    assert not is_chinese(english.output)
    assert chinese.output.startswith(("用法：", "错误："))
    sentence = chinese.output.strip().splitlines()[-1]
    assert sentence.startswith("错误：")
    assert not re.search("[A-Za-z]{4,}", _NAMES.sub("", sentence))


def test_the_chinese_words_of_click_keep_places_that_exist() -> None:
    with CLICK_PO.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id]
    assert len(entries) >= 57
    for entry in entries:
        ids: Any = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        strings: Any = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        # Click fills the places of both numbers.
        named = {place.split("!")[0] for one in ids for place in places(one)}
        assert all({place.split("!")[0] for place in places(one)} <= named for one in strings)
