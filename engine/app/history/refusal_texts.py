"""Texts of refused attempts stand beside the histories and not in them: they quote what was typed.

The entry keeps who tried what, when, and the codes of the reasons; what the reasons say, what it was about and where it
came from are a row of `personal_value`, under an id that the entry has in their place. Once the row is destroyed the
history verifies as before, and nobody reads the texts again.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.sealed_texts import Entropy
from engine.app.ports.audit.personal_values import OF_REFUSALS, PersonalValue
from engine.lifecycle.forms.personal import FORGOTTEN

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

REFUSED = "refused"
#: Under which an entry has the id of its texts.
TEXTS = "texts"
#: What may hold what somebody typed; of reasons everything but their codes.
_TYPED = ("about", "asked", "origin")
_ATTEMPT, _REASONS = "attempt", "reasons"
_BYTES = 16


def without_texts(
    transaction: Transaction,
    now: datetime,
    place: tuple[str, int],
    body: Mapping[str, Any],
    entropy: Entropy | None,
    known: Container[str] = (),
) -> dict[str, Any]:
    """Return the body of a refused entry without its texts, which are kept apart.

    `place` is the history and the number of the entry. What was attempted stays where it is one of `known`, the words of
    the program or of a definition. Without `entropy` everything stays: an id that can be guessed would let the texts be guessed.
    """
    if entropy is None:
        return dict(body)
    kept = {name: body[name] for name in _TYPED if body.get(name)}
    if body.get(_ATTEMPT) and body[_ATTEMPT] not in known:
        kept[_ATTEMPT] = body[_ATTEMPT]
    written = {name: one for name, one in body.items() if name not in kept and name != _REASONS}
    if reasons := body.get(_REASONS):
        kept[_REASONS] = list(reasons)
        written[_REASONS] = [{"code": one["code"]} for one in reasons]
    if not kept:
        return written
    stream, seq = place
    random = entropy(f"texts of a refusal {stream}/{seq}", 2 * _BYTES)
    row = PersonalValue(random[:_BYTES].hex(), OF_REFUSALS, now, random[_BYTES:].hex(), kept)
    transaction.personal_values.add([row])
    return {**written, TEXTS: row.id}


def add_refusal(
    transaction: Transaction,
    now: datetime,
    actor: str,
    body: Mapping[str, Any],
    entropy: Entropy | None,
    stream: str = "office",
) -> None:
    """Append a refused attempt to a history that belongs to no case, its texts apart."""
    last = transaction.events.last(stream)
    place = (stream, last.seq + 1 if last is not None else 1)
    add_entry(transaction, now, REFUSED, actor, without_texts(transaction, now, place, body, entropy), stream)


def with_texts(transaction: Transaction, bodies: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return bodies of entries with the texts that are kept apart; `FORGOTTEN` in the place of those that are destroyed."""
    ids = [str(body[TEXTS]) for body in bodies if TEXTS in body]
    kept = transaction.personal_values.some(ids) if ids else {}
    return [_opened(body, kept) if TEXTS in body else dict(body) for body in bodies]


def _opened(body: Mapping[str, Any], kept: Mapping[str, PersonalValue]) -> dict[str, Any]:
    rest = {name: one for name, one in body.items() if name != TEXTS}
    found = kept.get(str(body[TEXTS]))
    if found is not None:
        return {**rest, **found.values}
    gone = [{**one, "message": FORGOTTEN} for one in body.get(_REASONS, ())]
    return {**rest, "about": FORGOTTEN, **({_REASONS: gone} if gone else {})}


def ids_of_texts(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the texts that stand beside these entries."""
    return [str(body[TEXTS]) for body in bodies if TEXTS in body]
