"""Whether somebody would hold roles that exclude each other; the sentence names both and the basis."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from engine.kernel.refusal import RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.lifecycle.command import Actor
    from engine.lifecycle.model.bureau import Bureau


def basis_of(basis: str | None) -> str:
    """Return the basis of a rule: the law it names, or that it is the bureau's own."""
    return basis or str(say("本局规定"))


def why_incompatible_roles(
    person: str, roles: Collection[str], bureau: Bureau | None
) -> RefusalReason | None:
    """Return why `person` may not hold all of `roles`; None where they may."""
    for rule in bureau.incompatible_roles if bureau is not None else ():
        held = [role for role in rule.roles if role in roles]
        if bureau is not None and len(held) > 1:
            message = say(
                "“{person}”不能兼任{one}和{other}",
                person=person,
                one=bureau.roles[held[0]].title,
                other=bureau.roles[held[1]].title,
            )
            return RefusalReason("incompatible", message, basis_of(rule.basis))
    return None


def why_incompatible_together(
    delegate: Actor, principal: Actor, others: Sequence[Actor], bureau: Bureau | None
) -> RefusalReason | None:
    """Return why `delegate` may not act for `principal` beside their own work and that of `others`; None where they may."""
    for rule in bureau.incompatible_roles if bureau is not None else ():
        for role in rule.roles:
            if role not in principal.roles:
                continue
            for one in (delegate, principal, *others):
                held = next((each for each in rule.roles if each != role and each in one.roles), None)
                if held is not None and bureau is not None:
                    message = say(
                        "“{delegate}”不能代“{principal}”办理：会兼任{one}（“{principal}”）和{other}（“{holder}”）",
                        delegate=delegate.id,
                        principal=principal.id,
                        one=bureau.roles[role].title,
                        other=bureau.roles[held].title,
                        holder=one.id,
                    )
                    return RefusalReason("incompatible", message, basis_of(rule.basis))
    return None
