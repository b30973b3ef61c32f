"""The plan of a step: everything that can be said of it before a case is known, worked out once for all cases of a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.lifecycle.effects import ABOVE
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import FILES
from engine.lifecycle.model.workflow import Transition, Workflow

if TYPE_CHECKING:
    from engine.lifecycle.case import Case
    from engine.lifecycle.command import Actor

#: What a step may look at that is no part of the case, besides its parties.
OUTSIDE = ("kpi", "of_subject", "registers", "children", "parent", "draw")

#: Effects that look at no more than their own expressions do.
NARROW = frozenset({"notify", "set", "assign", "copy_to", "call"})


class StepPlan:
    """Who takes one step from one state, and what it asks for."""

    __slots__ = (
        "audience",
        "blanks",
        "files",
        "first",
        "form",
        "found",
        "held",
        "names",
        "outside",
        "parties",
        "reason",
        "roles",
        "sets_days",
    )

    def __init__(
        self,
        workflow: Workflow,
        bureau: Bureau,
        state: str,
        found: tuple[Transition, ...],
        names: frozenset[str] = frozenset(),
    ) -> None:
        """`names` are the root names that it looks at."""
        first = found[0]
        #: Its transitions, in the order written, and the first of them.
        self.found, self.first = found, first
        #: Somebody has to say why.
        self.reason = any(one.reason for one in found)
        #: Whom it is for, and of them the parties; each of the others with whether it is held by section.
        self.audience = first.by or workflow.states[state].audience
        self.parties = tuple(name for name in self.audience if name in workflow.parties)
        others = [name for name in self.audience if name not in workflow.parties]
        known = {name: bureau.roles.get(name) for name in others}
        self.roles = tuple((name, role is not None and role.by_section) for name, role in known.items())
        self.form = None if first.form is None else workflow.forms[first.form]
        #: Questions it does not open.
        self.held = (*first.hidden, *first.read_only)
        #: It looks at something outside of the case.
        self.outside = not names.isdisjoint({*OUTSIDE, *workflow.parties})
        #: The root names that are looked at, where everything that looks is at hand: None where an effect looks at more.
        # Which forms of items are asked for depends on the case.
        narrow = all(
            not one.item_forms and all(effect.kind in NARROW for effect in one.then) for one in found
        )
        self.names = names if narrow else None
        #: It sets a fact that a clock reads: what it is counted from, or under what condition a limit holds.
        counted = {
            path[1]
            for clock in workflow.clocks.values()
            for expression in clock.read
            for path in expression.names()
            if path[0] == "case" and len(path) > 1
        }
        self.sets_days = any(
            not counted.isdisjoint(effect.arguments["set"])
            for one in found
            for effect in one.then
            if effect.kind == "set" and ABOVE not in effect.arguments
        )
        #: Some answer may be a file.
        self.files = any(
            asked.type in FILES
            for one in found
            if one.form
            for field in workflow.forms[one.form].fields
            for asked in (field, *field.columns)
        )
        #: Questions that should be answered and need not.
        self.blanks = any(
            one.item_forms or any(asked.recommended for asked in workflow.forms[one.form].fields)
            for one in found
            if one.form is not None
        )

    def may_take(self, case: Case, actor: Actor) -> bool:
        """Tell whether it is for `actor` themselves, whoever else they may stand in for."""
        for name in self.parties:
            if actor.id in case.parties.get(name, ()):
                return True
        for name, by_section in self.roles:
            if name in actor.roles and (
                not by_section or case.section is None or case.section == actor.section
            ):
                return True
        return False
