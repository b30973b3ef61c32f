"""``then:``: effect words and their arguments, as `engine.lifecycle.effects` lists them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.names import DRAWN, child_row
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.conditions import (
    read_condition,
    read_expression,
    read_template,
    read_written_value,
)
from engine.definition.reader.diagnostics import Diagnostics, kind_of
from engine.definition.symbols import SymbolTable, WorkflowOutline
from engine.definition.types import ANY, Type, ValueKind, kind_name
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.effects import ABOVE, BACK, BACK_FROM, EFFECTS, ON_THE_CASE_ABOVE, Argument
from engine.lifecycle.effects import EffectKind as Written
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Field
from engine.lifecycle.model.workflow import Effect
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode

_WORD = re.compile(r"\w[\w.-]{0,63}")
#: Arguments that are worked out for each row.
_ROW_NAMES = {
    "start": ("title", "about", "section", "with", "parties"),
    "end": ("where",),
    "commit": ("where",),
}


@dataclass(slots=True)
class EffectReader:
    """Reads the effects of one workflow."""

    diagnostics: Diagnostics
    world: SymbolTable
    own: WorkflowOutline
    audience: AudienceReader
    #: Workflows started by what has been read so far.
    started: set[str] = field(default_factory=set)

    def read(self, node: Node | None, names: Names | None) -> tuple[Effect, ...]:
        """Read a list of effects; `names` are those of the step they belong to."""
        found = []
        for item in self.diagnostics.items(node):
            for one in _one_by_one(item):
                effect = self._effect(one, names)
                if effect is not None:
                    found.append(effect)
        return tuple(found)

    def _effect(self, item: Node, names: Names | None) -> Effect | None:
        diagnostics = self.diagnostics
        if not isinstance(item, MappingNode):
            diagnostics.report(
                "wrong-shape",
                item,
                say("此处应是“做什么: 内容”，实为{seen}", seen=kind_of(item)),
                say("如 publish: result（公示: 结果）"),
            )
            return None
        written: dict[str, tuple[ScalarNode, Node]] = {}
        for key, value in item.texts():
            written.setdefault(keywords.canonical(key.text), (key, value))
        kinds = _kinds(written)
        if len(kinds) != 1:
            self._which(item, kinds)
            return None
        kind = kinds[0]
        own, others = EFFECTS[kind]
        self._check_keys(kind, written)
        self._draw_of_cases(kind, written)
        child = self._child(kind, written)
        inner = self._inner_names(kind, written, names)
        when = read_condition(diagnostics, written["when"][1], names) if "when" in written else None
        arguments: dict[str, Any] = {}
        for name, argument in ((kind, own), *others.items()):
            if name not in written:
                continue
            value = _said(kind, name, argument, written)
            if diagnostics.blank(value) and argument.kind is not Written.FLAG:
                diagnostics.report("missing-value", written[name][0], say("“{key}”后面没有内容", key=name))
                continue
            seen = inner if name in _ROW_NAMES.get(kind, ()) else names
            if argument.kind is Written.VALUES:
                target = child if kind == "start" else self._with_people_and_facts(kind, value, written)
                fields = target.declared if target is not None and name in ("set", "with") else {}
                alone = _taken_from(kind, written, names, parties=name == "parties")
                read: Any = self.values(value, argument, seen, fields, alone)
            else:
                read = _READERS[argument.kind](self, value, argument, seen)
            if read is not None and argument.kind is not Written.SOURCE:
                arguments[name] = read
            if kind == name == "start" and isinstance(read, str):
                self.started.add(read)
            sets = kind in ("set", "assign")
            target = self._with_people_and_facts(kind, value, written) if sets else child
            self._declared(kind, name, value, target)
        if kind not in arguments:
            return None
        self._check_back(kind, written)
        if kind == "end" and "to" in arguments:
            self._check_end(arguments["end"], arguments["to"], written["to"][1])
        return Effect(kind=kind, arguments=arguments, when=when, line=item.line)

    def _with_people_and_facts(
        self, kind: str, node: Node, written: Mapping[str, tuple[ScalarNode, Node]]
    ) -> WorkflowOutline | None:
        """Return the workflow whose facts or people an effect sets: this one; with ``above`` one that declares them all, else None."""
        if ABOVE not in written or not isinstance(node, MappingNode):
            return self.own
        names = {key.text for key, _ in node.texts()}
        for one in self.world.workflows.values():
            if one.broken or names <= set(one.parties if kind == "assign" else one.fields):
                return one
        return None if self.world.partial else self.own

    def _check_back(self, kind: str, written: Mapping[str, tuple[ScalarNode, Node]]) -> None:
        """Note a state to go back to that no other workflow has, and one that is said of the case itself."""
        if kind not in ON_THE_CASE_ABOVE or BACK not in written:
            return
        place, above = written[BACK][1], ABOVE in written and BACK_FROM in written
        name = _written_word(place)
        others = [one for one in self.world.workflows.values() if one.id != self.own.id]
        known = sorted({state for one in others for state in one.states})
        if not above:
            message = say("“to”是上级件退回的环节：与 above（上级件的）、from（从哪些环节）一起写")
            self.diagnostics.report("unknown-argument", place, message)
        elif not self.world.partial and not any(one.broken for one in others) and name not in known:
            message = say("没有哪个流程有环节“{name}”", name=name)
            self.diagnostics.unknown("unknown-state", place, message, name, known)

    def _check_keys(self, kind: str, written: Mapping[str, tuple[ScalarNode, Node]]) -> None:
        """Note what the effect does not take, and what it needs and does not have."""
        diagnostics = self.diagnostics
        others = EFFECTS[kind][1]
        for english, (key, _) in written.items():
            if english not in others and english not in (kind, "when"):
                known = [
                    name for other in (*others, "when") for name in (other, *keywords.KEYS.get(other, ()))
                ]
                diagnostics.report(
                    "unknown-argument",
                    key,
                    say("“{kind}”没有“{key}”这一项", kind=kind, key=key.text),
                    did_you_mean(key.text, known) or say("可用：{names}", names=[*others, "when"]),
                )
        for name, argument in others.items():
            if argument.required and name not in written:
                diagnostics.report(
                    "missing-argument", written[kind][0], say("“{kind}”缺少“{key}”", kind=kind, key=name)
                )

    def _draw_of_cases(self, kind: str, written: Mapping[str, tuple[ScalarNode, Node]]) -> None:
        """Note what a draw of cases needs besides: the workflow the cases are of, and the role that is drawn."""
        pool = written["pool"][1] if kind == "commit" and "pool" in written else None
        if self.world.partial or not isinstance(pool, ScalarNode):
            return
        if keywords.word(pool.text, {"cases": keywords.WORDS["cases"]}) is None:
            return
        for name in ("of", "role"):
            if name not in written:
                message = say("抽取检查件（pool: cases）须写明“{key}”", key=name)
                self.diagnostics.report("missing-argument", written["pool"][0], message)

    def _which(self, item: MappingNode, kinds: list[str]) -> None:
        if kinds:
            self.diagnostics.report(
                "unknown-effect",
                item,
                say("一项里只能写一件事，此处有：{kinds}", kinds=kinds),
                say("请分成几项，各以“- ”开头"),
            )
            return
        first = next((key for key, _ in item.texts()), None)
        if first is None:
            self.diagnostics.report("unknown-effect", item, say("此处没有写做什么"))
            return
        known = [name for effect in EFFECTS for name in (effect, *keywords.KEYS.get(effect, ()))]
        self.diagnostics.report(
            "unknown-effect",
            first,
            say("没有“{name}”这种做法", name=first.text),
            did_you_mean(first.text, known) or say("可用：{names}", names=list(EFFECTS)),
        )

    def _child(self, kind: str, written: Mapping[str, tuple[ScalarNode, Node]]) -> WorkflowOutline | None:
        if kind != "start":
            return None
        node = written["start"][1]
        return self.world.workflows.get(node.text) if isinstance(node, ScalarNode) else None

    def _inner_names(
        self, kind: str, written: Mapping[str, tuple[ScalarNode, Node]], names: Names | None
    ) -> Names | None:
        """Return the names inside what goes through rows, which are ``it``: a ``start`` with ``each``, an ``end``."""
        if kind == "end" and names is not None:
            return {**names, "it": child_row(_written_word(written["end"][1]), self.world)}
        if kind == "commit" and "of" in written and names is not None:
            return {**names, "it": child_row(_written_word(written["of"][1]), self.world)}
        if kind != "start" or "each" not in written or names is None:
            return names
        node = written["each"][1]
        if isinstance(node, ScalarNode) and keywords.word(node.text, keywords.DRAWN_OBJECTS):
            return {**names, "it": DRAWN}
        quiet = Diagnostics(self.diagnostics.file, self.diagnostics.text)
        parsed = read_expression(quiet, node, names)
        item: Type = parsed.type.item or ANY if parsed is not None else ANY
        return {**names, "it": item}

    def _declared(self, kind: str, name: str, value: Node, child: WorkflowOutline | None) -> None:
        """Check that what is set exists: fields and parties of the workflow it is set of (`child` of a start)."""
        if not isinstance(value, MappingNode):
            return
        target = child if kind in ("set", "assign") or name in ("with", "parties") else None
        if target is None or target.broken:
            return
        parties = kind == "assign" or name == "parties"
        known = target.parties if parties else target.fields
        for key, _ in value.texts():
            if key.text in known:
                continue
            if parties:
                message = say("流程“{workflow}”没有参与人“{name}”", workflow=target.id, name=key.text)
                hint = did_you_mean(key.text, known) or say("请在该流程的 parties（参与人）里添加")
                self.diagnostics.report("undeclared-party", key, message, hint)
            else:
                message = say("流程“{workflow}”没有字段“{name}”", workflow=target.id, name=key.text)
                hint = did_you_mean(key.text, known) or say("请在该流程的 fields（字段）里添加")
                self.diagnostics.report("undeclared-field", key, message, hint)

    def child(self, node: Node, argument: Argument, names: Names | None) -> Condition | None:
        """Read a condition on one child case."""
        return read_condition(self.diagnostics, node, names)

    def end(self, node: Node, argument: Argument, names: Names | None) -> str | None:
        """Read the state child cases end in."""
        return self.diagnostics.read_name(node)

    def _check_end(self, child: str, state: str, place: Node) -> None:
        """Note a state the child cases do not have, or in which they would go on."""
        outline = self.world.workflows.get(child)
        if outline is None or outline.broken:
            return
        if state not in outline.states:
            message = say("流程“{workflow}”没有环节“{name}”", workflow=child, name=state)
            self.diagnostics.unknown("unknown-state", place, message, state, outline.ends)
        elif state not in outline.ends:
            self.diagnostics.report(
                "open-children",
                place,
                say("“{name}”不是“{workflow}”的终点，子件到了那里还没有办结", name=state, workflow=child),
                say("可用的终点：{names}", names=sorted(outline.ends)),
            )

    def rows(self, node: Node, argument: Argument, names: Names | None) -> Expression | None:
        """Read an expression that gives rows."""
        parsed = read_expression(self.diagnostics, node, names)
        return parsed.expression if parsed is not None else None

    def clock(self, node: Node, argument: Argument, names: Names | None) -> str | None:
        """Read the id of a clock of this workflow."""
        name = self.diagnostics.read_name(node)
        if name is not None and not self.own.broken and name not in self.own.clocks:
            message = say("没有时限“{name}”", name=name)
            self.diagnostics.unknown("unknown-clock", node, message, name, self.own.clocks)
        return name

    def value(self, node: Node, argument: Argument, names: Names | None) -> Expression | None:
        """Read a value, or ``= expression``."""
        return read_written_value(self.diagnostics, node, names)

    def values(
        self,
        node: Node,
        argument: Argument,
        names: Names | None,
        fields: Mapping[str, Field] = MappingProxyType({}),
        alone: str = "",
    ) -> dict[str, Expression] | None:
        """Read a mapping of names to values; those of `fields` must fit them. A name alone takes what has that name in `alone`."""
        found = {}
        for name, key, value in self.diagnostics.entries(node):
            said = (
                _worked_out(key, alone.replace("_", name))
                if alone and self.diagnostics.blank(value)
                else value
            )
            expression = read_written_value(self.diagnostics, said, names, fields.get(name))
            if expression is not None:
                found[fields[name].name if name in fields else name] = expression
        return found or None

    def each(self, node: Node, argument: Argument, names: Names | None) -> Expression | str | None:
        """Read the rows a ``start`` goes through."""
        if isinstance(node, ScalarNode) and keywords.word(node.text, keywords.DRAWN_OBJECTS):
            return "drawn objects"
        parsed = read_expression(self.diagnostics, node, names)
        if parsed is None:
            return None
        if parsed.type.kind not in (ValueKind.LIST, ValueKind.ANY):
            self.diagnostics.report(
                "type-mismatch", node, say("此处应是列表，实为{kind}", kind=kind_name(parsed.type.kind))
            )
        return parsed.expression

    def word(self, node: Node, argument: Argument, names: Names | None) -> str | None:
        """Read one plain word."""
        if argument.words:
            return self.diagnostics.read_word(
                node, {word: keywords.WORDS.get(word, word) for word in argument.words}
            )
        text = node.text if isinstance(node, ScalarNode) else ""
        if _WORD.fullmatch(text) and ".." not in text:
            if argument is EFFECTS["render"][0] or argument is EFFECTS["paper"][0]:
                self._template_of(node, text)
            elif not self.world.partial:
                self._named_here(node, text, argument)
            return text
        self.diagnostics.report("bad-name", node, say("此处应是一个编号，实为{seen}", seen=kind_of(node)))
        return None

    def _template_of(self, node: Node, name: str) -> None:
        """Note a template that is not there; what it reads is judged with the whole workflow."""
        templates = self.world.templates
        if templates is not None and name not in templates:
            message = say("没有文书模板“{name}”", name=name)
            self.diagnostics.unknown("unknown-template", node, message, name, templates)

    def _named_here(self, node: Node, name: str, argument: Argument) -> None:
        """Note a party the workflow does not have, and a role the bureau does not have."""
        bureau = self.world.bureau
        if argument is EFFECTS["replace"][1]["party"]:
            if not self.own.broken and name not in self.own.parties:
                message = say("流程“{workflow}”没有参与人“{name}”", workflow=self.own.id, name=name)
                self.diagnostics.unknown("undeclared-party", node, message, name, self.own.parties)
        elif argument is EFFECTS["commit"][1]["role"] and bureau is not None and name not in bureau.roles:
            message = say("没有角色“{name}”", name=name)
            self.diagnostics.unknown("unknown-role", node, message, name, bureau.roles)

    def words(self, node: Node, argument: Argument, names: Names | None) -> tuple[str, ...] | None:
        """Read one or several plain words."""
        found = [self.word(item, argument, names) for item in self.diagnostics.one_or_many(node)]
        return tuple(word for word in found if word is not None) or None

    def template(self, node: Node, argument: Argument, names: Names | None) -> Any:
        """Read a text with names in it."""
        return read_template(self.diagnostics, node, names)

    def people(self, node: Node, argument: Argument, names: Names | None) -> tuple[str, ...] | None:
        """Read roles and parties."""
        return self.audience.read(node) or None

    def flag(self, node: Node, argument: Argument, names: Names | None) -> bool:
        """Read true or false."""
        return self.diagnostics.read_flag(node)

    def workflow(self, node: Node, argument: Argument, names: Names | None) -> str | None:
        """Read the id of a workflow that exists."""
        name = self.diagnostics.read_name(node, of_file=True)
        if name is None:
            return None
        if name not in self.world.workflows and not self.world.partial:
            self.diagnostics.unknown(
                "unknown-workflow", node, say("没有流程“{name}”", name=name), name, self.world.workflows
            )
        return name

    def publication(self, node: Node, argument: Argument, names: Names | None) -> str | None:
        """Read the kind of a publication: one the public site has a page type for."""
        name = self.diagnostics.read_name(node)
        if name is None:
            return None
        kinds = self.world.page_types
        name = next((english for english, chinese in keywords.WORDS.items() if chinese == name), name)
        if kinds is not None and name not in kinds:
            shown = [keywords.WORDS.get(kind, kind) for kind in kinds]
            self.diagnostics.unknown(
                "unknown-word",
                node,
                say("公示网站没有“{name}”这一类公示", name=name),
                node.text if isinstance(node, ScalarNode) else name,
                [*kinds, *shown],
            )
        return name


def _one_by_one(item: Node) -> tuple[Node, ...]:
    """Return ``render:`` of several papers as one effect for each, at the place of its name."""
    if not isinstance(item, MappingNode):
        return (item,)
    for number, (key, value) in enumerate(item.entries):
        if not isinstance(value, SequenceNode) or not value.items or not isinstance(key, ScalarNode):
            continue
        if keywords.canonical(key.text) == "render":
            before, after = item.entries[:number], item.entries[number + 1 :]
            return tuple(
                replace(item, entries=(*before, (key, name), *after), line=name.line) for name in value.items
            )
    return (item,)


def _kinds(written: dict[str, tuple[ScalarNode, Node]]) -> list[str]:
    """Return the effect words of an entry; what a paper becomes may be said in place of one."""
    kinds = [key for key in written if key in EFFECTS]
    return kinds if kinds or not _says_of_paper(written) else ["paper"]


def _says_of_paper(written: dict[str, tuple[ScalarNode, Node]]) -> bool:
    """Tell whether an effect says in one word what a paper becomes, ``served: notice``; what it says is put under `paper` and `becomes`."""
    facts = {word: keywords.WORDS[word] for word in EFFECTS["paper"][1]["becomes"].words}
    for name, (key, paper) in written.items():
        if (word := keywords.word(key.text, facts)) is not None:
            del written[name]
            written |= {"paper": (key, paper), "becomes": (key, replace(key, text=word, value=word))}
            return True
    return False


def _said(kind: str, name: str, argument: Argument, written: Mapping[str, tuple[ScalarNode, Node]]) -> Node:
    """Return what is written at an argument; where nothing is and the effect says ``from``, what has its name there."""
    key, value = written[name]
    if kind != "commit" or argument.kind is not Written.VALUE or "from" not in written:
        return value
    if not isinstance(value, ScalarNode) or value.value is not None:
        return value
    return _worked_out(key, f"{_written_word(written['from'][1])}.{name}")


def _worked_out(place: ScalarNode, expression: str) -> ScalarNode:
    """Return a value that is worked out, as if it were written at `place`."""
    return replace(place, text=f"= {expression}", value=f"= {expression}")


def _taken_from(
    kind: str, written: Mapping[str, tuple[ScalarNode, Node]], names: Names | None, *, parties: bool = False
) -> str:
    """Return what a name alone means: what has its name in the row that is gone through, else in the form that is filled in, else in the case."""
    if kind == "start" and "each" in written:
        return "it._"
    if kind == "call":
        return ""
    if parties:
        return "collect(_, it.id)"
    if names is not None and "form" in names:
        return "form._"
    return "case._" if kind == "start" else ""


def _written_word(node: Node) -> str:
    return node.text if isinstance(node, ScalarNode) else ""


_READERS: Mapping[Written, Callable[[EffectReader, Node, Argument, Names | None], Any]] = {
    Written.VALUE: EffectReader.value,
    Written.VALUES: EffectReader.values,
    Written.ROWS: EffectReader.rows,
    Written.TEMPLATE: EffectReader.template,
    Written.WORD: EffectReader.word,
    Written.WORDS: EffectReader.words,
    Written.AUDIENCE: EffectReader.people,
    Written.WORKFLOW: EffectReader.workflow,
    Written.EACH: EffectReader.each,
    Written.FLAG: EffectReader.flag,
    Written.CLOCK: EffectReader.clock,
    Written.PUBLICATION: EffectReader.publication,
    Written.CHILD: EffectReader.child,
    Written.END: EffectReader.end,
    Written.SOURCE: EffectReader.rows,
}
