"""Which expressions read something that is otherwise at one step, once an answer is put right. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from engine.lifecycle.effects import ABOVE
from engine.lifecycle.expressions.condition import Condition
from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Effect
from engine.lifecycle.process import Process

#: form -> its answers
Forms = Mapping[str, Mapping[str, Any]]


class ChangedNames:
    """Tells what reads an answer that is not that of then, a fact that is otherwise, or what follows from them, at one step."""

    def __init__(
        self,
        process: Process,
        then: Forms,
        others: Collection[Forms],
        own: str | None,
        moved: Collection[str],
        state: str,
        clocks: Collection[str],
    ) -> None:
        self._own, self._moved = own, set(moved)
        self._names = {
            name: _different(process.workflow.forms.get(name), answers, [other[name] for other in others])
            for name, answers in then.items()
        }
        #: Whether nothing is otherwise.
        self.is_none = not self._moved and not any(self._names.values())
        self._branches = False
        #: The clocks of then that are counted from what is otherwise, or under a condition that reads it.
        self.clocks: frozenset[str] = frozenset()
        if self.is_none:
            return
        rules = process.workflow.clocks
        self.clocks = frozenset(
            name for name in clocks if name in rules and any(map(self.any, rules[name].read))
        )
        branches = process.branches_of(state) if state in process.workflow.states else ()
        self._branches = any(one.when is not None and self.any(one.when) for one in branches)

    def any(self, what: Condition | Expression) -> bool:
        """Tell whether an expression does."""
        if self.is_none:
            return False
        expressions: Iterable[Expression] = what.expressions() if isinstance(what, Condition) else (what,)
        return any(self._path(path) for expression in expressions for path in expression.names())

    def of_effects(self, effects: Iterable[Effect]) -> set[str]:
        """Return the facts that effects set from them, one from another; `ABOVE` for one of the case above."""
        found: set[str] = set()
        if self.is_none:
            return found
        for effect in effects:
            if effect.kind != "set":
                continue
            chosen = effect.when is not None and self.any(effect.when)
            for name, expression in effect.arguments["set"].items():
                if not chosen and not (isinstance(expression, Expression) and self.any(expression)):
                    continue
                if ABOVE in effect.arguments:
                    found.add(ABOVE)
                else:
                    found.add(name)
                    self._moved.add(name)
        return found

    def _path(self, path: Sequence[str]) -> bool:
        root, rest = path[0], path[1:]
        if root == "form":
            names = self._names.get(self._own or "", frozenset())
            return bool(names) and (not rest or rest[0] in names)
        if root == "forms":
            names = self._names.get(rest[0], frozenset()) if rest else frozenset()
            return bool(names) and (len(rest) < 2 or rest[1] in names)
        if root == "clocks":
            return rest[0] in self.clocks if rest else bool(self.clocks)
        if root == "branches":
            return self._branches
        return root == "case" and bool(rest) and rest[0] in self._moved


def _different(
    form: Form | None, then: Mapping[str, Any], others: Iterable[Mapping[str, Any]]
) -> frozenset[str]:
    """Return the names, kept and written, of the questions that are answered otherwise than then."""
    found = {name for other in others for name in {*then, *other} if then.get(name) != other.get(name)}
    written = {one.written for one in form.fields if one.name in found} if form is not None else set()
    return frozenset(found | written)
