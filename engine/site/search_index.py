"""The index by which a reader finds a firm or a page by name or code without a server: few small files, read as scripts.

Every text is entered under the pairs of characters it holds, and under its codes as a whole. Which file a word is in follows
from the word alone. A reader of the site reads three files: the words that are too common to be of use (`COMMON`), the
newest entries (`NEWEST`), and the file of one word of what is looked for. They are scripts, for a page that is opened from a
disk may read no data.

What is published is only ever added at the end. So that a hundred new entries change few files, each file of words has its
own bound: entries before it are in the file, those behind it among the newest, and the bounds lie `SPAN` / `SHARDS` apart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Files of words; entries until a file takes them in; entries of one word in its file, the newest of them.
SHARDS, SPAN, MAX_PER_WORD = 512, 1536, 300
COMMON, NEWEST = "common", "newest"
_RUN = re.compile(r"[0-9a-z]+|[^\s0-9a-z!-/:-@\[-`{-~\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+")
_CODE = re.compile(r"[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """Something to be found: its name, its code or "", and the page it leads to, from the root of the site.

    Without a page it is an enterprise, whose page has the name of its code.
    """

    name: str
    code: str
    page: str = ""


def words_of(text: str) -> list[str]:
    """Return the words under which a text is entered and looked for, each once: pairs of characters, and codes as a whole."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if _CODE.fullmatch(run) or len(run) == 1:
            found.append(run)
        else:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
    return list(dict.fromkeys(found))


def shard_of(word: str) -> int:
    """Return the file a word is in; a script computes the same."""
    number = 0
    for unit in memoryview(word.encode("utf-16-le", "surrogatepass")).cast("H"):
        number = (number * 31 + unit) & 0x7FFFFFFF
    return number % SHARDS


def bound_of(shard: int, count: int) -> int:
    """Return how many of `count` entries the file of a shard holds the words of."""
    if count < SPAN:
        return 0
    first = shard * SPAN // SHARDS
    return first + (count - first) // SPAN * SPAN


def search_files(entries: Sequence[SearchEntry]) -> dict[str, bytes]:
    """Return the files of the index by name; `entries` stand in the order in which they were published first."""
    count = len(entries)
    bounds = [bound_of(shard, count) for shard in range(SHARDS)]
    settled = count // SPAN * SPAN
    words: list[list[int]] = [[] for _ in range(SHARDS)]
    of_word: dict[str, list[int]] = {}
    tallies: Counter[str] = Counter()
    for number, entry in enumerate(entries[: max(bounds, default=0)]):
        for word in words_of(f"{entry.name} {entry.code}"):
            of_word.setdefault(word, []).append(number)
            tallies[word] += number < settled
    for word, numbers in of_word.items():
        shard = shard_of(word)
        held = [number for number in numbers if number < bounds[shard]]
        words[shard] += held[-MAX_PER_WORD:]
    common = sorted(word for word, seen in tallies.items() if seen > MAX_PER_WORD)
    files = {f"search/{COMMON}.js": _script(COMMON, common)}
    files[f"search/{NEWEST}.js"] = _script(NEWEST, _rows(entries[min(bounds) :]))
    for shard, numbers in enumerate(words):
        if numbers:
            chosen = [entries[number] for number in sorted(set(numbers))]
            files[f"search/{shard:03d}.js"] = _script(f"{shard:03d}", _rows(chosen))
    return files


def _rows(entries: Iterable[SearchEntry]) -> list[list[str]]:
    return [[one.name, one.code, one.page] if one.page else [one.name, one.code] for one in entries]


def _script(name: str, value: list[str] | list[list[str]]) -> bytes:
    text = (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        .replace("\u2028", " ")
        .replace("\u2029", " ")
    )
    return f'ssjFound("{name}",{text});\n'.encode("utf-8", "backslashreplace")
