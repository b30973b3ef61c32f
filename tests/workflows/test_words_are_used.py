"""Every key of the language, every verb, function and unit of time is used, each in its place, by a shipped process or one of the reference."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from key_examples import FIRST_PROTOCOL, uses_of

from engine.definition import keywords
from engine.definition.expressions import EVERY_FUNCTION
from engine.definition.grammar import SHAPES
from engine.definition.resources import forms_dir, workflows_dir
from engine.lifecycle.effects import EFFECTS
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

HERE = Path(__file__).parent
#: What was written before there was a shorter way, and is read for what was published: ``join: {WORKFLOW: states}`` and the
#: words of `only` alone stand in its place.
EARLIER = {"reached", "only"}
#: Tables of words that are written as values.
VALUES = (
    keywords.TYPES,
    keywords.ABOUT,
    keywords.SIGN_MODES,
    keywords.SAME_APPROVER,
    keywords.ROLLS,
    keywords.PAPER_FACTS,
    keywords.CYCLES,
    keywords.MARKS,
    keywords.SCOPES,
    keywords.OPEN_CHILDREN,
    keywords.ANY_STATE,
    keywords.DRAWN_OBJECTS,
)
#: Words that go before others, and names of what the product itself says.
WRITTEN = (
    r"\blocal ",
    r"\bsuggested ",
    r"\bsuperior of \w",
    r"\bsuperior [2-9] of \w",
    r"\bsuperiors of \w+ up to [1-9]",
    r"\bbranches\.\w+\.by\b",
    r"\bregisters\.\w+\.rows\b",
    r"\bclocks\.\w+\.late\b",
    r"\bevery: quarter\b",
)
#: What a period may be counted in.
UNITS = ("working days", "days", "months", "years", "hours", "office hours")


@cache
def files(*folders: Path) -> tuple[tuple[str, str], ...]:
    return tuple(
        (path.name, path.read_text("utf-8")) for folder in folders for path in sorted(folder.glob("*.yaml"))
    )


def alone(node: Node | None) -> Iterator[str]:
    """Yield what stands as a word alone in a list or has no value behind it: ``verbs: [withdraw]``, ``{count, title: …}``."""
    if isinstance(node, MappingNode):
        for key, value in node.texts():
            if isinstance(value, ScalarNode) and value.value is None:
                yield keywords.canonical(key.text)
            yield from alone(value)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            if isinstance(item, ScalarNode):
                yield keywords.canonical(item.text)
            yield from alone(item)


@cache
def used(*folders: Path) -> frozenset[str]:
    """Return the keys that are written where the reader has them, and the words that stand alone for one."""
    found: set[str] = set()
    for name, text in files(*folders):
        found.update(use.key for use in uses_of(name, text))
        found.update(alone(read_source(name, text).root))
    return frozenset(found)


def in_use() -> tuple[Path, ...]:
    return workflows_dir(), forms_dir(), HERE / "reference"


def test_each_key_and_each_argument_is_used() -> None:
    keys = {key for shape in SHAPES.values() for key in shape}
    arguments = {name for word, (_, others) in EFFECTS.items() for name in (word, *others)}
    assert (keys | arguments) - FIRST_PROTOCOL - EARLIER - used(*in_use()) == set()
    assert FIRST_PROTOCOL & used(*in_use()) == set()


def test_the_name_of_a_field_is_no_use_of_a_key() -> None:
    text = "form: f\ntitle: 表\nfields:\n  - late_reason: {title: 迟延理由}\n  - kind: {title: 类, choices: {page: 页}}\n"
    assert {use.key for use in uses_of("form.f.yaml", text)} == {"form", "title", "fields", "choices"}
    assert set(alone(read_source("form.f.yaml", text).root)) == set()


def test_each_function_and_each_unit_of_time_is_used() -> None:
    text = "\n".join(re.sub(r"(?m)(^|\s)#.*$", "", text) for _, text in files(*in_use()))
    assert {name for name in EVERY_FUNCTION if not re.search(rf"\b{name}\(|\| {name}\b", text)} == set()
    assert {unit for unit in UNITS if not re.search(rf"\b\d+ {unit}\b", text)} == set()


def test_each_word_that_is_a_value_and_each_name_by_its_root_is_used() -> None:
    """Types, cycles, marks and the like; who leads whom; what branches, registers and clocks say."""
    text = "\n".join(re.sub(r"(?m)(^|\s)#.*$", "", text) for _, text in files(*in_use()))
    words = {word for table in VALUES for word in table}
    assert {word for word in words if not re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)} == set()
    assert {written for written in WRITTEN if not re.search(written, text)} == set()


def test_no_effect_is_used_by_the_files_of_patterns_alone() -> None:
    others = used(workflows_dir(), HERE / "reference")
    assert (set(EFFECTS) & used(HERE / "patterns")) - others == set()
