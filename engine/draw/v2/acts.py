"""The acts of a draw, in their order. Each takes a `Draw` and the bureau's log and returns both anew, or refuses.

`now` is the clock of the machine, `by` who acts (a role or a pseudonym), `second` who confirmed it and is somebody else.
After every act the lines are those `story.progress_of` accepts; an act that would make a wrong line is refused instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.anchors import require_anchor
from engine.draw.v2.commitment import (
    is_trial,
    known_problems,
    sha256_of,
    shows_who_takes_part,
    watermark,
)
from engine.draw.v2.log import PublicLog
from engine.draw.v2.randomness.custodians import key_of
from engine.draw.v2.randomness.sources import (
    day_of,
    entropy_text,
    known_from,
    known_on,
    typed_digest,
    value_problems,
)
from engine.draw.v2.rosters import (
    digest_of_table,
    is_public_form,
    parse_objects,
    parse_people,
    public_form,
    some_objects,
)
from engine.draw.v2.sealing import key_of_salts, keyed_digest, why_of
from engine.draw.v2.selection import machine_of, openings, select, visits_after
from engine.draw.v2.shapes import SPEC, canonical_bytes, wrong
from engine.draw.v2.story import progress_of
from engine.draw.v2.teams import Teams
from engine.kernel.instants import to_text
from engine.language import say


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw: what went in, byte for byte, and what came out so far. The rosters are the auditor's."""

    commitment: Mapping[str, Any]
    calendar: Mapping[str, Any]
    objects: bytes
    people: bytes | None
    values: tuple[str, ...] = ()
    shares: tuple[Mapping[str, Any], ...] = ()
    strata: tuple[Mapping[str, Any], ...] = ()
    removals: tuple[Mapping[str, Any], ...] = ()
    visits: tuple[Mapping[str, Any], ...] = ()
    units: tuple[Mapping[str, Any], ...] = ()
    replacements: tuple[Mapping[str, Any], ...] = ()
    #: The reasons of the replacements, which only auditors see.
    whys: tuple[Mapping[str, Any], ...] = field(default=())
    #: The key of the teams in hexadecimal digits, where the salts it is made of are destroyed.
    kept_key: str = ""
    #: A commitment and its name, once that was asked for.
    _named: tuple[Mapping[str, Any], str] | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The SHA-256 of the commitment."""
        known = self._named
        # Each act asks several times; the draw after it has the same commitment.
        if known is None or known[0] is not self.commitment:
            known = (self.commitment, sha256_of(self.commitment))
            object.__setattr__(self, "_named", known)
        return known[1]

    def tickets_of(self) -> Any:
        """Return what gives lots their tickets. Raises `DrawRefused` before values and shares are there."""
        code = key_of(self.commitment["custodians"], self.shares)
        trial = is_trial(self.commitment)
        return machine_of(code, entropy_text(self.commitment["sources"], self.values, self.name, trial=trial))

    def result(self) -> dict[str, Any]:
        """Return the value of ``result.json``."""
        return {
            "spec": SPEC,
            "commitment": self.name,
            "watermark": watermark(self.commitment),
            "values": list(self.values),
            "shares": list(self.shares),
            "strata": list(self.strata),
            "removals": list(self.removals),
            "visits": list(self.visits),
            **self._opened(),
        }

    def _opened(self) -> dict[str, Any]:
        """Return whose part in the draw is shown; nothing where the roster shows it of all."""
        if shows_who_takes_part(self.commitment):
            return {}
        if not self.strata:
            return {"opened": []}
        rules, rows = self.commitment["object_rules"], parse_objects(self.objects)
        found = openings(rules, self.strata, self.visits, self.removals, rows, self.tickets_of())
        return {"opened": found}


Acted = tuple[Draw, PublicLog]


def require_rosters(draw: Draw, *names: str) -> None:
    """Raise `DrawRefused` where a roster of a draw, or of `names` one, is not the one its commitment is over; one whose rows are destroyed is looked at too."""
    known = {"objects": draw.objects, "people": draw.people}
    for name in names or known:
        data = known[name]
        digest = draw.commitment[name]
        if (data is None) != (digest is None) or (
            data is not None
            and digest["root"] != digest_of_table(data if is_public_form(data) else public_form(data))["root"]
        ):
            raise wrong("draw", say("{name} 名册与承诺书的摘要不符", name=name))


def commit(draw: Draw, log: PublicLog, *, now: datetime, by: str, second: str = "") -> Acted:
    """Enter the commitment into the log. `second` is asked for where there will be no anchor."""
    require_rosters(draw)
    head = draw.commitment["log"]
    if not log.continues(head["size"], head["root"]):
        raise wrong("draw", say("承诺书所记的日志头不在日志里"))
    at = max([to_text(now), *(line.at for line in log.lines[-1:])])
    known_problems(draw.commitment, day_of(at))
    body = {
        "commitment": draw.name,
        "batch_id": draw.commitment["batch_id"],
        "draw_no": draw.commitment["draw_no"],
        "known_from": known_from(draw.commitment["sources"]),
        "known_on": known_on(draw.commitment["sources"]),
        "draw_by": draw.commitment["draw_by"],
        "anchor": draw.commitment["anchor"]["mode"],
        "second": second,
    }
    return draw, _add(log, "commit", body, now, by)


def type_first(draw: Draw, log: PublicLog, values: Sequence[str], *, now: datetime, by: str) -> Acted:
    """Enter the hash of what was typed first. A second, different text makes the commitment void: see `type_second`."""
    refuse_if(value_problems(draw.commitment["sources"], values))
    (commit_line,) = log.of(draw.name, "commit")
    require_anchor(log, draw.commitment, commit_line)
    if log.of(draw.name, "typed"):
        raise wrong("draw", say("结果已经录入过一次"), say("第二次录入由另一人办理"))
    return draw, _add(log, "typed", {"commitment": draw.name, "sha256": typed_digest(values)}, now, by)


def type_second(
    draw: Draw,
    log: PublicLog,
    values: Sequence[str],
    *,
    shares: Sequence[Mapping[str, Any]] = (),
    now: datetime,
    by: str,
) -> Acted:
    """Draw the objects with what a second person typed.

    Where it differs from the first text, the log gets the second hash instead and nothing is ever drawn: what remains is to
    void the commitment (`void`). Raises `DrawRefused` for one person typing twice, and for shares that are wrong.
    """
    refuse_if(value_problems(draw.commitment["sources"], values))
    typed = log.of(draw.name, "typed")
    if not typed or typed[0].by == by:
        raise wrong("draw", say("须由两人先后各自录入"))
    if len(typed) > 1:
        raise wrong("draw", say("第二次录入与第一次不同，承诺只能作废"))
    (commit_line,) = log.of(draw.name, "commit")
    require_anchor(log, draw.commitment, commit_line)
    if typed[0].body["sha256"] != typed_digest(values):
        body = {"commitment": draw.name, "sha256": typed_digest(values)}
        return draw, _add(log, "typed", body, now, by)
    key_of(draw.commitment["custodians"], shares)
    found = replace(draw, values=tuple(values), shares=tuple(shares))
    if shares:
        log = _add(log, "shares", {"commitment": draw.name, "shares": list(shares)}, now, by)
    log = _add(log, "entropy", {"commitment": draw.name, "values": list(values)}, now, by)
    tickets, rows = found.tickets_of(), parse_objects(draw.objects)
    strata = select(draw.commitment["quotas"], rows, tickets)
    visits = visits_after(draw.commitment["object_rules"], strata, rows, tickets, ())
    log = _add(log, "objects", {"commitment": draw.name, "sha256": _digest(strata)}, now, by)
    return replace(found, strata=tuple(strata), visits=tuple(visits)), log


def remove(
    draw: Draw, log: PublicLog, lot: str, reason: str, evidence: bytes, *, now: datetime, by: str, second: str
) -> Acted:
    """Strike a drawn object before people are drawn.

    The log keeps the SHA-256 of the evidence, which begins with random bytes: a few words could be guessed.
    """
    removal = {"lot": lot, "reason": reason, "evidence": _evidence(evidence)}
    removals = (*draw.removals, removal)
    rules, rows = draw.commitment["object_rules"], parse_objects(draw.objects)
    log = _add(log, "remove", {"commitment": draw.name, **removal, "second": second}, now, by)
    visits = visits_after(rules, draw.strata, rows, draw.tickets_of(), removals)
    return replace(draw, removals=removals, visits=tuple(visits)), log


def assign(draw: Draw, log: PublicLog, *, now: datetime, by: str) -> Acted:
    """Draw people for every unit. Units that cannot be staffed have no members."""
    units = tuple(teams_of(draw).assign([visit["lot"] for visit in draw.visits]))
    found = replace(draw, units=units)
    return found, _add(log, "people", {"commitment": draw.name, **digest_of_units(found)}, now, by)


def substitute(
    draw: Draw,
    log: PublicLog,
    unit: str,
    leaving: str,
    reason: str,
    evidence: bytes,
    salt: str,
    *,
    now: datetime,
    by: str,
    second: str,
) -> Acted:
    """Let the next in a unit's order take the place of `leaving`. `salt` is 16 fresh random bytes in hex."""
    if (
        draw.commitment["people_rules"] is None
        or reason not in draw.commitment["people_rules"]["replacement_reasons"]
    ):
        raise wrong("replace", say("更换的理由“{seen}”不在承诺的范围", seen=reason))
    why = {"reason": reason, "evidence": _evidence(evidence), "salt": salt}
    lots = next((one["objects"] for one in draw.units if one["unit"] == unit), ())
    step = teams_of(draw, lots).replace(draw.units, draw.replacements, unit, leaving)
    step |= {"why": why_of(salt, reason, why["evidence"]), "second": second}
    body = {"commitment": draw.name, "sha256": _digest(step), "second": second}
    log = _add(log, "replace", body, now, by)
    return replace(draw, replacements=(*draw.replacements, step), whys=(*draw.whys, why)), log


