"""提请: confirming, rejecting and withdrawing what somebody has proposed. The act itself is done by its own command."""

from __future__ import annotations

from typing import Any

from engine.app.access.command import CommandContext, command
from engine.app.access.proposals import (
    CONFIRMED,
    EXCEPT,
    MAX_AGE,
    OPEN,
    REJECTED,
    ROLES,
    STREAM,
    WAITING,
    WITHDRAWN,
    others_who_agree,
    tell,
)
from engine.app.ports.records import Proposal
from engine.kernel.clean_text import clean
from engine.kernel.refusal import NextAction
from engine.language import Message, say
from engine.lifecycle.command import ENGINE

__all__ = ["Proposal", "confirm", "reject", "withdraw"]


@command("proposal.confirm")
def confirm(context: CommandContext, proposal: str, reason: str | None = None) -> str:
    """Agree to what somebody else has proposed; returns who proposed it, whose command does it now.

    The engine proposes what has to be agreed to before a step that anybody of its role may take.
    """
    found = _open(context, proposal)
    _require_second(context, found)
    if context.now - found.made_at > MAX_AGE:
        days = MAX_AGE.days
        raise context.refusal("proposal", say("“{id}”提请已过 {days} 天，请重新提请", id=proposal, days=days))
    words = _words(context, found)
    if found.by == ENGINE:
        message = say("“{by}”已确认：{title}（{id}），可以办理了", **words)
    else:
        message = say("“{by}”已确认：{title}（{id}）；再运行同一条命令即办理", **words)
    return _decide(context, found, CONFIRMED, reason, message)


@command("proposal.reject")
def reject(context: CommandContext, proposal: str, reason: str) -> str:
    """Refuse what somebody else has proposed, with a reason; returns who proposed it."""
    found = _open(context, proposal)
    _require_second(context, found)
    _require_reason(context, reason)
    return _decide(
        context, found, REJECTED, reason, say("“{by}”已驳回：{title}（{id}）", **_words(context, found))
    )


@command("proposal.withdraw")
def withdraw(context: CommandContext, proposal: str, reason: str | None = None) -> str:
    """Take back what one has proposed oneself, confirmed or not, as long as it is not done; returns who proposed it."""
    found = context.transaction.proposals.get(proposal)
    if found is None or found.by != context.by:
        raise _unknown(context, proposal)
    if found.status not in (OPEN, CONFIRMED):
        raise _settled(context, found)
    return _decide(context, found, WITHDRAWN, reason, None)


def _open(context: CommandContext, proposal: str) -> Proposal:
    found = context.transaction.proposals.get(proposal)
    if found is None:
        raise _unknown(context, proposal)
    if found.status != OPEN:
        raise _settled(context, found)
    return found


def _require_second(context: CommandContext, found: Proposal) -> None:
    """Refuse whoever proposed it, whose doing it is, and everybody but those of the roles that agree, else the administrators, and the person it is about."""
    if context.by == found.by:
        raise context.refusal("not-allowed", say("提请的人不能自己确认或驳回；须由另一人办理"))
    theirs = found.summary.get(EXCEPT) or ()
    roles = found.summary.get(ROLES) or ()
    who = [one for one in others_who_agree(context.transaction, found.by, roles) if one not in theirs]
    who += filter(None, [found.summary.get("person")])
    if context.by not in who:
        message = say(
            "“{person}”不能确认或驳回“{id}”；可由{who}办理",
            person=context.by,
            id=found.id,
            who=sorted(set(who)),
        )
        raise context.refusal("not-allowed", message)


def _require_reason(context: CommandContext, reason: str) -> None:
    if not clean(reason):
        raise context.refusal("reason", say("驳回须说明理由"))


def _decide(
    context: CommandContext, found: Proposal, status: str, reason: str | None, message: Message | None
) -> str:
    context.transaction.proposals.decide(found, status, context.by, context.now, reason)
    body: dict[str, Any] = {"id": found.id, "verb": found.use_case, "by": found.by, "reason": reason}
    context.record(status, body, STREAM)
    if message is not None:
        settled = context.transaction.proposals.get(found.id) or found
        people = found.summary.get(WAITING, [found.by])
        tell(context.transaction, context.now, settled, set(people), message)
    return found.by


def _words(context: CommandContext, found: Proposal) -> dict[str, Any]:
    return {"by": context.by, "title": found.summary["title"], "id": found.id}


def _unknown(context: CommandContext, proposal: str) -> Exception:
    message = say("没有提请“{id}”", id=proposal)
    return context.refusal("proposal", message, next_action=NextAction("list_proposals"))


def _settled(context: CommandContext, found: Proposal) -> Exception:
    message = say("“{id}”已经办结或撤回，不能再办", id=found.id)
    return context.refusal("proposal", message, next_action=NextAction("list_proposals"))
