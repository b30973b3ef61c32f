"""Which objects are drawn: in each stratum the lowest tickets of lots; and who is visited once some are struck."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.tickets import Ticket, TicketMachine, extract
from engine.draw.v2.rosters import PublicRow, RosterObject
from engine.draw.v2.sealing import opening_of
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


def openings(
    rules: Mapping[str, Any],
    strata: Sequence[Mapping[str, Any]],
    visits: Sequence[Mapping[str, Any]],
    removals: Sequence[Mapping[str, Any]],
    rows: Iterable[RosterObject],
    tickets: TicketMachine,
) -> list[dict[str, Any]]:
    """Return by lot what opens that somebody takes part or not: of those drawn, struck, visited, and of those passed over.

    Passed over is who does not take part and comes, in the order of its stratum, before the last one drawn or visited there; where
    the order ran out, everybody in it who does not. Whoever comes later stays closed.
    """
    ends = {one["stratum"]: _end(rules, one, visits) for one in strata if one["quota"]}
    shown = {drawn["lot"] for one in strata for drawn in one["drawn"]}
    shown |= {one["lot"] for one in (*visits, *removals)}
    found = []
    for row in rows:
        if row.lot in shown:
            found.append({"lot": row.lot, "takes_part": True, "salt": opening_of(row.salt)})
        elif not row.eligible and row.stratum in ends:
            end = ends[row.stratum]
            if end is None or (tickets.ticket(row.lot).hex(), row.lot) < end:
                found.append({"lot": row.lot, "takes_part": False, "salt": opening_of(row.salt)})
    return sorted(found, key=lambda one: str(one["lot"]))


def _end(
    rules: Mapping[str, Any], result: Mapping[str, Any], visits: Sequence[Mapping[str, Any]]
) -> tuple[str, str] | None:
    """Return ticket and lot of the last one drawn or visited in a stratum, None where the order ran out."""
    mine = [one for one in visits if one["stratum"] == result["stratum"]]
    wanted = [len(result["drawn"]), *([len(mine)] if rules["on_removal"] == "fill" else [])]
    if min(wanted) < result["quota"]:
        return None
    return max((one["ticket"], one["lot"]) for one in (*result["drawn"], *mine))


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
