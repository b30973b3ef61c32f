"""Transitions: who may take which step from where to where, on what conditions and with what effects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.definition import keywords
from engine.definition.expressions import Names
from engine.definition.grammar import SHAPES
from engine.definition.names import answers
from engine.definition.reader.audience import AudienceReader
from engine.definition.reader.conditions import read_condition, read_requirements
from engine.definition.reader.deadlines.clocks import ClockReader
from engine.definition.reader.deadlines.periods import read_period
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.definition.reader.steps.effects import EffectReader
from engine.definition.reader.steps.outcomes import StepOutcome, is_choice, read_outcomes
from engine.definition.symbols import SymbolTable
from engine.definition.types import ValueKind
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say
from engine.lifecycle.model.requirement import Requirement
from engine.lifecycle.model.workflow import Join, Sign, State, Transition
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode

#: Names `branches` has beside those of the branches.
_COUNTED = ("total", "open", "done")


@dataclass(slots=True)
class TransitionReader:
    """Reads the transitions of one workflow, and remembers where each is."""

    diagnostics: Diagnostics
    world: SymbolTable
    audience: AudienceReader
    effects: EffectReader
    names: Names
    clocks: ClockReader
    states: Mapping[str, State]
    state_places: Mapping[str, Node]
    transitions: list[Transition] = field(default_factory=list)
    #: The names of the branches that were read.
    branches: set[str] = field(default_factory=set)
    places: list[MappingReader] = field(default_factory=list)
    requirements: list[tuple[Requirement, Node]] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)

    def read(self, node: Node | None) -> None:
        """Read ``transitions:``."""
        for item in self.diagnostics.items(node):
            part = self.diagnostics.open(item, "transition")
            if part is not None:
                self._transition(part)

    def read_branches(self, state: str, node: Node) -> None:
        """Read the tasks side by side in a state, each a step that leaves the case where it is."""
        diagnostics = self.diagnostics
        taken = {step.id for step in self.transitions}
        own = {name: self.names[name] for name in ("case", "forms", "subject") if name in self.names}
        for name, key, value in diagnostics.entries(node):
            part = diagnostics.open(value, "branch")
            if part is None:
                continue
            if name in taken or name in _COUNTED:
                diagnostics.report(
                    "duplicate-name", key, say("“{name}”已经有了", name=name), say("请换一个编号")
                )
                continue
            branch = Transition(
                id=name,
                title=diagnostics.read_text(part.value("title")) or name,
                sources=(state,),
                target=None,
                by=self.audience.read(part.value("for")),
                form=self.read_form(part.value("form")),
                when=read_condition(diagnostics, part.value("when"), own),
                help=diagnostics.read_text(part.value("help")),
                branch=True,
            )
            self.transitions.append(branch)
            self.branches.add(name)
            self.places.append(
                MappingReader(part.node, part.shape, {**part.entries, "do": (key, key), "from": (key, key)})
            )

    def _transition(self, part: MappingReader) -> None:
        diagnostics = self.diagnostics
        name = diagnostics.read_name(part.value("do"))
        if name is not None and name in self.branches:
            diagnostics.report(
                "duplicate-name",
                part.value("do") or part.node,
                say("“{name}”已经有了", name=name),
                say("请换一个编号"),
            )
        title = diagnostics.read_text(part.value("title")) or name or ""
        sources = self._sources(part.value("from"))
        form = self.read_form(part.value("form"))
        names = self.with_form(form)
        require = read_requirements(diagnostics, part.value("require"), names)
        warn = read_requirements(diagnostics, part.value("warn"), names)
        self.requirements += require
        when = read_condition(diagnostics, part.value("when"), names)
        outcomes = read_outcomes(diagnostics, part.value("to"), names, when, self._state)
        first = Transition(
            id=name or "",
            title=title,
            sources=sources,
            target=outcomes[0].target if outcomes else None,
            by=self.audience.read(part.value("by")),
            form=form,
            item_forms=diagnostics.read_flag(part.value("item_forms")),
            hidden=self._questions(part, "hidden", form),
            read_only=self._questions(part, "read_only", form),
            require=tuple(requirement for requirement, _ in require),
            warn=tuple(requirement for requirement, _ in warn),
            when=outcomes[0].when if outcomes else when,
            then=self.effects.read(part.value("then"), names),
            automatic=diagnostics.read_flag(part.value("automatic")),
            join=self._join(part.value("join")),
            after=read_period(diagnostics, part.value("after"), least=1),
            on_expiry=self._clock(part.value("on_expiry")),
            on_answer=diagnostics.read_name(part.value("on_answer")),
            same_approver=diagnostics.read_word(part.value("same_approver"), keywords.SAME_APPROVER)
            is not None,
            reason=diagnostics.read_flag(part.value("reason")),
            help=diagnostics.read_text(part.value("help")),
            sign=self._sign(part.value("sign"), form, self._takers(part, sources)),
        )
        if name is None:
            return
        for number, outcome in enumerate(outcomes or [StepOutcome(None, when, None)]):
            step = replace(first, target=outcome.target, when=outcome.when) if number else first
            self.transitions.append(self._more(step, outcome.more, names))
            self.places.append(_at(part, outcome))

    def _more(self, step: Transition, more: MappingReader | None, names: Names) -> Transition:
        """Return a step with what one of its outcomes says besides: its title instead, what it requires and does after that of the step."""
        if more is None:
            return step
        require = read_requirements(self.diagnostics, more.value("require"), names)
        self.requirements += require
        return replace(
            step,
            title=self.diagnostics.read_text(more.value("title")) or step.title,
            require=(*step.require, *(requirement for requirement, _ in require)),
            then=(*step.then, *self.effects.read(more.value("then"), names)),
        )

    def _clock(self, node: Node | None) -> str | None:
        """Read the clock at whose end the engine takes the step."""
        name = self.diagnostics.read_name(node)
        if name is None or node is None:
            return None
        return name if self.clocks.known(name, node) else None

    def _sources(self, node: Node | None) -> tuple[str, ...]:
        found: list[str] = []
        for name, place in self.diagnostics.read_names(node):
            if keywords.word(name, keywords.ANY_STATE) and name not in self.state_places:
                found += [state.id for state in self.states.values() if not state.final]
            elif self._exists(name, place):
                found.append(name)
        return tuple(dict.fromkeys(found))

    def _state(self, node: Node | None) -> str | None:
        name = self.diagnostics.read_name(node)
        if name is None or node is None:
            return None
        return name if self._exists(name, node) else None

    def _exists(self, name: str, place: Node) -> bool:
        if name in self.state_places:
            return True
        self.diagnostics.unknown(
            "unknown-state", place, say("没有环节“{name}”", name=name), name, self.state_places
        )
        return False

    def read_form(self, node: Node | None) -> str | None:
        """Read the id of a form that exists."""
        name = self.diagnostics.read_name(node, of_file=True)
        if name is None or node is None:
            return None
        if name not in self.world.forms:
            hint = did_you_mean(name, self.world.forms) or say(
                "请在 forms/ 目录里添加 {name}.yaml", name=name
            )
            self.diagnostics.report("unknown-form", node, say("没有表单“{name}”", name=name), hint)
        else:
            self.forms.add(name)
        return name

    def _questions(self, part: MappingReader, key: str, form: str | None) -> tuple[str, ...]:
        """Read questions of the form of a step, under the names their answers are kept under."""
        found = self.diagnostics.read_names(part.value(key))
        if not found:
            return ()
        if form is None:
            message = say("这一步没有表单，无从写“{key}”", key=key)
            self.diagnostics.report("wrong-shape", part.key(key), message)
            return ()
        outline = self.world.forms.get(form)
        fields = outline.fields if outline is not None else None
        if fields is None:
            return tuple(name for name, _ in found)
        for name, place in found:
            if name not in fields:
                message = say("表单“{form}”没有“{name}”这一栏", form=form, name=name)
                self.diagnostics.unknown("unknown-name", place, message, name, fields)
        return tuple(fields[name].kept_as or name for name, _ in found if name in fields)

    def with_form(self, form: str | None) -> Names:
        """Return the names of a step that fills in `form`."""
        return self.names if form is None else {**self.names, "form": answers(form, self.world)}

    def _takers(self, part: MappingReader, sources: tuple[str, ...]) -> tuple[str, ...]:
        """Return who may take a step: those it names, else those its states are for."""
        if "by" in part.entries:
            return replace(self.audience, diagnostics=Diagnostics(self.diagnostics.file, muted=True)).read(
                part.value("by")
            )
        found = [name for state in sources if state in self.states for name in self.states[state].audience]
        return tuple(dict.fromkeys(found))

    def _sign(self, node: Node | None, form: str | None, takers: tuple[str, ...]) -> Sign | None:
        """Read who signs the step: ``all`` of them (also where no mode is said), ``any``, or so many; or those a question of `form` names.

        Those are `takers` where the signature says nobody.
        """
        diagnostics = self.diagnostics
        if isinstance(node, ScalarNode) and not diagnostics.blank(node):
            # The question alone in which whoever signs is named.
            part: MappingReader | None = MappingReader(_around(node), "sign", {"named_in": (node, node)})
        else:
            part = diagnostics.open(node, "sign") if node is not None else None
        if part is None:
            return None
        by = self.audience.read(part.value("by")) if "by" in part.entries else takers
        if not by and "by" not in part.entries:
            diagnostics.report(
                "missing-key", part.node, say("没有写由谁签署，这一步也没有经办人"), say("请写 by（谁可办）")
            )
        place = part.value("mode")
        text = diagnostics.read_text(place) if place is not None else "all"
        if text is None:
            return None
        named_in = self._named_in(part, form, text)
        if text.isascii() and text.isdecimal() and len(text) < 6 and int(text) > 0:
            return Sign(by=by, count=int(text))
        mode = keywords.word(text, keywords.SIGN_MODES)
        if mode is None and place is not None:
            known = keywords.both(keywords.SIGN_MODES)
            message = say("签署方式应为{known}或人数（1 以上的整数），实为“{seen}”", known=known, seen=text)
            diagnostics.report(
                "unknown-word",
                place,
                message,
                did_you_mean(text, [*keywords.SIGN_MODES, *keywords.SIGN_MODES.values()]),
            )
            return None
        return Sign(by=by, count=1 if mode == "any" else None, in_order=mode == "in_order", named_in=named_in)

    def _named_in(self, part: MappingReader, form: str | None, mode: str) -> str | None:
        """Read the question in which whoever signs first names who signs; each of those has to."""
        place = part.value("named_in")
        if place is None:
            return None
        if keywords.word(mode, keywords.SIGN_MODES) not in ("all", "in_order"):
            message = say("写明签署人的，所写的人都要签：签署方式应为 all 或 in_order")
            self.diagnostics.report("wrong-shape", place, message)
        found = self._questions(part, "named_in", form)
        outline = self.world.forms.get(form or "")
        asked = (outline.fields or {}).get(found[0]) if outline is not None and found else None
        if asked is not None and asked.kind is not ValueKind.LIST:
            self.diagnostics.report(
                "wrong-shape", place, say("“{field}”不是填写几个人的一栏", field=found[0])
            )
        return found[0] if found else None

    def _join(self, node: Node | None) -> Join | None:
        diagnostics = self.diagnostics
        if node is None:
            return None
        if isinstance(node, MappingNode) and (short := _short_join(node)) is not None:
            part: MappingReader | None = short
        else:
            part = diagnostics.open(node, "join")
        place = part.value("workflow") if part is not None else None
        name = diagnostics.read_name(place, of_file=True)
        if part is None or name is None or place is None:
            return None
        reached = diagnostics.read_names(part.value("reached"))
        child = self.world.workflows.get(name)
        if child is None:
            if not self.world.partial:
                diagnostics.unknown(
                    "unknown-workflow", place, say("没有流程“{name}”", name=name), name, self.world.workflows
                )
        elif not child.broken:
            for state, at in reached:
                if state not in child.states:
                    message = say("流程“{workflow}”没有环节“{name}”", workflow=name, name=state)
                    diagnostics.unknown("unknown-state", at, message, state, child.states)
        return Join(workflow=name, states=frozenset(state for state, _ in reached))


def _around(node: ScalarNode) -> MappingNode:
    return MappingNode(node.line, node.column, node.end_line, node.end_column, ((node, node),))


def _short_join(node: MappingNode) -> MappingReader | None:
    """Return ``WORKFLOW: states`` as a join; None where it is written with its keys."""
    entries = list(node.texts())
    if len(entries) != 1 or keywords.canonical(entries[0][0].text) in SHAPES["join"]:
        return None
    ((workflow, states),) = entries
    return MappingReader(node, "join", {"workflow": (workflow, workflow), "reached": (workflow, states)})


def _joined(own: Node, more: Node) -> Node:
    """Return two lists as one, where the first is."""
    if isinstance(own, SequenceNode) and isinstance(more, SequenceNode):
        return replace(own, items=(*own.items, *more.items))
    return own


def _at(part: MappingReader, outcome: StepOutcome) -> MappingReader:
    """Return the places of one outcome of a step: that of its condition is where the outcome is written."""
    place = outcome.place
    if not isinstance(place, ScalarNode) or not is_choice(part.value("to")):
        return part
    entries = {**part.entries, "to": (place, place)}
    if outcome.conditional:
        entries["when"] = (place, place)
    if outcome.more is not None:
        entries |= {
            key: outcome.more.entries[key] for key in ("title", "require") if key in outcome.more.entries
        }
        own, more = entries.get("then"), outcome.more.entries.get("then")
        if more is not None and own is not None:
            entries["then"] = (own[0], _joined(own[1], more[1]))
        elif more is not None:
            entries["then"] = more
    return MappingReader(part.node, part.shape, entries)
