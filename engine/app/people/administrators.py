"""管理员: the people whom the deployment names to confirm what two have to agree to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.app.people.directory import find_actor, in_office, is_active

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

#: The setting that names them; `init` does first.
SETTING = "administrators"


def named_administrators(transaction: Transaction) -> tuple[str, ...]:
    """Return the ids of the administrators that are named, those who are not there any more or not yet too."""
    return tuple(transaction.settings.get(SETTING) or ())


def name_administrators(transaction: Transaction, people: Sequence[str]) -> None:
    """Name the administrators."""
    transaction.settings.put(SETTING, list(dict.fromkeys(people)))


def other_administrators(transaction: Transaction, person: str) -> list[str]:
    """Return the administrators who work here, `person` left out: any of them can be the second."""
    return [one for one in named_administrators(transaction) if one != person and is_active(transaction, one)]


def away_administrators(transaction: Transaction, person: str) -> list[str]:
    """Return the administrators whom a register has and who do not work here, `person` left out.

    Who is named and was never entered is not there yet: until then one acts alone, marked. Who was here and is away, or has
    left, is a second who cannot be asked: nobody acts alone for that.
    """
    return [
        one
        for one in named_administrators(transaction)
        if one != person and find_actor(transaction, one) is not None and not is_active(transaction, one)
    ]


def away_in_roles(
    transaction: Transaction, person: str, roles: Sequence[tuple[str, str | None]]
) -> list[str]:
    """Return whom the register of people has with one of `roles`, each in its section, and who do not work here; `person` left out."""
    wanted = {role for role, _ in roles}
    ids = {one for role in wanted for one in transaction.registers.with_role("people", role)}
    return sorted(
        one
        for one, entry in transaction.registers.some("people", sorted(ids - {person})).items()
        if not in_office(entry)
        and any(
            role in (entry.data.get("roles") or ()) and section in (None, entry.section)
            for role, section in roles
        )
    )
