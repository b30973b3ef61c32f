"""Which objects are drawn: per stratum the lowest tickets, as many as the commitment says."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from engine.draw.commitment import Commitment, DrawProfile, DrawRules, compute_quotas, stratum_of
from engine.draw.entropy import OPEN_CODE, entropy_problems, is_trial, parse_code, reveal_problems
from engine.draw.refused import refuse_if
from engine.draw.roster import Count, ObjectRow
from engine.draw.tickets import TicketMachine, extract
from engine.kernel.refusal import RefusalReason
from engine.language import say


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawn object. `ticket` is 64 hex digits, `position` counts from 1 within the stratum."""

    object_id: str
    stratum: str
    position: int
    ticket: str


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What one stratum gave. Whoever's ticket is not above `cutoff` was drawn."""

    stratum: str
    listed: int
    eligible: int
    quota: int
    #: The highest ticket that was drawn, or empty when none was.
    cutoff: str
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """The drawn objects of all strata, strata ordered by the bytes of their names."""

    batch_id: str
    draw_no: int
    strata: tuple[StratumResult, ...]

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """All drawn objects, lowest ticket first."""
        everything = (drawn for stratum in self.strata for drawn in stratum.drawn)
        return tuple(sorted(everything, key=lambda drawn: (drawn.ticket, drawn.object_id)))

    @property
    def trial(self) -> bool:
        """Whether this was only a trial."""
        return is_trial(self.batch_id)


@dataclass(frozen=True, slots=True)
class Removal:
    """A drawn object struck from the list before people are drawn, with the evidence for it."""

    object_id: str
    reason: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a draw will bring, known before it: counts, never names."""

    quotas: dict[str, int]
    #: Stratum -> the chance of each eligible object.
    chances: dict[str, Fraction]
    visits: int
    jobs: int
    #: Drawn objects over all listed ones.
    coverage: Fraction
    warnings: tuple[RefusalReason, ...]


def forecast(rules: DrawRules, rows: Sequence[ObjectRow]) -> Forecast:
    """Return what `rules` give on `rows`. Raises `DrawRefused` for rules that cannot be used."""
    _, allocation = compute_quotas(rules, rows)
    return Forecast(
        {quota.stratum: quota.quota for quota in allocation.quotas},
        {quota.stratum: quota.chance for quota in allocation.quotas},
        allocation.total,
        allocation.total * len(rules.slots),
        Fraction(allocation.total, len(rows)) if rows else Fraction(0),
        allocation.warnings,
    )


def year_chance(chances: Iterable[Fraction]) -> Fraction:
    """Return the chance of being drawn at least once in independent draws with `chances`: 1 - Π(1 - π)."""
    missed = Fraction(1)
    for chance in chances:
        missed *= 1 - chance
    return 1 - missed


def machine(commitment: Commitment, entropy: str, codes: Sequence[str]) -> TicketMachine:
    """Return the ticket machine of a draw.

    `codes` are the custodians' codes in hex, in the order of the commitment; none for an open draw. Raises `DrawRefused`
    when the entropy is not what was committed to or a code does not lead to its head.
    """
    heads = [(custodian.name, custodian.head) for custodian in commitment.custodians]
    refuse_if(
        [
            *entropy_problems(entropy, commitment.entropy_sources, commitment.batch_id),
            *reveal_problems(heads, codes),
        ]
    )
    key = (
        OPEN_CODE if commitment.profile is DrawProfile.OPEN else b"".join(parse_code(code) for code in codes)
    )
    return TicketMachine(extract(key, entropy))


def eligible_by_stratum(rules: DrawRules, rows: Iterable[ObjectRow]) -> dict[str, list[str]]:
    """Return the ids that can be drawn, per stratum."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row.eligible:
            found[stratum_of(rules, row)].append(row.object_id)
    return found


def select_objects(
    commitment: Commitment, rows: Iterable[ObjectRow], entropy: str, codes: Sequence[str] = ()
) -> Selection:
    """Return the drawn objects. `rows` are those of the roster the commitment names (`verify` checks that).

    An object has one ticket per batch, whatever items it is checked for. Raises `DrawRefused` as `machine` does.
    """
    tickets = machine(commitment, entropy, codes)
    ids = eligible_by_stratum(commitment.rules, rows)
    return Selection(
        commitment.batch_id,
        commitment.draw_no,
        tuple(
            _draw(
                tickets,
                quota.stratum,
                Count(quota.listed, quota.eligible),
                ids.get(quota.stratum, []),
                quota.quota,
            )
            for quota in commitment.quotas
        ),
    )


