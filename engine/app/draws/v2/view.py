"""A draw of ssj-draw/2 as the people of the bureau see it: who was drawn, who goes where, what the public log says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.app.draws.v2 import stored
from engine.app.draws.v2.issues import format_results, titled
from engine.app.draws.v2.public import proof_of, rule_of
from engine.draw.v2.acts import is_forgotten
from engine.draw.v2.checking import draw_problems, log_problems
from engine.draw.v2.commitment import watermark
from engine.draw.v2.randomness.sources import known_on
from engine.draw.v2.shapes import canonical_bytes
from engine.draw.v2.story import progress_of
from engine.draw.v2.visits import Visit, visits_of
from engine.kernel.digests import Digests
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction
    from engine.draw.v2.acts import Draw
    from engine.draw.v2.log import Line, PublicLog


@dataclass(frozen=True, slots=True)
class PublicDrawView:
    """One draw of ssj-draw/2."""

    case: str
    number: int
    status: str
    draw: Draw
    log: PublicLog

    @property
    def digests(self) -> Digests:
        """The digests of the commitment."""
        return Digests.of(canonical_bytes(self.draw.commitment))

    @property
    def entropy(self) -> str:
        """The results that were typed, each with its source; an empty text before."""
        return format_results(self.draw.commitment["sources"], self.draw.values) if self.draw.values else ""

    @property
    def rule(self) -> Message:
        """The sources and the days."""
        return rule_of(self.draw)

    @property
    def proof(self) -> Message:
        """Who vouches for the commitment from outside."""
        return proof_of(self.draw, self.log)

    @property
    def visits(self) -> list[Visit]:
        """The objects to visit, lowest ticket first."""
        return list(visits_of(self.draw))

    @property
    def lines(self) -> list[Line]:
        """What the public log says of this draw."""
        return self.log.of(self.draw.name)

    @property
    def refused(self) -> int:
        """How many attempts at it were refused."""
        return sum(line.kind == "note" and line.body["subject"] == "refused" for line in self.lines)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; the rosters are in the kits."""
        return {
            "case": self.case,
            "number": self.number,
            "status": self.status,
            "protocol": self.draw.commitment["spec"],
            "commitment_sha256": self.digests.sha256,
            "commitment_sm3": self.digests.sm3,
            "commitment": dict(self.draw.commitment),
            "sources": [titled(source) for source in self.draw.commitment["sources"]],
            "known_on": known_on(self.draw.commitment["sources"]),
            "entropy": self.entropy,
            "proof": str(self.proof),
            "visits": [
                {
                    "position": visit.position,
                    "object": visit.row.object_id,
                    "lot": visit.row.lot,
                    "stratum": visit.row.stratum,
                    "ticket": visit.ticket,
                    "people": list(visit.people),
                    "experts": list(visit.experts),
                }
                for visit in self.visits
            ],
            "removals": [dict(removal) for removal in self.draw.removals],
            "replacements": [dict(step) for step in self.draw.replacements],
            "log": [
                {"seq": line.seq, "at": line.at, "by": line.by, "kind": line.kind, "body": dict(line.body)}
                for line in self.lines
            ],
        }


@dataclass(frozen=True, slots=True)
class PublicReport:
    """What came of computing a draw again, and what became of every commitment of the bureau."""

    problems: tuple[RefusalReason, ...]
    statements: tuple[Message | str, ...]

    @property
    def ok(self) -> bool:
        """Whether all agrees."""
        return not self.problems

    def __str__(self) -> str:
        found = [*(f"× {problem}" for problem in self.problems), *map(str, self.statements)]
        found.append(str(say("核验通过：重算与记录一致") if self.ok else say("核验不通过")))
        return "\n".join(found)


def public_view(transaction: Transaction, row: DrawRow) -> PublicDrawView:
    """Return the view of a stored draw. Raises `DrawRefused` where it cannot be read."""
    return PublicDrawView(row.case, row.number, row.status, stored.draw_of(row), stored.read_log(transaction))


def public_report(transaction: Transaction, row: DrawRow) -> PublicReport:
    """Return the report of computing a stored draw again. Raises `DrawRefused` where it cannot be read."""
    draw, log = stored.draw_of(row), stored.read_log(transaction)
    problems = (*log_problems(log), *draw_problems(draw, log))
    found, _ = progress_of(log)
    today = log.lines[-1].at[:10] if log.lines else ""
    states = [one.state(today) for one in found.values()]
    mark = watermark(draw.commitment)
    return PublicReport(
        problems,
        (
            *((mark,) if mark else ()),
            say("承诺 {digest}", digest=draw.name),
            *(
                (
                    say(
                        "人员名册过了留存期限，已销毁：只核对承诺、日志、对象和各组的摘要，谁能去、更换的理由不再重算"
                    ),
                )
                if draw.people is not None and is_forgotten(draw)
                else ()
            ),
            say("随机源：{rule}", rule=rule_of(draw)),
            say("外部凭据：{proof}", proof=proof_of(draw, log)),
            say(
                "本局承诺 {count} 份：已抽 {drawn}，作废 {void}，失效 {lapsed}，未抽 {open}；其中无外部凭据 {without} 份",
                count=len(states),
                **{name: states.count(name) for name in ("drawn", "void", "lapsed", "open")},
                without=sum(one.line.body["anchor"] == "none" for one in found.values()),
            ),
        ),
    )