def void(
    draw: Draw, log: PublicLog, reason: str, evidence: bytes, *, now: datetime, by: str, second: str
) -> Acted:
    """Void the commitment, in public and for ever."""
    body = {"commitment": draw.name, "reason": reason, "evidence": _evidence(evidence), "second": second}
    return draw, _add(log, "void", body, now, by)


def lapse(log: PublicLog, *, now: datetime, by: str) -> PublicLog:
    """Return the log with a line for every commitment whose last day has passed without a draw."""
    found, _ = progress_of(log)
    for name, one in found.items():
        passed = day_of(max(to_text(now), log.lines[-1].at)) > str(one.line.body["draw_by"])
        if passed and not one.kinds["lapse"] and one.state(str(one.line.body["draw_by"])) == "open":
            log = _add(log, "lapse", {"commitment": name}, now, by)
    return log


def note(draw: Draw, log: PublicLog, subject: str, digest: str, *, now: datetime, by: str) -> PublicLog:
    """Return the log with the digest of a paper: minutes, a publication, a time stamp."""
    body = {"commitment": draw.name, "subject": subject, "sha256": digest}
    return _add(log, "note", body, now, by)


def teams_key(draw: Draw) -> bytes:
    """Return the key under which the public log holds the teams. Raises `DrawRefused` for a roster that cannot be read."""
    if draw.kept_key:
        return bytes.fromhex(draw.kept_key)
    return key_of_salts(person.salt for person in parse_people(draw.people or b""))


