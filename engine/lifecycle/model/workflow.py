"""Workflows as a definition states them: states, transitions, effects, verbs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from typing import Any

from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.model.archive_rule import ArchiveRule
from engine.lifecycle.model.calendar_start import CalendarStart
from engine.lifecycle.model.deadline import ClockRule
from engine.lifecycle.model.form import Field, Form
from engine.lifecycle.model.people.superiors import Superiors
from engine.lifecycle.model.requirement import Requirement
from engine.value import named_value
from engine.worktime.periods import Period


@named_value
class Effect:
    """One entry of ``then:``, done in the same transaction as the transition it belongs to.

    `kind` is the word of the language (``set``, ``publish``, ``start``, …); `arguments` holds what was written
    beside it, expressions already compiled. Which arguments a kind takes is in `engine.lifecycle.effects`.
    """

    kind: str
    arguments: Mapping[str, Any]
    when: Condition | None = None
    line: int = 0


@named_value
class Join:
    """Wait until every child case of `workflow` has reached one of `states` (or any final state)."""

    workflow: str
    states: frozenset[str]


@named_value
class Sign:
    """会签、或签: who signs a step before it is taken."""

    #: Parties of the case or roles of the bureau.
    by: tuple[str, ...]
    #: How many of them; None: all (会签). 1 is 或签.
    count: int | None = None
    #: 依次审批: one of `by` after the other; of a role one holder signs, of a party every member.
    in_order: bool = False
    #: The question of the form in which whoever signs first names who signs: each of those named has to.
    named_in: str | None = None


@named_value
class Transition:
    """办理: one step a person, a clock or the end of all child cases can take."""

    id: str
    title: str
    sources: tuple[str, ...]
    #: None: the case stays in the state it is in (a step that only records something).
    target: str | None
    #: Parties of the case or roles of the bureau that may do it; empty only where the engine takes it.
    by: tuple[str, ...] = ()
    form: str | None = None
    #: Ask for the item forms of the case too, beside `form` (一企一表).
    item_forms: bool = False
    #: Questions of `form` that this step does not show, and those it shows and does not open; their answers stay.
    hidden: tuple[str, ...] = ()
    read_only: tuple[str, ...] = ()
    require: tuple[Requirement, ...] = ()
    #: Does not stop the step; what it says is shown and kept in the history.
    warn: tuple[Requirement, ...] = ()
    #: Choose this transition only when the condition holds (automatic ones, and several of one name).
    when: Condition | None = None
    then: tuple[Effect, ...] = ()
    #: Taken by the engine as soon as `when` holds: asked again whenever something it reads has changed, the day included.
    automatic: bool = False
    join: Join | None = None
    #: Taken by the engine when the case has been in the source state for so long.
    after: Period | None = None
    #: Taken by the engine when this clock has ended.
    on_expiry: str | None = None
    #: Taken by the engine when this system has answered what it was asked (``call``); the answer fills the form.
    on_answer: str | None = None
    #: 同一审批人: taken at once for whoever brought the case here, where they could take it as well.
    same_approver: bool = False
    #: The person must say why; the words are kept in the history.
    reason: bool = False
    help: str | None = None
    #: 会签、或签: taken when enough people have signed, each with the same command.
    sign: Sign | None = None
    #: 并行: one of several tasks side by side in its state; taken once in a stay, its answers are kept under its id.
    branch: bool = False

    @property
    def by_engine(self) -> bool:
        """Tell whether the engine takes it, and no person."""
        return self.automatic or bool(self.join or self.after or self.on_expiry or self.on_answer)

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Return what must hold for it to be taken: `when`, and what each requirement asks."""
        chosen = () if self.when is None else (self.when,)
        return (*chosen, *(requirement.that for requirement in self.require))


#: Keys of a verb and the field of `Verb` each fills, where that has another name.
VERB_FIELDS: Mapping[str, str] = {"max": "most"}