def reserve(
    commitment: Commitment, rows: Iterable[ObjectRow], tickets: TicketMachine, stratum: str
) -> Iterator[Drawn]:
    """Yield the objects of `stratum` that follow the drawn ones, in order, worked out as they are asked for."""
    ids = eligible_by_stratum(commitment.rules, rows).get(stratum, [])
    after = commitment.quota_by_stratum.get(stratum, 0)
    for position, (ticket, object_id) in enumerate(tickets.reserve(ids, after), after + 1):
        yield Drawn(object_id, stratum, position, ticket.hex())


def after_removals(
    commitment: Commitment,
    rows: Iterable[ObjectRow],
    tickets: TicketMachine,
    selection: Selection,
    removals: Sequence[Removal],
) -> tuple[Drawn, ...]:
    """Return the objects to visit, lowest ticket first, once `removals` are struck.

    Under ``fill`` the next ticket of the same stratum takes each struck place; it can itself be struck.
    Raises `DrawRefused` for a removal that is not on the list, is given twice, or has a reason the rules do not know.
    """
    rows = list(rows)
    struck = {removal.object_id for removal in removals}
    visits: list[Drawn] = []
    for result in selection.strata:
        visited = [drawn for drawn in result.drawn if drawn.object_id not in struck]
        if commitment.rules.on_removal == "fill" and len(visited) < len(result.drawn):
            for drawn in reserve(commitment, rows, tickets, result.stratum):
                if len(visited) == len(result.drawn):
                    break
                if drawn.object_id not in struck:
                    visited.append(drawn)
        visits += visited
    refuse_if(_removal_problems(commitment, rows, tickets, selection, removals, visits))
    return tuple(sorted(visits, key=lambda drawn: (drawn.ticket, drawn.object_id)))


def _draw(
    tickets: TicketMachine, stratum: str, count: Count, ids: Sequence[str], quota: int
) -> StratumResult:
    drawn = tuple(
        Drawn(object_id, stratum, position, ticket.hex())
        for position, (ticket, object_id) in enumerate(tickets.lowest(ids, quota), 1)
    )
    return StratumResult(
        stratum, count.listed, count.eligible, quota, drawn[-1].ticket if drawn else "", drawn
    )


def _removal_problems(
    commitment: Commitment,
    rows: Sequence[ObjectRow],
    tickets: TicketMachine,
    selection: Selection,
    removals: Sequence[Removal],
    visits: Sequence[Drawn],
) -> Iterator[RefusalReason]:
    stratum = {row.object_id: stratum_of(commitment.rules, row) for row in rows if row.eligible}
    last: dict[str, tuple[str, str]] = {}
    for drawn in [*selection.drawn, *visits]:
        last[drawn.stratum] = max(last.get(drawn.stratum, ("", "")), (drawn.ticket, drawn.object_id))
    if commitment.rules.on_removal == "fill":
        left = Counter(drawn.stratum for drawn in visits)
        # Where the reserve ran out, every object of the stratum was drawn or struck.
        last |= {
            result.stratum: ("~", "") for result in selection.strata if left[result.stratum] < result.quota
        }
    seen: set[str] = set()
    for removal in removals:
        name = removal.object_id
        if name in seen:
            yield RefusalReason("removal", say("{object} 剔除了两次", object=name))
        seen.add(name)
        reached = name in stratum and (tickets.ticket(name).hex(), name) <= last.get(stratum[name], ("", ""))
        if not reached:
            yield RefusalReason(
                "removal",
                say("{object} 不在抽中名单里，不能剔除", object=name),
                hint=say("只能剔除已抽中的或已递补的对象"),
            )
        allowed = commitment.rules.removal_reasons
        if not removal.reason or (allowed and removal.reason not in allowed):
            yield RefusalReason(
                "removal",
                say("{object} 的剔除理由“{seen}”不在承诺的范围", object=name, seen=removal.reason),
                hint=say("承诺书所列理由：{allowed}", allowed=list(allowed))
                if allowed
                else say("剔除须写明理由"),
            )
