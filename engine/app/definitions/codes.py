"""Says that a code somebody filters by is one the bureau does not have. Asked only where nothing was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from engine.kernel.did_you_mean import did_you_mean
from engine.kernel.refusal import NextAction, Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.definitions.cache import DefinitionCache
    from engine.app.ports.store import Transaction
    from engine.lifecycle.model.bureau import Bureau


def unknown_section(bureau: Bureau | None, section: str | None) -> Refusal | None:
    """Return the refusal of a section the bureau does not have; None for one it has, and before there is a bureau."""
    if section is None or bureau is None or section in bureau.sections:
        return None
    message = say("没有股室“{section}”；可用：{known}", section=section, known=list(bureau.sections))
    return Refusal(None, "", (RefusalReason("section", message),))


def unknown_role(bureau: Bureau | None, role: str | None) -> Refusal | None:
    """Return the refusal of a role the bureau does not have; None for one it has, and before there is a bureau."""
    if role is None or bureau is None or role in bureau.roles:
        return None
    message = say("没有角色“{role}”；可用：{known}", role=role, known=list(bureau.roles))
    return Refusal(None, "", (RefusalReason("role", message, hint=did_you_mean(role, bureau.roles)),))


def unknown_workflow(published: Iterable[str], workflow: str | None) -> Refusal | None:
    """Return the refusal of a workflow of which nothing was published; None for one that was."""
    known = list(published)
    if workflow is None or workflow in known:
        return None
    message = say("没有已发布的流程“{workflow}”", workflow=workflow)
    hint = did_you_mean(workflow, known)
    reason = RefusalReason("workflow", message, hint=hint, next=NextAction("list_definitions"))
    return Refusal(None, "", (reason,))


def unknown_state(
    definitions: DefinitionCache, transaction: Transaction, workflow: str | None, state: str | None
) -> Refusal | None:
    """Return the refusal of a state no published version of `workflow` (of any, without one) has."""
    if state is None:
        return None
    for version in transaction.definitions.versions(workflow):
        if state in definitions.get(transaction, version.workflow, version.number).workflow.states:
            return None
    message = say("已发布的流程里没有环节“{state}”", state=state)
    return Refusal(None, "", (RefusalReason("state", message, next=NextAction("list_definitions")),))
