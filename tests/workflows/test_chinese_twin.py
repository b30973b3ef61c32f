"""Every shipped file, its keys and words written in Chinese, loads to the same definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import Loaded, load_files
from engine.definition.short.words_alone import ALONE, ROWS_BY_NAME
from engine.lifecycle.effects import EFFECTS
from engine.lifecycle.verbs.table import DECLARED
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

ROOT = Path(__file__).parents[2]

#: A piece of a text and what is written instead: line, column, length, text.
Edit = tuple[int, int, int, str]


def items(node: Node) -> tuple[Node, ...]:
    return node.items if isinstance(node, SequenceNode) else (node,)


def spelled(key: Node, chinese: str) -> Iterator[Edit]:
    assert isinstance(key, ScalarNode)
    if key.plain:
        yield key.line, key.column, len(key.text), chinese


def of_part(node: Node, shape: str) -> Iterator[Edit]:
    """Yield the edits of a part whose keys are those of `shape`."""
    if not isinstance(node, MappingNode):
        return
    for key, value in node.texts():
        spec = SHAPES[shape].get(key.text)
        if spec is None and shape in ALONE and key.text in ALONE[shape][1]:
            yield from spelled(key, ALONE[shape][1][key.text])
        if spec is not None:
            yield from spelled(key, keywords.KEYS[key.text][0])
            yield from of_value(value, spec)


def of_value(node: Node, spec: KeySpec) -> Iterator[Edit]:
    found = BY_FORM.get(spec.form)
    if found is not None:
        yield from found(node, spec)


def of_word(node: Node, spec: KeySpec) -> Iterator[Edit]:
    if isinstance(node, ScalarNode) and spec.words and node.text in spec.words:
        yield from spelled(node, spec.words[node.text])


def of_parts(node: Node, spec: KeySpec) -> Iterator[Edit]:
    for _, value in node.texts() if isinstance(node, MappingNode) else ():
        if spec.of == "column group":
            yield from of_fields(value, "column")
        elif spec.of != "code list":
            yield from of_part(value, spec.of)


def of_list(node: Node, spec: KeySpec) -> Iterator[Edit]:
    for item in items(node):
        if (
            spec.of in ROWS_BY_NAME
            and isinstance(item, MappingNode)
            and next(item.texts())[0].text not in SHAPES[spec.of]
        ):
            yield from of_part(item, "row by name")
        else:
            yield from of_part(item, spec.of)


def of_outcomes(node: Node, spec: KeySpec) -> Iterator[Edit]:
    for item in items(node):
        if isinstance(item, MappingNode):
            yield from of_part(replace(item, entries=item.entries[1:]), spec.of)


def of_verbs(node: Node, _: KeySpec) -> Iterator[Edit]:
    for item in items(node):
        if isinstance(item, ScalarNode):
            yield from spelled(item, str(DECLARED[item.text].title))
        yield from of_part(item, "verbs")


def of_overdue(node: Node, _: KeySpec) -> Iterator[Edit]:
    for key, value in node.texts() if isinstance(node, MappingNode) else ():
        if key.text == "at once":
            yield from spelled(key, "当即")
        if isinstance(value, ScalarNode) and value.text.startswith("escalate "):
            chinese = value.text.replace("escalate ", "升级 ").replace(" every ", " 每隔 ")
            yield value.line, value.column, len(value.text), chinese
        yield from of_part(value, "overdue")


def of_effects(node: Node, _: KeySpec) -> Iterator[Edit]:
    for item in items(node):
        yield from of_effect(item)


BY_FORM: dict[ValueShape, Callable[[Node, KeySpec], Iterator[Edit]]] = {
    ValueShape.WORD: of_word,
    ValueShape.PART: lambda node, spec: of_part(node, spec.of),
    ValueShape.SIGN: lambda node, spec: of_part(node, spec.of),
    ValueShape.JOIN: lambda node, spec: of_part(node, spec.of),
    ValueShape.OUTCOMES: of_outcomes,
    ValueShape.PARTS: of_parts,
    ValueShape.LIST: of_list,
    ValueShape.FIELDS: lambda node, spec: of_fields(node, spec.of),
    ValueShape.VERBS: of_verbs,
    ValueShape.OVERDUE: of_overdue,
    ValueShape.EFFECTS: of_effects,
}


def of_fields(node: Node, shape: str) -> Iterator[Edit]:
    for item in items(node):
        if isinstance(item, MappingNode) and isinstance(item.entries[0][1], MappingNode):
            yield from of_part(item.entries[0][1], shape)
        else:
            yield from of_part(item, "heading")


def of_effect(node: Node) -> Iterator[Edit]:
    assert isinstance(node, MappingNode)
    facts = EFFECTS["paper"][1]["becomes"].words
    kind = next(key.text for key, _ in node.texts() if key.text in (*EFFECTS, *facts))
    if kind in facts:
        yield from spelled(next(key for key, _ in node.texts() if key.text == kind), keywords.WORDS[kind])
        kind = "paper"
    for key, _ in node.texts():
        if key.text in (kind, "when", *EFFECTS[kind][1]):
            yield from spelled(key, keywords.KEYS[key.text][0])


def twin(text: str) -> str:
    """Return a file with its keys and words in Chinese."""
    root = read_source("x", text).root
    assert isinstance(root, MappingNode)
    kind = root.entries[0][0]
    assert isinstance(kind, ScalarNode)
    lines = text.split("\n")
    for line, column, length, chinese in sorted(of_part(root, kind.text), reverse=True):
        written = lines[line - 1]
        lines[line - 1] = written[: column - 1] + chinese + written[column - 1 + length :]
    return "\n".join(lines)


@cache
def texts() -> dict[str, str]:
    files = [*ROOT.glob("workflows/*.yaml"), *ROOT.glob("forms/*.yaml")]
    return {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8") for file in files}


def same(loaded: Loaded) -> dict[str, Any]:
    return {
        "workflows": loaded.workflows,
        "forms": loaded.forms,
        "bureau": loaded.bureau,
        "site": loaded.site,
    }


def differences(a: Any, b: Any, at: str = "") -> Iterator[str]:
    if a == b:
        return
    if is_dataclass(a) and type(a) is type(b):
        for one in fields(a):
            if one.compare:
                yield from differences(getattr(a, one.name), getattr(b, one.name), f"{at}.{one.name}")
    elif isinstance(a, dict) and isinstance(b, dict) and set(a) == set(b):
        for name in a:
            yield from differences(a[name], b[name], f"{at}[{name}]")
    else:
        yield f"{at}: {a!r:.200} {b!r:.200}"


def test_every_file_in_chinese_is_the_same_definition() -> None:
    chinese = {name: twin(text) for name, text in texts().items()}
    loaded = load_files(chinese)
    assert [str(problem) for problem in loaded.problems] == []
    assert list(differences(same(load_files(texts())), same(loaded))) == []
    # Nothing but names is left in English.
    assert "\n    overdue:" not in "".join(chinese.values())
    assert "optional:" not in "".join(chinese.values())


def test_every_reference_process_in_chinese_is_the_same_definition() -> None:
    files = {
        path.name: path.read_text("utf-8") for path in (Path(__file__).parent / "reference").glob("*.yaml")
    }
    chinese = load_files({name: twin(text) for name, text in files.items()})
    assert [str(problem) for problem in chinese.problems if problem.severity == "error"] == []
    assert list(differences(same(load_files(files)), same(chinese))) == []
