"""What may be done with a task besides its steps (领取 转办 延期 恢复 …), by whoever looks at it, as it is now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.execution.verb_facts import with_lookups
from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.command import Actor, Command
from engine.lifecycle.decide import decide
from engine.lifecycle.process import Process
from engine.lifecycle.verb_guard import check_verb
from engine.lifecycle.verbs.extend import EXTEND
from engine.lifecycle.verbs.spec import VerbSpec
from engine.lifecycle.verbs.suspend import RESUME, SUSPEND
from engine.lifecycle.verbs.table import VERBS

#: A verb with an argument that need not be known to say whether it is possible -> the least of it.
_LEAST: Mapping[str, Mapping[str, Any]] = {EXTEND.word: {"count": 1}}


def offered_verbs(uow: UnitOfWork, process: Process, case: Case, actor: Actor | None) -> tuple[str, ...]:
    """Return the verbs that would not be refused now for what the case is or who `actor` is, in the order written.

    With no `actor`, what the state declares for anybody is returned, as far as the case allows it.
    """
    if not case.open:
        return ()
    words = process.state(case.state).verbs
    if case.suspended_at is not None:
        # Where work may be stopped it may go on, whether or not the state says so.
        found = [RESUME.word] if words.keys() & {RESUME.word, SUSPEND.word} else []
    else:
        found = [word for word in words if word in VERBS and word not in (RESUME.word, *case.asked)]
    return tuple(word for word in found if _possible(uow, process, case, VERBS[word], actor))


def _possible(uow: UnitOfWork, process: Process, case: Case, spec: VerbSpec, actor: Actor | None) -> bool:
    if actor is None:
        return spec.word != EXTEND.word or bool(case.clocks)
    given = _LEAST.get(spec.word, {})
    if any(argument.required and argument.field not in given for argument in spec.arguments):
        # Whom or what it is about is not known yet.
        return not check_verb(process, case, spec, Command(actor=actor, reason="?"))[1]
    command = spec.make(actor=actor, reason="?", **given)
    if spec.needs:
        command = with_lookups(uow, process, case, command)
    facts = facts_for(uow, process, case, None) if case.state in process.asks_facts_of_verbs else {}
    return not isinstance(decide(process, case, command, uow.now, facts), Refusal)
