"""What a change of a register asks a second person to agree to: the rights it gives, moves and takes."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.app.access.proposals import RIGHTS, SecondPerson
from engine.app.people.rights import (
    RightsChange,
    needs_two,
    rights_changed,
    why_too_few_administrators,
)
from engine.app.session.refused import CommandRefused
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.lifecycle.chain import canonical

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.ports.store import Transaction

#: So many people are named in a summary, and so many in its title; all are counted, and the digest is over all.
LISTED, NAMED = 200, 5


def second_for_rights(
    transaction: Transaction, kind: str, put: Sequence[RegisterEntry], remove: Sequence[str]
) -> SecondPerson | None:
    """Return what two agree to where entries of a register are put and removed: all of it at once; None where one may.

    Raises CommandRefused where fewer than two administrators would be left.
    """
    changed = rights_changed(transaction, kind, put, remove)
    if not needs_two(transaction, changed):
        return None
    if (reason := why_too_few_administrators(transaction, kind, put, remove)) is not None:
        raise CommandRefused(Refusal(None, "", (reason,)))
    people = changed.people
    return SecondPerson(
        say(
            "改动名录“{kind}”，{count} 人的权限有变动（角色、股室、在岗、检查人员、上级、回避）：{people}",
            kind=kind,
            count=len(people),
            people=[
                say("{person}（{rights}）", person=one, rights=list(changed.of(one)))
                for one in people[:NAMED]
            ],
        ),
        about=kind,
        summary=summary_of_rights(changed),
        concerned=tuple(people),
    )


def summary_of_rights(changed: RightsChange) -> dict[str, Any]:
    """Return a change of rights as a proposal has it: whose, what, how many, and the digest over all of them."""
    of = {person: list(changed.of(person)) for person in changed.people}
    return {
        RIGHTS: {
            "people": {person: of[person] for person in list(of)[:LISTED]},
            "count": len(of),
            "digest": hashlib.sha256(canonical(of).encode()).hexdigest(),
        }
    }
