"""What the history of a case tells a verb: where the case has been, its clocks, its last step, how often it was urged."""

from __future__ import annotations

from collections.abc import Iterable

from engine.lifecycle.case import Change, EventKind, RunningClock
from engine.lifecycle.chain import Event
from engine.lifecycle.command import ENGINE, Move, Passage
from engine.office.audit import replay

#: What the house itself notes does not count as somebody having acted.
_BESIDES = frozenset({EventKind.REFUSED.value, EventKind.URGED.value, EventKind.RECOMPUTED.value})
#: Ways of changing the state that can be taken back.
_STEPS = frozenset({EventKind.ADVANCED.value, EventKind.RETURNED.value})


def passage_of(events: Iterable[Event]) -> Passage:
    """Return what the events of one case, oldest first, say of its way."""
    history = list(events)
    states: dict[str, None] = {}
    clocks: dict[str, RunningClock] = {}
    moved = urged = 0
    for number, event in enumerate(history):
        if "state" in event.body:
            states[str(event.body["state"])] = None
            moved, urged = number, 0
        if event.kind == EventKind.URGED.value:
            urged += 1
        clocks.update({name: clock for name, clock in _clocks(event).items() if clock is not None})
    return Passage(states=tuple(states), clocks=clocks, last=_last(history, moved), urged=urged)


def _clocks(event: Event) -> dict[str, RunningClock | None]:
    return dict(Change.from_json({"clocks": event.body["clocks"]}).clocks) if "clocks" in event.body else {}


def _last(history: list[Event], moved: int) -> Move | None:
    """Return the move that brought the case where it is, if it was a step."""
    if moved == 0:
        return None
    move = history[moved]
    if move.kind not in _STEPS:
        return None
    others = (e.actor for e in history[moved + 1 :] if e.kind not in _BESIDES)
    return Move(
        actor=move.actor,
        step=str(move.body.get("step", "")),
        title=str(move.body.get("title", move.kind)),
        before=replay(history[:moved]),
        principal=move.body.get("for"),
        acted_since=next((who for who in others if who not in (ENGINE, move.actor)), None),
    )
