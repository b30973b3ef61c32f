"""Each key of the language by a right and a wrong example, found by walking the tables of the reader over sound files.

The right one is the shortest use of the key in the shipped definitions, those of the reference, or `tests/docs/keys`,
which uses what the others do not. The wrong one stands in its place: nothing behind the key, a slip of the pen, a value
of another shape. `test_key_examples.py` loads both; ``docs/reference/keys.md`` is made from the table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from engine.definition import keywords
from engine.definition.grammar import SHAPES, KeySpec, ValueShape
from engine.definition.library import KINDS, load_files
from engine.definition.short.words_alone import ROWS_BY_NAME
from engine.lifecycle.effects import EFFECTS, EffectKind
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Severity
from engine.yamltext.source import read_source

ROOT = Path(__file__).parents[2]
#: The groups of files that are loaded together; a key is looked for in the first that has it.
GROUPS = (("tests/docs/keys",), ("tests/workflows/reference",), ("workflows", "forms"))
#: What only a draw of the first protocol says: read for draws that are under way, and published no more.
FIRST_PROTOCOL = frozenset({"entropy_rule", "entropy_sources", "obtained", "profile", "reveal"})
#: The effects, as a part of their own; `when` is the same for each.
EFFECT = "effect"


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A key where it is written: the part it is of, and its place."""

    part: str
    key: str
    group: int
    file: str
    #: Offsets of the key, of what is behind it, and of its end.
    start: int
    value: int
    end: int
    node: Node
    text: str

    @property
    def written(self) -> str:
        """Return the key with what is behind it, as it stands in the file without comments, its lines moved to the left."""
        lines = self.text[self.start : self.end].rstrip().split("\n")
        lines = [line for line in lines if not line.lstrip().startswith("#")]
        indents = [len(line) - len(line.lstrip()) for line in lines[1:] if line.strip()]
        cut = max(min(indents, default=2) - 2, 0)
        return "\n".join([lines[0], *(line[cut:] for line in lines[1:])])


@dataclass(frozen=True, slots=True)
class KeyExample:
    """One key of a part: a right use of it, and what stands in its place in the wrong one."""

    part: str
    key: str
    use: Use
    wrong: str
    #: The rules that refuse the wrong one at its line.
    rules: tuple[str, ...]


def keys() -> set[tuple[str, str]]:
    """Return every key of the reader's tables as (part, key)."""
    found = {(shape, key) for shape, specs in SHAPES.items() for key in specs}
    for word, (_, others) in EFFECTS.items():
        found |= {(f"{EFFECT} {word}", name) for name in (word, *others)}
    found.add((EFFECT, "when"))
    return {(part, key) for part, key in found if key not in FIRST_PROTOCOL}


@cache
def texts(group: int) -> Mapping[str, str]:
    """Return the files of a group, name -> text."""
    return {
        f"{folder}/{path.name}": path.read_text(encoding="utf-8")
        for folder in GROUPS[group]
        for path in sorted((ROOT / folder).glob("*.yaml"))
    }


