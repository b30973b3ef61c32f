"""Which people go to which object: fewest jobs so far, ties by pair ticket, objects in ticket order.

A pair ticket is the ticket of ``object|person``. Anyone can redo this with pencil and paper; there is no solver. People
are drawn out of everybody who may go: right section and label, certificate valid on the day, no recusal, and not the
last visitor where rotation is on. Experts come from their own roster and never count as one of the team.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

from engine.draw.commitment import Commitment, DrawRules
from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import ObjectRow, PersonRow
from engine.draw.selection import eligible_by_stratum
from engine.draw.tickets import TicketMachine
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

TEAM, EXPERTS = "people", "experts"

_RECUSED = say("须回避")


@dataclass(frozen=True, slots=True)
class Member:
    """One person of a team. `load` are the jobs before this one, `ticket` is the pair ticket in hex."""

    slot: int
    label: str
    inspector_id: str
    load: int
    ticket: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """The people drawn for one object, members by slot."""

    object_id: str
    members: tuple[Member, ...]
    experts: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """One person taking another's place. `pool` is ``people`` or ``experts``."""

    object_id: str
    pool: str
    slot: int
    leaving: str
    joining: str
    ticket: str
    reason: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Matching:
    """All that decides who goes where: rules, rosters, and the tickets of one draw."""

    rules: DrawRules
    objects: Mapping[str, ObjectRow]
    people: tuple[PersonRow, ...]
    experts: tuple[PersonRow, ...]
    tickets: TicketMachine

    def assign(self, visits: Sequence[str]) -> tuple[Assignment, ...]:
        """Return the teams for `visits`, object ids in ticket order.

        Raises `DrawRefused` naming every object that cannot be staffed, and why; then nobody is drawn for any.
        """
        refuse_if(self.staffing_problems(visits))
        load = {person.inspector_id: person.load for person in (*self.experts, *self.people)}
        teams = {name: self._team(name, self.people, self.rules.slots, load, ()) for name in visits}
        advisers: dict[str, tuple[Member, ...]] = {}
        for name in visits:
            team = {member.inspector_id for member in teams[name]}
            slots = ("",) * self.rules.experts
            advisers[name] = self._team(name, self.experts, slots, load, team)
        return tuple(Assignment(name, teams[name], advisers[name]) for name in visits)

    def replace(
        self,
        assignments: Sequence[Assignment],
        before: Sequence[Replacement],
        object_id: str,
        leaving: str,
        reason: str,
        evidence: str = "",
    ) -> Replacement:
        """Return who takes the place of `leaving`: the next in that object's order of pair tickets who may go.

        `before` are the replacements made so far, in order. Whoever left a team does not come back to it. Raises
        `DrawRefused` when `leaving` is not on the team, the reason is not one of the rules', or nobody is left.
        """
        team, gone = current_team(assignments, before, object_id)
        allowed = self.rules.replacement_reasons
        problems: list[RefusalReason] = []
        if not reason or (allowed and reason not in allowed):
            problems.append(
                _no(
                    say("更换 {person} 的理由“{seen}”不在承诺的范围", person=leaving, seen=reason),
                    say("承诺书所列理由：{allowed}", allowed=list(allowed))
                    if allowed
                    else say("更换须写明理由"),
                )
            )
        places = [key for key, person in team.items() if person == leaving]
        if not places:
            problems.append(
                _no(
                    say("{person} 不在 {object} 的检查组里", person=leaving, object=object_id),
                    say("现有人员：{team}", team=list(team.values())),
                )
            )
        refuse_if(problems)
        pool, slot = places[0]
        label = self.rules.slots[slot] if pool == TEAM else ""
        barred = {*team.values(), *gone}
        candidates = sorted(
            (self.pair(object_id, person.inspector_id), person.inspector_id)
            for person in (self.people if pool == TEAM else self.experts)
            if person.inspector_id not in barred
            and self.obstacle(person, object_id) is None
            and (not label or label in person.labels)
        )
        if not candidates:
            raise DrawRefused(
                [
                    _no(
                        say("{object} 没有可以接替 {person} 的人了", object=object_id, person=leaving),
                        say("其余人员均须回避、证件失效、标签不符或已退出该户；请补充人员后作废重抽"),
                    )
                ]
            )
        ticket, joining = candidates[0]
        return Replacement(object_id, pool, slot, leaving, joining, ticket.hex(), reason, evidence)

    def pair(self, object_id: str, inspector_id: str) -> bytes:
        """Return the pair ticket of an object and a person."""
        return self.tickets.ticket(f"{object_id}|{inspector_id}")

    def obstacle(self, person: PersonRow, object_id: str) -> Message | None:
        """Return why `person` cannot go to the object at all, or None."""
        rules = self.rules
        if not person.eligible:
            return say("不参加抽取（{reason}）", reason=person.exclude_reason)
        if rules.sections and person.section not in rules.sections:
            return say("不属于承担检查的股室")
        if rules.valid_on and person.cert_valid_to < rules.valid_on:
            return say("执法证件到期")
        if object_id in person.recusals:
            return _RECUSED
        if rules.rotation and object_id in person.previous:
            return say("上次检查过该户")
        items = self.objects[object_id].items
        if rules.match == "any" and items and not set(items) & set(person.labels):
            return say("没有该户事项的资格")
        if rules.match == "all" and not set(items) <= set(person.labels):
            return say("没有该户全部事项的资格")
        return None

    def _options(
        self, object_id: str, pool: Sequence[PersonRow], slots: Sequence[str], barred: Iterable[str]
    ) -> list[list[str]]:
        """Return, for each slot, who may take it."""
        able = [
            person
            for person in pool
            if person.inspector_id not in barred and self.obstacle(person, object_id) is None
        ]
        return [
            [person.inspector_id for person in able if not label or label in person.labels] for label in slots
        ]

    def _team(
        self,
        object_id: str,
        pool: Sequence[PersonRow],
        slots: Sequence[str],
        load: dict[str, int],
        barred: Iterable[str],
    ) -> tuple[Member, ...]:
        if not slots:
            return ()
        options = self._options(object_id, pool, slots, barred)
        order = sorted(range(len(slots)), key=lambda slot: (len(options[slot]), slot))
        pair = {name: self.pair(object_id, name) for names in options for name in names}
        taken: dict[int, str] = {}
        for position, slot in enumerate(order):
            rest = [options[later] for later in order[position + 1 :]]
            ranked = sorted(options[slot], key=lambda name: (load[name], pair[name], name))
            used = set(taken.values())
            taken[slot] = next(name for name in ranked if name not in used and can_fill(rest, {*used, name}))
        members = tuple(
            Member(slot, slots[slot], name, load[name], pair[name].hex())
            for slot, name in sorted(taken.items())
        )
        for name in taken.values():
            load[name] += 1
        return members

    def staffing_problems(self, visits: Sequence[str]) -> list[RefusalReason]:
        """Return which of the objects cannot get their people, and why. Needs no tickets."""
        size = len(self.rules.slots)
        for pool, needed, title in (
            (self.people, size, say("检查人员")),
            (self.experts, self.rules.experts, say("专家")),
        ):
            able = sum(person.eligible for person in pool)
            if able < needed:
                return [
                    _no(
                        say(
                            "每户需要 {needed} 名{title}，名册里能参加的只有 {able} 名",
                            needed=needed,
                            title=title,
                            able=able,
                        ),
                        say("请补充名录库人员，作废本次抽取后重新承诺"),
                    )
                ]
        problems = []
        for name in visits:
            options = self._options(name, self.people, self.rules.slots, ())
            if not can_fill(options, set()):
                problems.append(self._unstaffed(name, self.people, say("检查人员")))
            # An expert who is also on the team does not count twice, so there must be enough without any of it.
            elif len(set(*self._options(name, self.experts, ("",), ()))) < self.rules.experts + self._double(
                name
            ):
                problems.append(self._unstaffed(name, self.experts, say("专家")))
        return problems

    def _double(self, object_id: str) -> int:
        both = {person.inspector_id for person in self.people} & {
            person.inspector_id for person in self.experts
        }
        return min(len(both), len(self.rules.slots)) if self.rules.experts else 0

    def _unstaffed(self, object_id: str, pool: Sequence[PersonRow], title: Message) -> RefusalReason:
        why = [obstacle for person in pool if (obstacle := self.obstacle(person, object_id)) is not None]
        free = len(pool) - len(why)
        kinds = Counter(str(obstacle) for obstacle in why)
        if not free and {obstacle.text for obstacle in why} == {_RECUSED.text}:
            return _no(
                say("{object} 的{title}全部须回避，无人可派", object=object_id, title=title),
                say("请由上级或其他股室派人，补入名录库后作废重抽"),
            )
        by_kind = {str(obstacle): obstacle for obstacle in why}
        reasons = [
            say("{reason} {count} 人", reason=by_kind[kind], count=kinds[kind]) for kind in sorted(kinds)
        ]
        return _no(
            say(
                "{object} 凑不齐{title}：能去的 {free} 人；{reasons}",
                object=object_id,
                title=title,
                free=free,
                reasons=reasons or say("标签不合要求"),
            ),
            say("每户要求：{slots}", slots=[slot or say("不限") for slot in self.rules.slots]),
        )


