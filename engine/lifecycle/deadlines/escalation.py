"""How a missed deadline is escalated: whom it is put before, who takes the task over, and the message they get.

The only place that decides it. Execution looks up who holds a role, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.language import Message, say
from engine.lifecycle.deadlines.period_text import describe_period
from engine.lifecycle.model.overdue import OverdueStep
from engine.value import value


@value
class Escalation:
    """升级督办: `message` goes to the first role of `chain` that somebody holds."""

    chain: tuple[str, ...]
    message: Message


@value
class Handover:
    """自动转办: the holder of `role` with the fewest tasks takes the task over and gets `message`."""

    role: str
    message: Message


def escalation_of(
    step: OverdueStep, repetitions: int, values: Mapping[str, Any]
) -> tuple[Escalation | None, Handover | None]:
    """Return what a step of being late does besides telling `notify`, when it has come `repetitions` times before.

    Each repetition puts the matter before the next role of the chain, and stays with the last. `values` fill the
    sentences: ``case id clock due state task basis``.
    """
    escalation = handover = None
    if step.escalation_chain:
        message = say("升级督办：“{case}”（{id}）的“{clock}”应于{due}办结，已逾期{task}{basis}", **values)
        first = min(repetitions, len(step.escalation_chain) - 1)
        escalation = Escalation(step.escalation_chain[first:], message)
    if step.new_assignee_role is not None:
        message = say(
            "自动转办：“{case}”（{id}）的“{clock}”应于{due}办结，已逾期，现转由您办理“{state}”{basis}",
            **values,
        )
        handover = Handover(step.new_assignee_role, message)
    return escalation, handover


def describe_overdue_step(step: OverdueStep, title_of: Callable[[str], str]) -> Message:
    """Return a step of being late in words; `title_of` gives the title of a role or party."""
    late = (
        say("一逾期") if step.after.count == 0 else say("逾期满 {period}", period=describe_period(step.after))
    )
    acts: list[Message] = []
    if step.notify:
        acts.append(say("通知{who}", who=[title_of(name) for name in step.notify]))
    if step.fallback_roles:
        chain = [title_of(role) for role in step.escalation_chain]
        acts.append(say("升级督办，逐级报{chain}", chain=chain))
    elif step.escalate:
        acts.append(say("升级督办，报{who}", who=title_of(step.escalate)))
    if step.new_assignee_role:
        acts.append(say("自动转办给{who}中待办最少的一人", who=title_of(step.new_assignee_role)))
    if step.urgent:
        acts.append(say("即时送达，不等上班时间"))
    if step.every is not None:
        acts.append(say("此后每 {period} 一次", period=describe_period(step.every)))
    return say("{late}，{acts}", late=late, acts=acts)
