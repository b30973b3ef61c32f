"""Forecast of a draw before it is committed to: counts and chances, never the names of the drawn.

The plan is the one the commitment would be made of (`engine.app.draws.plan`). Who meets whom is simulated over dummy
keys that have nothing to do with any entropy, so that they show nothing of the draw.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from engine.app.draws.plan import DrawPlan, draw_plan_of, of_cases
from engine.app.draws.plan_commitment import open_plan
from engine.app.draws.registers.register_agreement import waits_for_agreement
from engine.app.draws.registers.register_changes import changes_before, sentence_before
from engine.app.session.scope import own_scope
from engine.draw.commitment import stratum_of
from engine.draw.matching import pair_chances
from engine.draw.refused import DrawRefused
from engine.draw.roster import exclusions
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.command import ENGINE, Actor
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork


#: Dummy draws: how many visits they staff together, and the least and greatest number of them.
VISITS, MIN_SIMULATIONS, MAX_SIMULATIONS = 20_000, 10, 300


@dataclass(frozen=True, slots=True)
class ClassForecast:
    """One stratum. `share` is its part of all visits; `chance` that of each of its eligible objects."""

    name: str
    listed: int
    #: As the source register counts them; None where it does not name the class.
    source: int | None
    eligible: int
    ratio: str
    quota: int
    chance: Fraction
    share: Fraction
    #: Objects of the class with at least one visit this year: so far, and expected afterwards.
    covered: int
    covered_after: Fraction


@dataclass(frozen=True, slots=True)
class PersonForecast:
    """One person: jobs this year so far, expected jobs of this draw, and the object most likely to meet the person."""

    person: str
    load: int
    expected: Fraction
    highest: Fraction
    object_id: str


@dataclass(frozen=True, slots=True)
class PairForecast:
    """The chance that a person goes to an object once it is drawn, the same for all objects `alike` it."""

    object_id: str
    person: str
    chance: Fraction
    #: How many objects of the same class may be visited by the same people, this one included.
    alike: int


@dataclass(frozen=True, slots=True)
class BatchForecast:
    """The whole outlook. Ratios are exact; `simulations` is the number of dummy draws the people's are counted from."""

    classes: tuple[ClassForecast, ...]
    visits: int
    jobs: int
    #: Item checks, and how many visits are saved by doing all items of an object on one visit.
    checks: Fraction
    saved: Fraction
    excluded: Mapping[str, int]
    people: tuple[PersonForecast, ...]
    #: Chances of people to meet objects, highest first.
    pairs: tuple[PairForecast, ...]
    simulations: int
    warnings: tuple[RefusalReason, ...]

    @property
    def listed(self) -> int:
        """Return how many objects are on the roster."""
        return sum(one.listed for one in self.classes)

    @property
    def covered(self) -> Fraction:
        """The share of listed objects visited this year so far."""
        return Fraction(sum(one.covered for one in self.classes), self.listed or 1)

    @property
    def covered_after(self) -> Fraction:
        """The share of listed objects expected to be visited this year after this draw."""
        return sum((one.covered_after for one in self.classes), start=Fraction(0)) / (self.listed or 1)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; ratios as texts ``p/q``."""
        return {
            "visits": self.visits,
            "jobs": self.jobs,
            "checks": str(self.checks),
            "visits_saved": str(self.saved),
            "coverage": {"so_far": str(self.covered), "after": str(self.covered_after)},
            "excluded": dict(self.excluded),
            "classes": [
                {
                    "class": one.name,
                    "listed": one.listed,
                    "source": one.source,
                    "eligible": one.eligible,
                    "ratio": one.ratio,
                    "quota": one.quota,
                    "chance": str(one.chance),
                    "share": str(one.share),
                    "covered": one.covered,
                    "covered_after": str(one.covered_after),
                }
                for one in self.classes
            ],
            "people": [
                {
                    "id": one.person,
                    "load": one.load,
                    "expected": str(one.expected),
                    "highest": str(one.highest),
                    "object": one.object_id,
                }
                for one in self.people
            ],
            "pairs": [
                {
                    "object": one.object_id,
                    "alike": one.alike,
                    "person": one.person,
                    "chance": str(one.chance),
                }
                for one in self.pairs
            ],
            "simulations": self.simulations,
            "warnings": [str(warning) for warning in self.warnings],
        }


def commit_effect(uow: UnitOfWork, case: Case) -> Effect:
    """Return the effect that commits to the draw of `case`. Raises `DrawRefused` where its workflow has none."""
    for transition in uow.process(case).workflow.transitions:
        for effect in transition.then:
            if effect.kind == "commit":
                return effect
    message = say("“{case}”的流程里没有抽取", case=case.id)
    raise DrawRefused(
        [RefusalReason("commit", message, hint=say("抽取由抽查任务（batch）和督导回访（supervision）办理"))]
    )


def plan_ahead(uow: UnitOfWork, case: Case) -> tuple[Effect, Mapping[str, Any], DrawPlan]:
    """Return the plan of the draw `case` would be committed to now, with what its expressions see.

    Raises `DrawRefused` where the forms that say how to draw are not filled in yet.
    """
    effect = commit_effect(uow, case)
    scope = own_scope(uow, case, Actor(ENGINE))
    ratios = effect.arguments["ratios"]
    if not ratios.value(scope):
        message = say("“{case}”还没有抽取方案：各层比例尚未填写", case=case.id)
        raise DrawRefused([RefusalReason("plan", message, hint=say("先提交实施方案，再测算"))])
    return effect, scope, draw_plan_of(uow, case, effect, scope)


def forecast(uow: UnitOfWork, case: Case, simulations: int | None = None) -> BatchForecast:
    """Return what the draw of `case` would give now. Raises `DrawRefused` as the commitment would.

    `simulations` is the number of dummy draws; when left out, as many as staff about `VISITS` visits.
    """
    effect, scope, plan = plan_ahead(uow, case)
    sources = effect.arguments.get("entropy_sources")
    opened = open_plan(
        plan,
        batch_id=case.id,
        purpose=case.title,
        entropy_rule="-",
        entropy_sources=(sources.value(scope) if sources else None) or ("dice:24",),
    )
    classes = tuple(_classes(plan))
    visits = sum(one.quota for one in classes)
    checks = _checks(plan, classes)
    # What the commitment would be refused for: the most useful thing a forecast can say.
    found = [*opened.warnings, *plan.staffing_problems()]
    changes = [] if of_cases(effect) else changes_before(uow.transaction, uow.now)
    zone = uow.services.definitions.time.zone
    if (changed := sentence_before(changes, zone, plan.objects)) is not None:
        found.append(RefusalReason("register-changes", changed))
    if not of_cases(effect) and (waiting := waits_for_agreement(uow)) is not None:
        found.append(RefusalReason("register-changes", waiting))
    simulations = simulations or min(MAX_SIMULATIONS, max(MIN_SIMULATIONS, VISITS // max(1, visits)))
    alike = plan.alike()
    sizes = Counter(alike.values())
    pairs: dict[tuple[str, str], Fraction] = {}
    try:
        keys = [hashlib.sha256(f"forecast {number}".encode()).digest() for number in range(simulations)]
        pairs = pair_chances(opened.commitment, plan.objects, plan.people, keys, alike)
    except DrawRefused as refused:
        found += [reason for reason in refused.reasons if reason not in found]
    table = [PairForecast(o, p, chance, sizes[o]) for (o, p), chance in pairs.items()]
    table.sort(key=lambda one: (-one.chance, one.object_id, one.person))
    return BatchForecast(
        classes,
        visits,
        visits * len(plan.rules.slots),
        checks,
        max(Fraction(0), checks - visits),
        exclusions(plan.objects),
        tuple(_people(plan, classes, pairs, alike)),
        tuple(table),
        simulations,
        tuple(found),
    )


def _classes(plan: DrawPlan) -> Sequence[ClassForecast]:
    allocation = plan.allocation()
    total = allocation.total
    found = []
    for quota in allocation.quotas:
        rows = [row for row in plan.objects if stratum_of(plan.rules, row) == quota.stratum]
        covered = sum(1 for row in rows if plan.visits.get(row.object_id))
        fresh = sum(1 for row in rows if row.eligible and not plan.visits.get(row.object_id))
        found.append(
            ClassForecast(
                quota.stratum,
                len(rows),
                plan.register_counts.get(quota.stratum),
                quota.eligible,
                quota.ratio,
                quota.quota,
                quota.chance,
                Fraction(quota.quota, total) if total else Fraction(0),
                covered,
                covered + quota.chance * fresh,
            )
        )
    return found


def _checks(plan: DrawPlan, classes: Sequence[ClassForecast]) -> Fraction:
    """Return the expected item checks: what the visits would be if every item were drawn by itself."""
    chance = {one.name: one.chance for one in classes}
    return sum(
        (chance[stratum_of(plan.rules, row)] * len(row.items) for row in plan.objects if row.eligible),
        start=Fraction(0),
    )


def _people(
    plan: DrawPlan,
    classes: Sequence[ClassForecast],
    pairs: Mapping[tuple[str, str], Fraction],
    alike: Mapping[str, str],
) -> Sequence[PersonForecast]:
    chance = {one.name: one.chance for one in classes}
    visits: dict[str, Fraction] = defaultdict(Fraction)
    for row in plan.objects:
        if row.eligible:
            visits[alike[row.object_id]] += chance[stratum_of(plan.rules, row)]
    expected: dict[str, Fraction] = defaultdict(Fraction)
    most: dict[str, tuple[Fraction, str]] = {}
    for (object_id, person), meets in pairs.items():
        expected[person] += visits[object_id] * meets
        if meets > most.get(person, (Fraction(0), ""))[0]:
            most[person] = (meets, object_id)
    return [
        PersonForecast(row.inspector_id, row.load, expected[row.inspector_id], *most[row.inspector_id])
        for row in sorted(plan.people, key=lambda row: row.inspector_id)
        if row.inspector_id in most
    ]