def can_fill(options: Sequence[Sequence[str]], used: set[str]) -> bool:
    """Whether every slot can get a person of its own outside `used` (augmenting paths, Kuhn 1955)."""
    holder: dict[str, int] = {}

    def place(slot: int, tried: set[str]) -> bool:
        for name in options[slot]:
            if name in used or name in tried:
                continue
            tried.add(name)
            if name not in holder or place(holder[name], tried):
                holder[name] = slot
                return True
        return False

    return all(place(slot, set()) for slot in range(len(options)))


def current_team(
    assignments: Sequence[Assignment], replacements: Sequence[Replacement], object_id: str
) -> tuple[dict[tuple[str, int], str], set[str]]:
    """Return who holds each place (pool, slot) of an object after `replacements`, and who left it."""
    team: dict[tuple[str, int], str] = {}
    for assignment in assignments:
        if assignment.object_id == object_id:
            team = {(TEAM, member.slot): member.inspector_id for member in assignment.members}
            team |= {(EXPERTS, member.slot): member.inspector_id for member in assignment.experts}
    gone: set[str] = set()
    for replacement in replacements:
        if replacement.object_id == object_id:
            team[(replacement.pool, replacement.slot)] = replacement.joining
            gone.add(replacement.leaving)
    return team, gone


def pair_chances(
    commitment: Commitment,
    rows: Sequence[ObjectRow],
    people: Sequence[PersonRow],
    keys: Sequence[bytes],
    alike: Mapping[str, str] = MappingProxyType({}),
) -> dict[tuple[str, str], Fraction]:
    """Return the chance that a person goes to an object once it is drawn, simulated over dummy `keys`.

    Objects that have the same id in `alike` are counted together under it, and each dummy draw includes one of
    those ids, the next one every time, so that the chances of objects that are seldom drawn are counted too. A high
    chance invites collusion: publish the table before the draw. The keys have nothing to do with the entropy of any
    draw, so the table shows nothing of it.
    """
    by_id = {row.object_id: row for row in rows}
    ids = eligible_by_stratum(commitment.rules, rows)
    included = sorted(set(alike.values()))
    drawn: Counter[str] = Counter()
    met: defaultdict[tuple[str, str], int] = defaultdict(int)
    for number, key in enumerate(keys):
        lots: list[str] = []
        for quota in commitment.quotas:
            pool = ids.get(quota.stratum, [])
            chosen = _any_of(pool, quota.quota, key + quota.stratum.encode())
            next_one = included[number % len(included)] if included else ""
            if chosen and next_one in pool and next_one not in chosen:
                chosen[0] = next_one
            lots += chosen
        lots = _any_of(lots, len(lots), key)
        matching = Matching(commitment.rules, by_id, tuple(people), (), TicketMachine(key))
        for assignment in matching.assign(lots):
            name = alike.get(assignment.object_id, assignment.object_id)
            drawn[name] += 1
            for member in assignment.members:
                met[name, member.inspector_id] += 1
    return {pair: Fraction(count, drawn[pair[0]]) for pair, count in sorted(met.items())}


def _any_of(pool: Sequence[str], count: int, key: bytes) -> list[str]:
    """Return `count` of `pool`, any as likely as any other, for dummy draws: no ticket per object is worked out."""
    left = list(pool)
    for place in range(count):
        digest = hashlib.sha256(key + place.to_bytes(4, "big")).digest()
        other = place + int.from_bytes(digest, "big") % (len(left) - place)
        left[place], left[other] = left[other], left[place]
    return left[:count]


def _no(message: Message, hint: Message) -> RefusalReason:
    return RefusalReason("staff", message, hint=hint)
