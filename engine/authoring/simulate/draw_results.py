"""Made-up results of the lotteries that draws name, for the demonstration and for simulation: the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.app.draws.v2 import stored
from engine.app.draws.v2.issues import format_results
from engine.app.queries import Transaction
from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Transition
from engine.synthetic import choice as chance

#: Lottery -> its zones: how many balls of how many.
_ZONES = {"ssq": ((6, 33), (1, 16)), "dlt": ((5, 35), (2, 12))}
_DIGITS = {"fc3d": 3, "pl3": 3, "pl5": 5}

#: How an effect names a field of the form that is filled in.
_OF_FORM = "form."


def draw_results(transaction: Transaction, case: Case, seed: str) -> str:
    """Return what is typed of the results a draw of the case waits for; an empty text where it waits for none."""
    row = transaction.records.draw(case.id)
    if row is None or not row.public:
        return ""
    sources = stored.draw_of(row).commitment["sources"]
    return format_results(sources, [made_up_result(source, seed) for source in sources])


def results_field(transition: Transition) -> str | None:
    """Return the name of the field of its form that a step takes the results of a draw from; None where it takes none."""
    for effect in transition.then:
        written = getattr(effect.arguments.get("entropy"), "source", "")
        if effect.kind in ("enter", "draw") and written.startswith(_OF_FORM):
            return str(written.removeprefix(_OF_FORM))
    return None


def made_up_result(source: Mapping[str, Any], seed: str) -> str:
    """Return a result of a lottery or of dice, the same for everybody who asks for the same issue."""
    kind = source["kind"]
    part = (seed, kind, source["issue"] or source["day"])
    if kind in _ZONES:
        zones = (
            [f"{ball:02}" for ball in _balls(*zone, *part, place)] for place, zone in enumerate(_ZONES[kind])
        )
        return "+".join(".".join(balls) for balls in zones)
    return chance.digits(_DIGITS.get(kind) or source["digits"], *part)


def _balls(count: int, most: int, *part: object) -> list[int]:
    left = list(range(1, most + 1))
    return sorted(left.pop(chance.between(0, len(left) - 1, *part, number)) for number in range(count))