@named_value
class Verb:
    """What may be done with a task besides its transitions (领取 转办 延期 挂起 恢复 …)."""

    id: str
    by: tuple[str, ...]
    #: What the field calls it; not written, but the same for every definition.
    title: str = ""
    #: extend: which clock, at most how long, how often.
    clock: str | None = None
    most: Period | None = None
    times: int | None = None
    #: suspend: the clocks that stand still meanwhile.
    pauses: tuple[str, ...] = ()
    basis: str | None = None
    #: return: the states a case may go back to (none: all it has passed). void: the final state it goes to.
    to: tuple[str, ...] = ()
    #: return: clocks that start again keep counting from where they once began.
    keep_clocks: bool = False
    #: void: open child cases are voided too; otherwise they stand in the way.
    with_children: bool = False
    #: add_signer: parties or roles the new signer must belong to. reassign: whom the task may go to (none: whom the
    #: state is for).
    among: tuple[str, ...] = ()
    #: urge: whoever is urged is asked to say that they have received it.
    receipt: bool = False
    #: Asked for first, and done when one of these has approved it.
    approve: tuple[str, ...] = ()
    #: What must hold besides, as for a step.
    require: tuple[Requirement, ...] = ()
    #: The keys no field above is for.
    others: Mapping[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """Return what was written under a key of the verb; None where nothing was."""
        return self.others[key] if key in self.others else getattr(self, VERB_FIELDS.get(key, key), None)


@named_value
class State:
    """环节: where a case can be. A state with `audience` is somebody's task; a final one is the end."""

    id: str
    title: str
    audience: tuple[str, ...] = ()
    final: bool = False
    help: str | None = None
    verbs: Mapping[str, Verb] = field(default_factory=dict)
    #: 独占: of all cases of the bureau at most one is in a state with this name.
    lock: str | None = None
    #: Of a final state, what becomes of child cases that are open: they stand in the way (`REFUSE`), or go on (`LEAVE`).
    open_children: str | None = None

    #: 不设时限: why no clock runs in it.
    no_deadline: str | None = None


#: A case does not end while a child is open; open children go on without their parent.
REFUSE, LEAVE = "refuse", "leave"


@named_value
class Workflow:
    """流程: a checked definition. A published one never changes; cases are pinned to its version."""

    id: str
    title: str
    about: str
    initial: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]
    clocks: Mapping[str, ClockRule] = field(default_factory=dict)
    #: Groups of named people bound to one case (parties), with their titles.
    parties: Mapping[str, str] = field(default_factory=dict)
    #: Those among `parties` that are the superiors of another party, found anew whenever a case comes to a state.
    superiors: Mapping[str, Superiors] = field(default_factory=dict)
    #: Facts a case keeps beside its forms.
    fields: Mapping[str, Field] = field(default_factory=dict)
    #: Roles that may start a case by hand.
    start_by: tuple[str, ...] = ()
    start_form: str | None = None
    #: Done as a case is started by hand: ``set`` and ``assign``.
    start_then: tuple[Effect, ...] = ()
    forms: Mapping[str, Form] = field(default_factory=dict)
    basis: str | None = None
    help: str | None = None
    #: 施行: cases opened before this day take the version before. None: it holds as soon as it is published.
    effective: date | None = None
    #: The days on which the engine opens a case.
    calendar_start: CalendarStart | None = None
    #: 归档: what the file of a case holds and how long it is kept. None: nothing is asked for.
    archive: ArchiveRule | None = None
    #: 英文: a text of the file -> its English, where a section has written it.
    english: Mapping[str, str] = field(default_factory=dict)

    def party_behind(self, name: str) -> str | None:
        """Return the party somebody must be assigned to for `name` to be anybody; None for what is no party."""
        found = self.superiors.get(name)
        if found is not None:
            return found.of
        return name if name in self.parties else None

    def kept_name(self, name: str) -> str:
        """Return the name a fact is kept under, by that or by the name the file calls it."""
        if name in self.fields:
            return name
        return next((asked.name for asked in self.fields.values() if asked.written == name), name)

    def leaving(self, state: str) -> tuple[Transition, ...]:
        """Return the transitions that may be taken from `state`, in the order they were written."""
        return tuple(t for t in self.transitions if state in t.sources)
