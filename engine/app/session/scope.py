"""What expressions outside of a step may look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.session.facts import facts_for
from engine.app.session.unit_of_work import UnitOfWork
from engine.lifecycle.case import Case
from engine.lifecycle.command import (
    Actor,
)
from engine.lifecycle.scope import make_scope


def own_scope(uow: UnitOfWork, case: Case, actor: Actor) -> Mapping[str, Any]:
    """Return what expressions outside of a step (titles, reports) may look at for `case`."""
    process = uow.process(case)
    return make_scope(process, case, actor, uow.now, facts_for(uow, process, case, None))