class _Walk:
    """Goes through one file by the tables of the reader."""

    def __init__(self, group: int, file: str, text: str) -> None:
        self.group, self.file, self.text = group, file, text
        self.begins = [0]
        for line in text.split("\n"):
            self.begins.append(self.begins[-1] + len(line) + 1)

    def uses(self) -> Iterator[Use]:
        """Yield every key of the file."""
        root = read_source(self.file, self.text).root
        assert isinstance(root, MappingNode)
        yield from self._part(root, keywords.canonical(next(iter(root.texts()))[0].text))

    def _at(self, line: int, column: int) -> int:
        return self.begins[line - 1] + column - 1

    def _use(self, part: str, key: str, name: ScalarNode, node: Node) -> Use:
        start = self._at(name.line, name.column)
        value, end = self._at(node.line, node.column), self._at(node.end_line, node.end_column)
        return Use(part, key, self.group, self.file, start, value, end, node, self.text)

    def _part(self, node: Node, shape: str) -> Iterator[Use]:
        if not isinstance(node, MappingNode) or shape not in SHAPES:
            return
        for name, value in node.texts():
            key = keywords.canonical(name.text)
            spec = SHAPES[shape].get(key)
            if spec is not None:
                yield self._use(shape, key, name, value)
                yield from self._inside(value, spec)

    def _inside(self, node: Node, spec: KeySpec) -> Iterator[Use]:
        match spec.form:
            case ValueShape.PART | ValueShape.SIGN | ValueShape.JOIN:
                yield from self._part(node, spec.of)
            case ValueShape.PARTS | ValueShape.OVERDUE if isinstance(node, MappingNode):
                for _, inner in node.texts():
                    yield from self._part(inner, spec.of)
            case ValueShape.VERBS:
                for inner in node.items if isinstance(node, SequenceNode) else (node,):
                    yield from self._part(inner, "verbs")
        if isinstance(node, SequenceNode):
            for inner in node.items:
                yield from self._listed(inner, spec)

    def _listed(self, node: Node, spec: KeySpec) -> Iterator[Use]:
        match spec.form:
            case ValueShape.OUTCOMES if isinstance(node, MappingNode):
                yield from self._part(replace(node, entries=node.entries[1:]), spec.of)
            case ValueShape.LIST if isinstance(node, MappingNode):
                first = keywords.canonical(next(node.texts())[0].text)
                by_name = spec.of in ROWS_BY_NAME and first not in SHAPES[spec.of]
                yield from self._part(node, "row by name" if by_name else spec.of)
            case ValueShape.FIELDS:
                yield from self._field(node, spec.of)
            case ValueShape.EFFECTS:
                yield from self._effect(node)

    def _field(self, node: Node, shape: str) -> Iterator[Use]:
        if not isinstance(node, MappingNode):
            return
        first, value = next(iter(node.texts()))
        heading = {"section": "heading", "page": "page heading"}.get(keywords.canonical(first.text))
        if shape == "field" and heading:
            yield from self._part(node, heading)
        else:
            yield from self._part(value, shape)

    def _effect(self, node: Node) -> Iterator[Use]:
        if not isinstance(node, MappingNode):
            return
        names = [keywords.canonical(name.text) for name, _ in node.texts()]
        word = next((name for name in names if name in EFFECTS), None)
        if word is None and not set(names).isdisjoint(EFFECTS["paper"][1]["becomes"].words):
            word = "paper"
        for (name, value), key in zip(node.texts(), names, strict=True):
            if key == "when" or key == word or key in EFFECTS[word or ""][1]:
                yield self._use(EFFECT if key == "when" else f"{EFFECT} {word}", key, name, value)


def uses_of(file: str, text: str) -> Iterator[Use]:
    """Yield every key of one file where the reader has it."""
    return _Walk(0, file, text).uses()


@cache
def uses() -> Mapping[tuple[str, str], tuple[Use, ...]]:
    """Return every use of each key, the shortest first."""
    found: dict[tuple[str, str], list[Use]] = {}
    for group in range(len(GROUPS)):
        for file, text in texts(group).items():
            for use in _Walk(group, file, text).uses():
                found.setdefault((use.part, use.key), []).append(use)
    return {
        key: tuple(sorted(some, key=lambda use: (use.end - use.start, use.group)))
        for key, some in found.items()
    }


#: A wrong value for each way a value is written, in the order they are tried; None: a slip of the pen in the right one.
_WRONG: Mapping[ValueShape, tuple[str | None, ...]] = {
    ValueShape.TEXT: ("[急件]",),
    ValueShape.NAME: (None, "1 甲-乙"),
    ValueShape.INTEGER: ("两个",),
    ValueShape.BOUND: ("两个",),
    ValueShape.BOOLEAN: ("yes",),
    ValueShape.WORD: (None,),
    ValueShape.NAMES: (None,),
    ValueShape.PERIOD: ("5 工作天",),
    ValueShape.DEADLINE: ("5 工作天",),
    ValueShape.REMINDERS: ("提前几天",),
    ValueShape.OVERDUE: ("section_head",),
    ValueShape.VERBS: ("withdrow",),
    ValueShape.EXPRESSION: ("'form.'",),
    ValueShape.CONDITION: ("'case.title ='",),
    ValueShape.PART: ("甲",),
    ValueShape.SIGN: ("甲",),
    ValueShape.JOIN: ("甲",),
    ValueShape.PARTS: ("甲",),
    ValueShape.LIST: ("甲",),
    ValueShape.FIELDS: ("{甲: 乙}",),
    ValueShape.TEXTS: ("甲",),
    ValueShape.ENGLISH: ("甲",),
    ValueShape.TEXT_LIST: ("{甲: 乙}",),
    ValueShape.CHOICES: ("[甲, 乙]",),
    ValueShape.OUTCOMES: ("nowhere",),
    ValueShape.EFFECTS: ("甲",),
    ValueShape.ANSWER: ("{甲: 乙}",),
}
_WRONG_EFFECT: Mapping[EffectKind, tuple[str | None, ...]] = {
    EffectKind.VALUE: ("'= form.'", "{甲: 乙}"),
    EffectKind.VALUES: ("甲",),
    EffectKind.ROWS: ("'form.'",),
    EffectKind.TEMPLATE: ("'{{ case. }}'",),
    EffectKind.WORD: (None, "[甲]"),
    EffectKind.WORDS: (None,),
    EffectKind.AUDIENCE: (None,),
    EffectKind.WORKFLOW: (None,),
    EffectKind.EACH: ("'form.'",),
    EffectKind.PUBLICATION: (None, "1 甲"),
    EffectKind.CLOCK: (None,),
    EffectKind.FLAG: ("yes",),
    EffectKind.CHILD: ("'it.'",),
    EffectKind.END: (None,),
    EffectKind.SOURCE: (None, "'form.'"),
}
#: What is tried where nothing else is refused: nothing behind the key.
_NOTHING = ""
#: Keys whose likely mistake is another than that of their shape.
_OWN_WRONG: Mapping[tuple[str, str], tuple[str | None, ...]] = {}


