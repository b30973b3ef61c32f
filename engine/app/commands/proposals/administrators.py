"""Naming the administrators: the people who confirm what two have to agree to."""

from __future__ import annotations

from collections.abc import Sequence

from engine.app.access.command import CommandContext, command
from engine.app.access.proposals import STREAM, SecondPerson
from engine.app.people.administrators import name_administrators, named_administrators
from engine.app.people.directory import is_active
from engine.kernel.refusal import NextAction
from engine.language import say
from engine.lifecycle.command import SYSTEM

#: With fewer nobody could agree to what one of them proposes.
MIN_ADMINISTRATORS = 2


def _two_agree(context: CommandContext, people: Sequence[str]) -> SecondPerson:  # noqa: ARG001 - every change is agreed to
    return SecondPerson(
        say("管理员改为 {people}", people=list(people)), summary={"administrators": list(people)}
    )


@command("administrator.change", second=_two_agree)
def set_administrators(context: CommandContext, people: Sequence[str]) -> list[str]:
    """Name the administrators, at least two; returns those who were named before.

    Before anybody is entered in the register of people the system names them (`init`).
    """
    named = list(dict.fromkeys(people))
    if len(named) < MIN_ADMINISTRATORS:
        raise context.refusal(
            "administrators", say("管理员至少要有 {least} 人，各不相同", least=MIN_ADMINISTRATORS)
        )
    if context.by != SYSTEM and (
        strange := [one for one in named if not is_active(context.transaction, one)]
    ):
        raise context.refusal(
            "unknown-person",
            say("名录中没有在岗的“{person}”", person=strange[0]),
            next_action=NextAction("list_people"),
        )
    before = list(named_administrators(context.transaction))
    name_administrators(context.transaction, named)
    context.record("administrators", {"from": before, "to": named}, STREAM)
    return before
