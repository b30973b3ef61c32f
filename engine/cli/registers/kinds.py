"""What the commands on registers share: which registers there are, and who may change one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from engine.app.history.journal import add_entry
from engine.cli.exits import REFUSED, CommandError

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.lifecycle.model.bureau import Bureau

#: The same as `engine.register.profile.KINDS`, without importing it.
KINDS = click.Choice(("objects", "inspectors", "items", "experts", "people"))


def permitted(application: Application, kind: str, person: str) -> Bureau | None:
    """Return the bureau in force; ends the command where `person` may not change the register `kind`.

    The refused attempt is kept in the journal of the house.
    """
    from engine.app.definitions.current import bureau_of
    from engine.app.people.access import why_not_keep
    from engine.lifecycle.case import EventKind

    with application.store.read() as transaction:
        bureau = bureau_of(application.definitions, transaction)
        refusal = why_not_keep(transaction, bureau, kind, person)
    if refusal is None:
        return bureau
    with application.store.write() as transaction:
        body = {
            "verb": "register",
            "about": kind,
            "reasons": [{"code": "not-allowed", "message": str(refusal)}],
        }
        add_entry(transaction, application.clock.now(), EventKind.REFUSED.value, person, body)
    raise CommandError(refusal, REFUSED)