def _candidates(use: Use) -> tuple[str, ...]:
    """Return what may stand behind the key instead, the likeliest mistake first."""
    if use.part.startswith(EFFECT):
        word, _, _ = use.part.removeprefix(EFFECT).strip().partition(" ")
        first, others = EFFECTS.get(word, (None, {}))
        argument = first if use.key == word else others.get(use.key)
        said = _WRONG_EFFECT[argument.kind] if argument else _WRONG[ValueShape.CONDITION]
    else:
        said = _WRONG[SHAPES[use.part][use.key].form]
    said = _OWN_WRONG.get((use.part, use.key), said)
    slips = [_slip(use.node) if one is None else one for one in said]
    return (*(one for one in slips if one), _NOTHING)


def _slip(node: Node) -> str:
    """Return a name with one letter left out, as a typist does."""
    first = node
    while isinstance(first, SequenceNode) and first.items:
        first = first.items[0]
    if not isinstance(first, ScalarNode) or len(first.text) < 2:
        return ""
    middle = len(first.text) // 2
    return first.text[:middle] + first.text[middle + 1 :]


def with_wrong(use: Use, wrong: str, text: str) -> str:
    """Return `text`, the file of the use, with `wrong` behind the key."""
    name = text[use.start : use.value].split(":", maxsplit=1)[0]
    tail = text[use.start : use.end]
    kept = len(tail) - len(tail.rstrip())
    return f"{text[: use.start]}{name}: {wrong}{text[use.end - kept :]}"


def _refused(batch: list[tuple[Use, str]]) -> dict[Use, tuple[str, ...]]:
    """Load a file with wrong values among the others of its group; return the rules that refuse each use at its line."""
    group, file = batch[0][0].group, batch[0][0].file
    text = texts(group)[file]
    # From the end of the file to its beginning, so that offsets stay right; lines that are gone are given back as empty ones.
    for use, wrong in sorted(batch, key=lambda one: -one[0].start):
        gone = text[use.start : use.end].rstrip().count("\n")
        made = with_wrong(use, wrong, text)
        at = made.find("\n", use.start)
        text = made[:at] + "\n" * gone + made[at:]
    found = load_files({file: text}, context=texts(group)).problems
    errors = {(one.line, one.rule) for one in found if one.severity is Severity.ERROR}
    rules = {
        use: tuple(sorted(rule for line, rule in errors if line == _lines(use)[0] + 1)) for use, _ in batch
    }
    return {use: some for use, some in rules.items() if some}


def _lines(use: Use) -> tuple[int, int]:
    return use.text.count("\n", 0, use.start), use.text.count("\n", 0, use.end)


def _batches(some: list[tuple[Use, str]]) -> Iterator[list[tuple[Use, str]]]:
    """Yield uses of one file that may be wrong together: no two in one line, and no key of the whole file beside others."""
    waiting = list(some)
    while waiting:
        batch = waiting[:1]
        left: list[tuple[Use, str]] = []
        for use, wrong in waiting[1:]:
            first, last = _lines(use)
            free = all(last < _lines(other)[0] or _lines(other)[1] < first for other, _ in batch)
            whole = use.part in KINDS or batch[0][0].part in KINDS
            (batch if free and not whole else left).append((use, wrong))
        yield batch
        waiting = left


@cache
def examples() -> tuple[KeyExample, ...]:
    """Return an example of each key for which one is found, by part and key."""
    waiting = {use: _candidates(use) for use in (uses()[key][0] for key in keys() if key in uses())}
    made: list[KeyExample] = []
    for turn in range(max(map(len, waiting.values()))):
        tried: dict[str, list[tuple[Use, str]]] = {}
        for use, candidates in sorted(waiting.items(), key=lambda one: (one[0].file, one[0].start)):
            if turn < len(candidates):
                tried.setdefault(use.file, []).append((use, candidates[turn]))
        for some in tried.values():
            for batch in _batches(some):
                found = _refused(batch)
                for use, wrong in batch:
                    if use not in found and len(batch) > 1:
                        # Some rules look at a file only where its parts are sound.
                        found |= _refused([(use, wrong)])
                    if use in found:
                        made.append(KeyExample(use.part, use.key, use, wrong, found[use]))
                        del waiting[use]
    return tuple(sorted(made, key=lambda one: (one.part, one.key)))
