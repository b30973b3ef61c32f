"""Which parts of a refused attempt quote what was typed: they stand beside the history as `sealed_texts` has it.

The entry keeps who tried what, when, and the codes of the reasons; what the reasons say, what it was about and where it
came from are kept under an id of the entry.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.app.history.journal import add_entry
from engine.app.history.sealed_texts import Entropy, kept_under, under_one_id
from engine.app.ports.audit.personal_values import OF_REFUSALS
from engine.lifecycle.forms.personal import FORGOTTEN

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

REFUSED = "refused"
#: Under which an entry has the id of its texts.
TEXTS = "texts"
#: What may hold what somebody typed; of reasons everything but their codes.
_TYPED = ("about", "asked", "origin")
_ATTEMPT, _REASONS = "attempt", "reasons"


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
    purpose = f"texts of a refusal {stream}/{seq}"
    return {**written, TEXTS: under_one_id(transaction, now, OF_REFUSALS, kept, entropy, purpose)}


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
    kept = kept_under(transaction, ids_of_texts(bodies))
    return [_opened(body, kept) if TEXTS in body else dict(body) for body in bodies]


def _opened(body: Mapping[str, Any], kept: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    rest = {name: one for name, one in body.items() if name != TEXTS}
    found = kept.get(str(body[TEXTS]))
    if found is not None:
        return {**rest, **found}
    gone = [{**one, "message": FORGOTTEN} for one in body.get(_REASONS, ())]
    return {**rest, "about": FORGOTTEN, **({_REASONS: gone} if gone else {})}


def ids_of_texts(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the ids of the texts that stand beside these entries."""
    return [str(body[TEXTS]) for body in bodies if TEXTS in body]
