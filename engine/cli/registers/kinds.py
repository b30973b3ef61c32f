"""What the commands on registers share: which registers there are, and who may change one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.cli.exits import REFUSED, Problem

if TYPE_CHECKING:
    from engine.app.commands.application import Office
    from engine.lifecycle.model import Bureau

#: The same as `engine.register.profile.KINDS`, without importing it.
KINDS = click.Choice(("objects", "inspectors", "items", "experts", "people"))


def permitted(office: Office, kind: str, person: str) -> Bureau | None:
    """Return the bureau in force; ends the command where `person` may not change the register `kind`.

    The refused attempt is kept in the journal of the house.
    """
    from engine.app.people.access import bureau_of, why_not_keep
    from engine.lifecycle.case import EventKind

    with office.store.read() as unit:
        bureau = bureau_of(office, unit)
        refusal = why_not_keep(unit, bureau, kind, person)
    if refusal is None:
        return bureau
    with office.store.write() as unit:
        body = {
            "verb": "register",
            "about": kind,
            "reasons": [{"code": "not-allowed", "message": str(refusal)}],
        }
        office.journal(unit, EventKind.REFUSED.value, person, body)
    raise Problem(refusal, REFUSED)
