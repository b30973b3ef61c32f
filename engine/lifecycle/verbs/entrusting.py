"""Who a task is entrusted to (委派) while it has not come back. Pure."""

from __future__ import annotations

from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case


def entrusted_to(case: Case) -> str | None:
    """Return the person who works on the task and is to hand it back; None where nobody does."""
    order = case.entrusted
    return None if order is None or "answer" in order else str(order["to"])


def still_entrusted(case: Case) -> RefusalReason | None:
    """Return why nobody can decide on the task yet; None where nobody has to hand it back."""
    to = entrusted_to(case)
    if to is None or case.entrusted is None:
        return None
    message = say("该待办已委派给“{to}”，待其交回后由“{by}”决定", to=to, by=case.entrusted["by"])
    hint = say("受委派的人请用交回；委派的人可以收回")
    return RefusalReason("entrusted", message, hint=hint)
