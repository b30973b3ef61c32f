"""Asks the access table: may this person do or read that?"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.app.access.scopes import why_out_of_scope
from engine.app.access.table import DEFINITION, NOBODY_YET, SELF, STAFF, AccessRow
from engine.app.people.directory import Directory, find_actor, is_active
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say
from engine.lifecycle.command import SYSTEM

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.model.bureau import Bureau

#: Gives the bureau in force; asked only where roles decide, since it has to be read.
OpenBureau = Callable[["Transaction"], "Bureau | None"]

#: Publishing brings the bureau; before there is one, it asks for roles by their codes alone.
PUBLISH = "definition.publish"

LIST_PEOPLE = NextAction("list_people")


def why_denied(
    transaction: Transaction,
    open_bureau: OpenBureau,
    row: AccessRow,
    person: str,
    about: str | None = None,
) -> RefusalReason | None:
    """Return why `person` may not use `row`, naming who may; None when they may.

    `about` is the person the act is about, for rows that let everybody do it for themselves. While the register of
    people is empty nobody is known yet, so the system itself may make the first entries where the row says so.
    """
    if (out_of_scope := why_out_of_scope(row.use_case, person)) is not None:
        return out_of_scope
    if person == SYSTEM:
        return _why_not_system(transaction, row)
    actor = find_actor(transaction, person)
    if actor is None:
        return _unknown(transaction, row, person)
    active = is_active(transaction, person)
    anybody = STAFF in row.words or DEFINITION in row.words or (SELF in row.words and about == person)
    if active and anybody:
        return None
    if not row.roles:
        message = (
            say("这件事只能由本人（{person}）办理", person=about or "-")
            if SELF in row.words and active
            else say("“{person}”已不在岗", person=person)
        )
        return RefusalReason("not-allowed", message)
    bureau = open_bureau(transaction)
    if bureau is None and row.use_case == PUBLISH and not actor.roles.isdisjoint(row.roles):
        return None
    if bureau is None:
        return RefusalReason(
            "not-allowed",
            say("尚未发布任何流程，角色无从核对"),
            next=NextAction("publish_definitions"),
        )
    allowed = allowed_roles(row, bureau)
    if not actor.roles.isdisjoint(allowed):
        return None
    return RefusalReason("not-allowed", _not_theirs(transaction, row, bureau, person, about))


def allowed_roles(row: AccessRow, bureau: Bureau) -> tuple[str, ...]:
    """Return the roles of a row; where the bureau has none of them, every role of the whole bureau."""
    return _in_bureau(row.roles, bureau)


def agreeing_roles(row: AccessRow, bureau: Bureau) -> tuple[str, ...]:
    """Return the roles of which a second person has to agree, the lowest first; where the bureau has none of them, every role of the whole bureau."""
    return _in_bureau(row.second, bureau)


def _in_bureau(roles: tuple[str, ...], bureau: Bureau) -> tuple[str, ...]:
    known = tuple(role for role in roles if role in bureau.roles)
    return known or tuple(role.id for role in bureau.roles.values() if not role.by_section)


def who_is_allowed(transaction: Transaction, row: AccessRow, bureau: Bureau) -> list[Message]:
    """Return the roles of a row, each with the ids of those who hold it."""
    everybody = Directory(transaction)
    found = []
    for role in allowed_roles(row, bureau):
        people = everybody.holders(role, None)
        title = bureau.roles[role].title
        found.append(
            say("{title}（{people}）", title=title, people=people) if people else say("{title}", title=title)
        )
    return found


def nobody_is_known(transaction: Transaction) -> bool:
    """Tell whether the register of people is still empty."""
    return transaction.registers.summary().get("people", (0, None))[0] == 0


def _why_not_system(transaction: Transaction, row: AccessRow) -> RefusalReason | None:
    if NOBODY_YET not in row.words:
        return RefusalReason("not-allowed", say("不能以 system 的身份办理；请写明由谁办理"))
    if nobody_is_known(transaction):
        return None
    message = (
        say("工作人员名录已有人员，不能再以 system 的身份改动名录")
        if row.use_case.startswith("register.change/")
        else say("工作人员名录已有人员，不能再以 system 的身份办理或查看")
    )
    return RefusalReason("not-allowed", message, next=NextAction("name_who_acts"))


def _unknown(transaction: Transaction, row: AccessRow, person: str) -> RefusalReason:
    if NOBODY_YET in row.words and nobody_is_known(transaction):
        return RefusalReason(
            "not-allowed",
            say("名录中还没有任何人员；首次导入须以 system 的身份，先导入工作人员"),
            next=NextAction("import_people"),
        )
    return RefusalReason("unknown-person", say("名录中没有“{person}”这个人", person=person), next=LIST_PEOPLE)


def _not_theirs(
    transaction: Transaction, row: AccessRow, bureau: Bureau, person: str, about: str | None
) -> Message:
    who = who_is_allowed(transaction, row, bureau)
    if row.use_case == "delegation.change" and about is not None:
        return say(
            "“{by}”不能登记或收回他人的委托；可由“{principal}”本人或{who}办理",
            by=person,
            principal=about,
            who=who,
        )
    if SELF in row.words and about is not None:
        return say(
            "“{by}”不能替他人办理；可由“{principal}”本人或{who}办理", by=person, principal=about, who=who
        )
    if row.use_case.startswith("register.change/"):
        return say("“{person}”不能改动这个名录；可由{who}办理", person=person, who=who)
    return say("“{person}”不能办理此事；可由{who}办理", person=person, who=who)