def is_forgotten(draw: Draw) -> bool:
    """Tell whether the rows of people of a draw are destroyed, or it never had any."""
    return draw.people is None or is_public_form(draw.people)


def without_people(draw: Draw) -> Draw:
    """Return a draw that holds nothing of people but lots and seals: no row, no salt, no reason why one was replaced.

    The key of the teams is kept, so that the line of the log still agrees with them. It opens no seal.
    """
    if draw.people is None or is_public_form(draw.people):
        return draw
    key = teams_key(draw).hex()
    return replace(draw, people=public_form(draw.people), whys=(), kept_key=key)


def digest_of_units(draw: Draw, *, keyed: bool = True) -> dict[str, str]:
    """Return what the line ``people`` says of the teams; without `keyed`, what lines before 2026-11-30 say."""
    if not keyed:
        return {"sha256": _digest(draw.units)}
    return {"hmac_sha256": keyed_digest(teams_key(draw), canonical_bytes(draw.units))}


def is_keyed(draw: Draw, log: PublicLog) -> bool:
    """Whether the line ``people`` of a draw is made with a key."""
    return any("hmac_sha256" in line.body for line in log.of(draw.name, "people"))


def teams_of(draw: Draw, only: Sequence[str] | None = None) -> Teams:
    """Return what decides who goes where, for every object or for those with the lots `only`.

    Raises `DrawRefused` for a draw of objects alone, or before it.
    """
    if draw.commitment["people_rules"] is None or draw.people is None:
        raise wrong("draw", say("本次抽取不抽人员"))
    rows = parse_objects(draw.objects) if only is None else some_objects(draw.objects, "lot", only)
    objects = {row.lot: row for row in rows}
    return Teams(draw.commitment["people_rules"], objects, parse_people(draw.people), draw.tickets_of())


def _add(log: PublicLog, kind: str, body: Mapping[str, Any], now: datetime, by: str) -> PublicLog:
    """Return the log with one more line, or refuse what the protocol does not allow there."""
    added = log.append(kind, body, now, by)
    _, problems = progress_of(added)
    refuse_if(problems)
    return added


def _evidence(data: bytes) -> str:
    if not data:
        raise wrong("evidence", say("没有附上证据"), say("作废、剔除、更换都须附证据文件"))
    return hashlib.sha256(data).hexdigest()


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical_bytes(value)).hexdigest()
