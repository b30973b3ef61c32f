"""An administrator's lost password, where nobody else can give a new one: done on the machine, and seen by all administrators.

It is asked of the operating system alone: whoever owns the folder of the deployment could write the database anyway.
The entry names the account, and every administrator and everybody who keeps the register of people finds it in their inbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.check import why_denied
from engine.app.access.identity_use_case import before_access
from engine.app.access.table import access_row
from engine.app.definitions.bureau import bureau_of
from engine.app.delivery.inbox_messages import put_into_inboxes
from engine.app.history.retry import retry_on_conflict
from engine.app.people.administrators import named_administrators
from engine.app.people.directory import Directory, is_active
from engine.app.session.refused import CommandRefused
from engine.app.sign_in import sign_in
from engine.app.sign_in.passwords import PasswordsMissingError, hash_password, why_weak
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say

if TYPE_CHECKING:
    from engine.app.commands.credentials import NewPassword
    from engine.app.ports.store import Transaction
    from engine.app.services import Services

__all__ = ["PasswordsMissingError", "recover_password"]

#: How the account of the machine is written in the place of a person.
ACCOUNT = "account:"


@before_access("credential.recover")
def recover_password(
    services: Services, account: str, person: str, password: NewPassword
) -> Refusal | list[str]:
    """Give an administrator a new password as the account of the machine; returns who is sent a message.

    Refused for everybody who does not keep the register of people and is no administrator: an administrator gives them one. Raises
    PasswordsMissingError.
    """
    if problems := why_weak(password.text, person):
        return Refusal(None, "", tuple(RefusalReason("password", message) for message in problems))
    kept = hash_password(password.text)

    def transact() -> list[str]:
        with services.store.write() as transaction:
            _require_administrator(services, transaction, person)
            now, by = services.clock.now(), f"{ACCOUNT}{account}"
            sign_in.put_password_hash(transaction, now, person, kept, by, kind="recovered")
            people = _who(services, transaction)
            text = say(
                "账户“{account}”在本机重设了“{person}”的口令，其令牌已全部撤销；不是本单位安排的，请立即核查",
                account=account,
                person=person,
            )
            last = transaction.events.last("sign-in")
            number = last.seq if last else 0
            put_into_inboxes(
                transaction,
                now,
                people,
                name=f"recovered:{number}",
                about="recovered",
                title=say("口令重设"),
                text=text,
                urgent=True,
            )
        return people

    try:
        return retry_on_conflict(transact)
    except CommandRefused as refused:
        return refused.refusal


def _require_administrator(services: Services, transaction: Transaction, person: str) -> None:
    denied = why_denied(
        transaction,
        lambda inside: bureau_of(services.definitions, inside),
        access_row("administrator.change"),
        person,
    )
    if not is_active(transaction, person) or (
        denied is not None and person not in named_administrators(transaction)
    ):
        message = say("“{person}”不是在岗的管理员；他的口令由管理员重设", person=person)
        raise CommandRefused(Refusal(None, "", (RefusalReason("not-allowed", message),)))


def _who(services: Services, transaction: Transaction) -> list[str]:
    """Return everybody who is sent a message: the administrators, and who may name them."""
    bureau = bureau_of(services.definitions, transaction)
    people = Directory(transaction)
    roles = access_row("administrator.change").roles if bureau is not None else ()
    found = {one for role in roles for one in people.holders(role, None)} | set(
        named_administrators(transaction)
    )
    return sorted(found)
