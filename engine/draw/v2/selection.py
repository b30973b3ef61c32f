"""Which objects are drawn: in each stratum the lowest tickets of lots; and who is visited once some are struck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.tickets import Ticket, TicketMachine, extract
from engine.draw.v2.rosters import PublicRow, RosterObject
from engine.draw.v2.shapes import DIGEST, LOT, filled, matching, number
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

DRAWN = {"lot": matching(LOT), "position": number, "ticket": matching(DIGEST)}
STRATUM_RESULT = {
    "stratum": filled,
    "quota": number,
    "cutoff": lambda value: value == "" or matching(DIGEST)(value),
    "drawn": [DRAWN],
}
REMOVAL = {"lot": matching(LOT), "reason": filled, "evidence": matching(DIGEST)}
VISIT = DRAWN | {"stratum": filled}


def machine_of(code: bytes, entropy: str) -> TicketMachine:
    """Return what gives lots their tickets."""
    return TicketMachine(extract(code, entropy))


def select(
    quotas: Sequence[Mapping[str, Any]], rows: Iterable[RosterObject | PublicRow], tickets: TicketMachine
) -> list[dict[str, Any]]:
    """Return the result of every stratum."""
    lots = _lots(rows)
    found = []
    for quota in quotas:
        drawn = _drawn(tickets.lowest(lots[quota["stratum"]], quota["quota"]), 1)
        found.append(
            {
                "stratum": quota["stratum"],
                "quota": quota["quota"],
                "cutoff": drawn[-1]["ticket"] if drawn else "",
                "drawn": drawn,
            }
        )
    return found


def visits_after(
    rules: Mapping[str, Any],
    strata: Sequence[Mapping[str, Any]],
    rows: Iterable[RosterObject | PublicRow],
    tickets: TicketMachine,
    removals: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """Return the objects to visit, lowest ticket first. Raises `DrawRefused` for a removal that is not allowed."""
    struck = {removal["lot"] for removal in removals}
    problems = _removal_problems(rules, removals)
    lots = _lots(rows) if struck else {}
    visits: list[dict[str, Any]] = []
    for result in strata:
        name, wanted = result["stratum"], result["quota"]
        order = list(result["drawn"])
        mine = struck & set(lots.get(name, ()))
        if mine and rules["on_removal"] == "fill":
            # Enough of the order to fill every struck place, whoever is struck.
            order = _drawn(tickets.lowest(lots[name], wanted + len(mine)), 1)
        kept = [drawn for drawn in order if drawn["lot"] not in struck][:wanted]
        full = rules["on_removal"] == "shrink" or len(kept) == wanted
        reach = max([wanted, *(drawn["position"] for drawn in kept)]) if full else len(order)
        struck -= {drawn["lot"] for drawn in order[:reach]}
        visits += [{**drawn, "stratum": name} for drawn in kept]
    problems += [_no(say("{lot} 不在抽中名单里，不能剔除", lot=lot)) for lot in sorted(struck)]
    refuse_if(problems)
    return sorted(visits, key=lambda drawn: (drawn["ticket"], drawn["lot"]))


def _lots(rows: Iterable[RosterObject | PublicRow]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.eligible:
            found[row.stratum].append(row.lot)
    return found


def _drawn(order: Iterable[Ticket], first: int) -> list[dict[str, Any]]:
    return [
        {"lot": lot, "position": position, "ticket": ticket.hex()}
        for position, (ticket, lot) in enumerate(order, first)
    ]


def _removal_problems(rules: Mapping[str, Any], removals: Sequence[Mapping[str, Any]]) -> list[RefusalReason]:
    allowed = rules["removal_reasons"]
    problems = [
        _no(say("{lot} 的剔除理由“{seen}”不在承诺的范围", lot=removal["lot"], seen=removal["reason"]))
        for removal in removals
        if removal["reason"] not in allowed
    ]
    if len({removal["lot"] for removal in removals}) != len(removals):
        problems.append(_no(say("有对象剔除了两次")))
    return problems


def _no(message: Message) -> RefusalReason:
    return RefusalReason("removal", message)
