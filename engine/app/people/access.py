"""Who keeps which register: the bureau in force, and whether somebody may change a register."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from engine.app.people.directory import Directory, actor_of, find_actor
from engine.app.ports.records import RegisterEntry
from engine.app.ports.store import Transaction
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM
from engine.lifecycle.model.bureau import Bureau
from engine.yamltext.plain import read_plain

PEOPLE = "people"
_KEEPERS = Path(__file__).with_name("keepers.yaml")


def codes_of(bureau: Bureau | None) -> Mapping[str, Mapping[str, str]] | None:
    """Return the code lists register files may use (``sections``, ``roles``: code -> title)."""
    if bureau is None:
        return None
    return {
        "sections": bureau.sections,
        "roles": {role.id: role.title for role in bureau.roles.values()},
    }


def keepers(kind: str, bureau: Bureau) -> tuple[str, ...]:
    """Return the roles that may change a register, from ``keepers.yaml``.

    A bureau that has none of them (its roles are its own) lets every role of the whole bureau do it.
    """
    known = tuple(role for role in _keepers()[kind] if role in bureau.roles)
    return known or tuple(role.id for role in bureau.roles.values() if not role.by_section)


def why_not_keep(transaction: Transaction, bureau: Bureau | None, kind: str, person: str) -> Message | None:
    """Return why `person` may not change the register `kind`, naming who may; None when they may.

    While the register of people is empty nobody is known yet, so the system itself may make the first entries.
    """
    nobody_yet = transaction.registers.summary().get(PEOPLE, (0, None))[0] == 0
    if person == SYSTEM:
        if nobody_yet:
            return None
        return say("工作人员名录已有人员，不能再以 system 的身份改动名录；请用 --as 写明由谁办理")
    actor = find_actor(transaction, person)
    if actor is None and nobody_yet:
        return say(
            "名录中还没有任何人员；首次导入请用 --as system，先导入工作人员（ssj register import people）"
        )
    if actor is None:
        return say("名录中没有“{person}”这个人；用 ssj user list 查看", person=person)
    if bureau is None:
        return say("尚未发布任何流程，角色无从核对；请先运行 ssj workflow publish")
    allowed = keepers(kind, bureau)
    if actor.roles.isdisjoint(allowed):
        who = who_may(transaction, bureau, kind)
        return say("“{person}”不能改动这个名录；可由{who}办理", person=person, who=who)
    return None


def who_may(transaction: Transaction, bureau: Bureau, kind: str) -> list[Message]:
    """Return the roles that may change a register, each with the ids of those who hold it."""
    everybody = Directory(transaction)
    found = []
    for role in keepers(kind, bureau):
        people = everybody.holders(role, None)
        title = bureau.roles[role].title
        found.append(
            say("{title}（{people}）", title=title, people=people) if people else say("{title}", title=title)
        )
    return found


def locks_everybody_out(entries: Iterable[RegisterEntry], bureau: Bureau | None) -> Message | None:
    """Return a sentence when, with these entries as the register of people, nobody could change it any more."""
    if bureau is None:
        return None
    allowed = set(keepers(PEOPLE, bureau))
    if any(allowed & actor_of(entry.id, [entry]).roles for entry in entries):
        return None
    return say(
        "这样一来，没有一个在岗人员能再改动工作人员名录；请至少给一人以下角色之一：{roles}",
        roles=[
            say("{code}（{title}）", code=role, title=bureau.roles[role].title)
            for role in keepers(PEOPLE, bureau)
        ],
    )


@cache
def _keepers() -> Mapping[str, tuple[str, ...]]:
    found, problems = read_plain(_KEEPERS.read_bytes(), _KEEPERS.name)
    if problems:
        raise AssertionError(problems)
    return {kind: tuple(roles) for kind, roles in found.items()}
