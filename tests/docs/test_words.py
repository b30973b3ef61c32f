"""One word, one thing: file names of `app` are words of the glossary, and the worst words of the old dialect go down."""

from __future__ import annotations

import io
import re
import tokenize
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from docstrings import docstrings_of
from running_documents import ROOT

ENGINE = ROOT / "engine"

#: Word -> how often it may stand in names, docstrings and comments of `engine`. The limits are lowered, never raised.
LIMITS = {
    "born": 0,
    "carrying": 0,
    "door": 0,
    "hears": 0,
    "heir": 0,
    "house": 0,
    "keeper": 2,
    "keepers": 0,
    "knows": 8,
    "ladder": 0,
    "ladders": 0,
    "lies": 12,
    "press": 0,
    "pressed": 0,
    "presses": 0,
    "pressing": 0,
    "rung": 0,
    "rungs": 0,
    "speaks": 2,
    "standing": 0,
    "stands": 35,
    "stood": 0,
    "strangers": 0,
    "told": 3,
    "turn": 1,
    "turns": 0,
    "wakes": 0,
}


def pieces(text: str) -> list[str]:
    """Return the words of a text or a name, in lower case: `fire_due`, `UnitOfWork` and "two words" give theirs."""
    return re.findall(r"[a-z]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text).lower().replace("_", " "))


def said_in(source: str) -> list[str]:
    """Return the words of the names, docstrings and comments of a module; texts of the program are no part of them."""
    return names_and_comments_in(source) + docstrings_in(source)


def names_and_comments_in(source: str) -> list[str]:
    """Return the words of the names and comments of a module."""
    found: list[str] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in {tokenize.NAME, tokenize.COMMENT}:
            found += pieces(token.string)
    return found


def docstrings_in(source: str) -> list[str]:
    """Return the words of the docstrings of a module."""
    return [word for text in docstrings_of(source) for word in pieces(text)]


@cache
def counts() -> Counter[str]:
    """Return how often each word of `LIMITS` is said in `engine`, its file names included."""
    found: Counter[str] = Counter()
    for path in ENGINE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        found.update(docstrings_in(source))
        found.update(pieces(path.stem))
        # Taking a module apart takes longest: only one in which such a word stands somewhere.
        if LIMITS.keys() & set(pieces(source)):
            found.update(names_and_comments_in(source))
    return Counter({word: found[word] for word in LIMITS})


@pytest.mark.parametrize("word", LIMITS)
def test_a_word_of_the_old_dialect_is_not_said_more_often(word: str) -> None:
    assert counts()[word] <= LIMITS[word], f"say it otherwise; see 'Words' in CONTRIBUTING: {word}"


#: What pages once said, and what was said for it in plain words.
QUAINT = (
    "connections per transaction carries neither calls",
    "Born again after a kill",
    "no form comes filled in",
    "nobody in the house",
    "history of the house",
    "outside the house",
    "重生",
)


def test_pages_say_it_in_plain_words() -> None:
    pages = [*ROOT.glob("README*.md"), *(ROOT / "docs").rglob("*.md")]
    said = {
        f"{path.relative_to(ROOT)}: {words}"
        for path in pages
        if "adr" not in path.parts
        for words in QUAINT
        if words in path.read_text(encoding="utf-8")
    }
    assert not said


def test_words_are_taken_out_of_names_docstrings_and_comments_alone() -> None:
    source = '"""A door."""\n\ndef open_door(heir: str) -> str:  # rung\n    return "house"\n'
    assert Counter(said_in(source))["door"] == 2
    assert {"heir", "rung"} <= set(said_in(source))
    assert "house" not in said_in(source)


def explained() -> set[str]:
    """Return the words of the glossary: its terms, and what it writes as code."""
    glossary = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", glossary, re.MULTILINE)
    named = [
        pieces(word) + pieces(" ".join(re.findall(r"`([^`]*)`", rest + row))) for word, rest, row in rows
    ]
    return {word for words in named for word in words}


def known(word: str, words: set[str]) -> bool:
    """Tell whether a word, or the same in the other number, is among `words`."""
    forms = {word, f"{word}s", word.removesuffix("s"), re.sub(r"ies$", "y", word), re.sub(r"y$", "ies", word)}
    return bool(forms & words)


def test_every_file_name_of_the_use_cases_is_a_word_of_the_glossary() -> None:
    words = explained()
    assert {"draw", "worklist", "transaction"} <= words
    strange = {
        f"{path.relative_to(ENGINE)}: {word}"
        for path in [*(ENGINE / "app").rglob("*.py"), *(ENGINE / "app").rglob("*.yaml")]
        for part in (path.stem, path.parent.name)
        for word in pieces(part)
        if part not in {"__init__", "app"} and not known(word, words)
    }
    assert not strange


@pytest.mark.parametrize("name", ["docs/glossary.md", "docs/glossary.zh-CN.md"])
def test_a_word_is_explained_once(name: str) -> None:
    rows = re.findall(r"^\| ([^|]+) \|", Path(ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    words = [row for row in rows if row not in {"English", "word", "中文", "词"}]
    assert [word for word, times in Counter(words).items() if times > 1] == []
