"""States, and what may be done with a task besides its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.grammar import SHAPES
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.conditions import read_requirements
from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.language import say
from engine.lifecycle.model.key import DefinitionKey, KeyKind
from engine.lifecycle.model.workflow import VERB_FIELDS, State, Verb
from engine.lifecycle.verbs.spec import VerbSpec
from engine.lifecycle.verbs.table import DECLARED
from engine.yamltext.nodes import Node, ScalarNode, SequenceNode

_KINDS = tuple(KeyKind)
#: Keys a verb has a field for.
_FIELDS = frozenset(one.name for one in fields(Verb))


def _field(key: str) -> str:
    return VERB_FIELDS.get(key, key)


@dataclass(slots=True)
class StateReader:
    """Reads the states of one workflow and their own deadlines, and remembers where each is."""

    diagnostics: Diagnostics
    audience: AudienceReader
    names: Names | None
    clocks: ClockReader
    #: Every state the workflow declares.
    known_states: Mapping[str, str] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    state_places: dict[str, Node] = field(default_factory=dict)
    #: state -> where its tasks side by side are written
    branches: dict[str, Node] = field(default_factory=dict)

    def read_states(self, node: Node | None, default_verbs: Mapping[str, Verb]) -> None:
        """Read ``states:``; a state that is somebody's task has the default verbs, unless it has its own."""
        diagnostics = self.diagnostics
        for name, key, value in diagnostics.entries(node):
            self.state_places[name] = key
            part = diagnostics.open(value, "state")
            if part is None:
                continue
            title = diagnostics.read_text(part.value("title")) or name
            audience = self._of_branches(name, part) or self.audience.read(part.value("for"))
            own = self.read_verbs(part.value("verbs"))
            self.left_over(part.value("steps"), "step")
            self.states[name] = State(
                id=name,
                title=title,
                audience=audience,
                final=diagnostics.read_flag(part.value("final")),
                help=diagnostics.read_text(part.value("help")),
                verbs={**self._shared(name, default_verbs), **own} if audience else own,
                lock=diagnostics.read_name(part.value("lock")),
                open_children=self._open_children(part),
                no_deadline=diagnostics.read_text(part.value("no deadline")),
            )
            self.clocks.read_own(name, title, part)

    def left_over(self, node: Node | None, shape: str) -> None:
        """Say what is wrong with what is written at ``steps:`` and is no step; the steps have been put to the others."""
        if isinstance(node, SequenceNode):
            hint = say("写法如 {example}", example="approve: {title: 批准, to: approved}")
            self.diagnostics.report(
                "wrong-shape", node, say("steps（步骤）里写“编号: 内容”，不写成列表"), hint
            )
            return
        for _, key, value in self.diagnostics.entries(node):
            if self.diagnostics.blank(value):
                self.diagnostics.report("missing-value", key, say("“{key}”后面没有内容", key=key.text))
            else:
                self.diagnostics.open(value, shape)

    def _of_branches(self, name: str, part: MappingReader) -> tuple[str, ...]:
        """Return whom the tasks side by side in a state are for; they are read with the steps."""
        node = part.value("branches")
        if node is None:
            return ()
        self.branches[name] = node
        if "for" in part.entries:
            message = say("写了 branches（并行）的环节，由谁办写在各项里")
            self.diagnostics.report(
                "wrong-shape", part.key("for"), message, say("请删去环节的 for（由谁办）")
            )
        found: list[str] = []
        # Whoever is unknown is reported where the branch is read.
        quiet = Diagnostics(self.diagnostics.file, self.diagnostics.text, muted=True)
        audience = replace(self.audience, diagnostics=quiet)
        for _, _, value in quiet.entries(node):
            branch = quiet.open(value, "branch")
            found += audience.read(branch.value("for")) if branch is not None else ()
        return tuple(dict.fromkeys(found))

    def _shared(self, name: str, default_verbs: Mapping[str, Verb]) -> Mapping[str, Verb]:
        """Return the verbs of the workflow a state has: with branches, none that puts all of them into one person's hands."""
        if name not in self.branches:
            return default_verbs
        return {word: verb for word, verb in default_verbs.items() if not DECLARED[word].whole_task}

    def _open_children(self, part: MappingReader) -> str | None:
        """Read what becomes of open child cases; only a final state says that."""
        diagnostics = self.diagnostics
        found = diagnostics.read_word(part.value("open_children"), keywords.OPEN_CHILDREN)
        if found is not None and not diagnostics.read_flag(part.value("final")):
            message = say("open_children（未结子件）只写在终点")
            diagnostics.report(
                "open-children", part.key("open_children"), message, say("请写到 final: true 的环节")
            )
        return found

    def read_verbs(self, node: Node | None) -> dict[str, Verb]:
        """Read what may be done with a task besides its steps."""
        diagnostics = self.diagnostics
        if node is None or diagnostics.blank(node):
            return {}
        found: dict[str, Verb] = {}
        for item in diagnostics.items(node) if isinstance(node, SequenceNode) else (node,):
            for verb in self._item(item):
                if verb.id in found:
                    diagnostics.report("duplicate-name", item, say("“{name}”列了两次", name=verb.id))
                found[verb.id] = verb
        return found

    def _item(self, item: Node) -> Iterator[Verb]:
        """Yield the verb of a word, or those of a part with what each says."""
        diagnostics = self.diagnostics
        if isinstance(item, ScalarNode):
            word = keywords.word(item.text, {word: str(spec.title) for word, spec in DECLARED.items()})
            if word is None:
                known = [name for word, spec in DECLARED.items() for name in (word, str(spec.title))]
                diagnostics.unknown(
                    "unknown-word", item, say("没有操作“{name}”", name=item.text), item.text, known
                )
            elif needed := [key for key, spec in SHAPES[word].items() if spec.required]:
                message = say("“{name}”要写明{keys}", name=item.text, keys=needed)
                diagnostics.report(
                    "missing-key",
                    item,
                    message,
                    say("如 {word}: {{ {key}: … }}", word=word, key=needed[0]),
                )
            else:
                yield Verb(id=word, by=(), title=DECLARED[word].title)
            return
        part = diagnostics.open(item, "verbs")
        for name, (key, value) in part.entries.items() if part is not None else ():
            inner = diagnostics.open(value, name) if not diagnostics.blank(value) else None
            if inner is not None:
                yield self._verb(DECLARED[name], key, inner)

    def _verb(self, spec: VerbSpec, place: Node, part: MappingReader) -> Verb:
        diagnostics = self.diagnostics
        keys = spec.keys or {}
        values = {
            name: self._value(keys[name], part.value(name), place)
            for name in sorted(keys, key=lambda name: _KINDS.index(keys[name].kind))
        }
        require = read_requirements(diagnostics, part.value("require"), self.names)
        verb = Verb(
            id=spec.word,
            title=spec.title,
            by=self.audience.read(part.value("by")),
            basis=diagnostics.read_text(part.value("basis")),
            approve=self.audience.read(part.value("approve")),
            require=tuple(requirement for requirement, _ in require),
            others={name: value for name, value in values.items() if _field(name) not in _FIELDS},
            **{_field(name): value for name, value in values.items() if _field(name) in _FIELDS},
        )
        diagnostics.keep(verb, part.value("clock") or part.value("pauses") or place)
        return verb

    def _value(self, key: DefinitionKey, node: Node | None, place: Node) -> Any:
        """Return what is written under one key of the verb at `place`."""
        match key.kind:
            case KeyKind.STATE | KeyKind.STATES:
                return self._targets(node)
            case KeyKind.CLOCK:
                clock = self.diagnostics.read_name(node)
                if clock is not None:
                    self.clocks.known(clock, node or place)
                return clock
            case KeyKind.CLOCKS:
                named = self.diagnostics.read_names(node)
                return tuple(clock for clock, where in named if self.clocks.known(clock, where))
        return self.audience.read_key(key, node)

    def _targets(self, node: Node | None) -> tuple[str, ...]:
        names = self.diagnostics.read_names(node)
        for name, place in names:
            if name not in self.known_states:
                message = say("没有环节“{name}”", name=name)
                self.diagnostics.unknown("unknown-state", place, message, name, self.known_states)
        return tuple(name for name, _ in names)
