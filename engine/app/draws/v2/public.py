"""What the public page of a draw of ssj-draw/2 shows.

Those who are visited are named, by id, without class, ticket or pseudonym: any of them would tell the class of a firm from the
public roster. Who goes where, who was excluded for what, how many of a class take part, and why somebody was replaced stay out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from engine.app.draws.v2 import stored
from engine.app.draws.v2.issues import format_results, titled
from engine.draw.v2.anchors import Anchored, anchor_of
from engine.draw.v2.randomness.sources import ZONE, known_on
from engine.draw.v2.shapes import canonical_bytes
from engine.draw.v2.story import progress_of
from engine.draw.v2.visits import visits_of
from engine.kernel.digests import Digests
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.draw.v2.acts import Draw
    from engine.draw.v2.log import PublicLog


def public_draw(transaction: Transaction, row: DrawRow, void_reasons: Mapping[str, str]) -> dict[str, Any]:
    """Return what may be shown of a draw to everybody."""
    draw, log = stored.draw_of(row), stored.read_log(transaction)
    made = draw.commitment
    drawn = {one["stratum"]: len(one["drawn"]) for one in draw.strata}
    visits = sorted(visits_of(draw), key=lambda visit: visit.row.object_id.encode())
    digests = Digests.of(canonical_bytes(made))
    return {
        "number": row.number,
        "status": row.status,
        "protocol": made["spec"],
        "commitment_sha256": digests.sha256,
        "commitment_sm3": digests.sm3,
        "roster_sha256": made["objects"]["root"],
        "entropy_rule": str(rule_of(draw)),
        "entropy": format_results(made["sources"], draw.values) if draw.values else None,
        "entropy_sources": [titled(source) for source in made["sources"]],
        "proof": str(proof_of(draw, log)),
        "pool_size": made["objects"]["rows"],
        "strata": [
            {
                "name": quota["stratum"],
                "size": quota["listed"],
                "source": made["register_counts"].get(quota["stratum"], 0)
                if "register_counts" in made
                else "",
                "eligible": able_of(quota),
                "ratio": ratio,
                "drawn": drawn.get(quota["stratum"], quota["quota"]),
                "cutoff": cutoff,
            }
            for quota, ratio, cutoff in strata_of(draw)
        ],
        "selected": [
            {"position": position, "id": visit.row.object_id, "name": visit.row.name}
            for position, visit in enumerate(visits, 1)
        ],
        "removals": [{"id": one["lot"], "reason": one["reason"]} for one in draw.removals],
        "void_reason": void_reason(draw, log, void_reasons),
    }


def strata_of(draw: Draw) -> Iterator[tuple[Mapping[str, Any], str, str | None]]:
    """Yield the quota of each stratum, its ratio (empty where a count is drawn), and its highest ticket once it is drawn."""
    results = {one["stratum"]: one["cutoff"] for one in draw.strata}
    rules = {
        one["stratum"]: one["bands"][0]["ratio"] or "" for one in draw.commitment["object_rules"]["strata"]
    }
    for quota in draw.commitment["quotas"]:
        yield quota, rules.get(quota["stratum"], ""), results.get(quota["stratum"])


def able_of(quota: Mapping[str, Any]) -> int | str:
    """Return how many of a stratum take part, or that it is not public: beside an earlier list it would tell who left it."""
    return int(quota["eligible"]) if "eligible" in quota else str(say("不公开"))


def rule_of(draw: Draw) -> Message:
    """Return the sources of a draw as a sentence."""
    sources = [
        say("{source}（{day}）", source=titled(one), day=one["day"]) for one in draw.commitment["sources"]
    ]
    return say(
        "{sources}；{known_on} 起可以录入，{draw_by} 以前不抽即失效",
        sources=sources,
        known_on=known_on(draw.commitment["sources"]),
        draw_by=draw.commitment["draw_by"],
    )


def anchored(draw: Draw, log: PublicLog) -> Anchored | None:
    """Return the signature that holds the commitment, or None."""
    lines = log.of(draw.name, "commit")
    return anchor_of(log, draw.commitment, lines[0]) if lines else None


def proof_of(draw: Draw, log: PublicLog) -> Message:
    """Return who vouches for the commitment from outside, or that nobody does."""
    if draw.commitment["anchor"]["mode"] == "none":
        return say("无外部凭据：{reason}", reason=draw.commitment["anchor"]["reason"])
    found = anchored(draw, log)
    if found is None:
        return say(
            "尚无外部凭据：须由{parties}在开奖日之前签名",
            parties=[p["name"] for p in draw.commitment["anchor"]["parties"]],
        )
    at = datetime.fromisoformat(found.at[:-1]).replace(tzinfo=UTC).astimezone(ZONE)
    signed = say(
        "{party}于 {at} 签名（公钥 {key}）", party=found.party, at=f"{at:%Y-%m-%d %H:%M}", key=found.key
    )
    return say("{signed}；签名方为虚构，不作凭据", signed=signed) if found.sample else signed


def void_reason(draw: Draw, log: PublicLog, titles: Mapping[str, str]) -> str | None:
    """Return why a draw was voided, in words where the bureau has some."""
    lines = log.of(draw.name, "void")
    if not lines:
        return None
    reason = str(lines[0].body["reason"])
    return titles.get(reason, reason)


def yearly_rates(log: PublicLog) -> list[dict[str, Any]]:
    """Return for each year: commitments, what became of them, removals, replacements, and those without proof from outside."""
    found, _ = progress_of(log)
    last = log.lines[-1].at[:10] if log.lines else ""
    years: dict[str, Counter[str]] = {}
    for one in found.values():
        year = years.setdefault(str(one.line.at)[:4], Counter())
        year["commitments"] += 1
        year[one.state(last)] += 1
        year["without_proof"] += one.line.body["anchor"] == "none"
        year["removals"] += one.kinds["remove"]
        year["replacements"] += one.kinds["replace"]
    names = ("commitments", "drawn", "void", "lapsed", "open", "without_proof", "removals", "replacements")
    return [{"year": year, **{name: count[name] for name in names}} for year, count in sorted(years.items())]
