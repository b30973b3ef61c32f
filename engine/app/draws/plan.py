"""The plan of a draw: the rosters and rules the effect ``commit`` would be given now.

The commitment, the forecast and the trial all use it, so that none can differ from the others.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.app.draws import records as draws
from engine.app.draws.item_objects import items_of_objects, skilled
from engine.app.draws.quotas import Band, bands_of, ratio_by_size, team_of
from engine.app.people.recusals import is_recused, present_codes, with_present_codes
from engine.app.people.rights import RECUSING
from engine.app.session.child_cases import child_row
from engine.app.session.facts import item_lacks
from engine.draw.allocation import Allocation
from engine.draw.commitment import WHOLE, DrawRules, compute_quotas, stratum_of
from engine.draw.matching import Matching
from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import ObjectRow, PersonRow, render_objects, render_people
from engine.draw.tickets import TicketMachine
from engine.kernel.refusal import RefusalReason
from engine.language import say
from engine.lifecycle.case import Case
from engine.lifecycle.model.workflow import Effect

if TYPE_CHECKING:
    from engine.app.ports.records import RegisterEntry
    from engine.app.session.unit_of_work import UnitOfWork

Value = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class DrawPlan:
    """Rosters and rules. `visits` are this year's visits by object, of draws that are not void."""

    objects: Sequence[ObjectRow]
    people: Sequence[PersonRow]
    experts: Sequence[PersonRow] | None
    rules: DrawRules
    #: Class -> rows, as the source register counts them.
    register_counts: Mapping[str, int]
    items: tuple[str, ...]
    visits: Mapping[str, int]
    #: Class -> what is drawn of it by its size, where a row of the plan says a number or up to which size it holds.
    bands: Mapping[str, Sequence[Band]] = field(default_factory=dict)
    #: Section -> how many of it are in each team; empty: all places are for the same sections.
    team: Mapping[str, int] = field(default_factory=dict)

    def allocation(self) -> Allocation:
        """Return the quotas, of everybody in scope; none is above those who take part. Raises `DrawRefused` for wrong ratios."""
        rows = [row for row in self.objects if row.exclude_reason != draws.OUT_OF_SCOPE]
        return compute_quotas(replace(self.rules, base="listed"), rows)[1]

    def alike(self) -> dict[str, str]:
        """Return object -> the first object that the drawing of people treats alike, but for its ticket."""
        recused: dict[str, set[str]] = defaultdict(set)
        for person in (*self.people, *(self.experts or ())):
            for name in (*person.recusals, *(person.previous if self.rules.rotation else ())):
                recused[name].add(person.inspector_id)
        first: dict[tuple[str, tuple[str, ...], frozenset[str]], str] = {}
        return {
            row.object_id: first.setdefault(
                (stratum_of(self.rules, row), row.items, frozenset(recused.get(row.object_id, ()))),
                row.object_id,
            )
            for row in self.objects
            if row.eligible
        }

    def staffing_problems(self) -> list[RefusalReason]:
        """Return the objects that could not be staffed if they were drawn: a draw of them would be in vain."""
        by_id = {row.object_id: row for row in self.objects}
        nobody = TicketMachine(bytes(32))
        # Nobody is of two sections: each part of a team can be looked at alone.
        parts = [
            replace(self.rules, slots=("",) * count, sections=(section,))
            for section, count in self.team.items()
        ]
        found: list[RefusalReason] = []
        for rules in parts or [self.rules]:
            matching = Matching(rules, by_id, tuple(self.people), tuple(self.experts or ()), nobody)
            found += matching.staffing_problems(sorted(set(self.alike().values())))
        return found

    def rendered(self) -> tuple[bytes, bytes, bytes | None]:
        """Return the canonical rosters of objects, people and experts. Raises `DrawRefused` as `render_objects` does."""
        return (
            render_objects(self.objects),
            render_people(self.people),
            None if self.experts is None else render_people(self.experts),
        )


def draw_plan_of(uow: UnitOfWork, case: Case, effect: Effect, scope: Mapping[str, Any]) -> DrawPlan:
    """Return the plan of the effect ``commit`` of `case`. Raises `DrawRefused` for what cannot be read."""

    def value(name: str) -> Any:
        expression = effect.arguments.get(name)
        return expression.value(scope) if expression is not None else None

    if of_cases(effect):
        return _of_cases(uow, case, effect, value, scope)
    return _of_objects(uow, case, effect, value)


def of_cases(effect: Effect) -> bool:
    """Tell whether the effect ``commit`` draws among cases: registers of firms say nothing of who can be drawn there."""
    return bool(effect.arguments.get("pool", "objects") == "cases")


def _of_objects(uow: UnitOfWork, case: Case, effect: Effect, value: Value) -> DrawPlan:
    visits, loads, previous = draws.history_of_year(uow, uow.now)
    bureau = uow.process(case).bureau
    scheme = str(value("scheme") or next(iter(bureau.ratings), ""))
    cap = value("cap")
    items = tuple(_names(value("items")))
    listed = uow.transaction.registers.some("items", items) if items else {}
    today = uow.now.astimezone(uow.services.definitions.time.zone).date().isoformat()
    refuse_if(list(_unusable(items, listed, today)))
    objects = draws.object_rows(
        uow.transaction.registers.all("objects"),
        scheme=scheme,
        labels=_names(value("labels")),
        # A draw that names no items is of every object: none is out of its scope.
        items=items_of_objects(items, listed.values()) if items else items,
        visits=visits,
        cap=int(cap) if cap is not None else None,
        exempt=_exempt(value("cap_exempt")),
        excluded=_excluded(uow, value("exclude")),
    )
    role = effect.arguments.get("role")
    people = (
        draws.holder_rows(holders := uow.people.holders(role, None), _recusals_of(uow, holders), loads)
        if role
        else draws.inspector_rows(uow.transaction.registers.all("inspectors"), loads, previous)
    )
    match = str(value("match") or "none")
    if match != "none":
        people = skilled(people, items, listed.values())
    needed = int(value("experts") or 0)
    experts = draws.expert_rows(uow.transaction.registers.all("experts"), loads) if needed else None
    # A recusal, and a visit of before, is of a firm and not of the code it had then.
    present = present_codes(uow.transaction.registers.all("objects"))
    people = _of_present_codes(people, present)
    experts = None if experts is None else _of_present_codes(experts, present)
    bands = bands_of(value("ratios"))
    sizes = Counter(row.credit_class for row in objects if row.exclude_reason != draws.OUT_OF_SCOPE)
    ratios = _ratios(value("ratios"), {row.credit_class for row in objects})
    ratios = {
        name: ratio_by_size(bands[name], sizes[name]) if name in bands else ratios[name] for name in ratios
    }
    _, classes = bureau.ratings.get(scheme, ("", ()))
    order = tuple(name for name in classes if name in ratios)
    counts = value("register_counts")
    counted = (
        {str(row["class"]): int(row["count"]) for row in counts}
        if counts
        else Counter(row.credit_class for row in objects)
    )
    rules = _rules(
        uow, case, value, ratios, certified=not role, risk_order=order, experts=needed, match=match
    )
    return DrawPlan(
        objects, people, experts, rules, counted, items, visits, bands, team_of(value("inspectors"))
    )


def _of_cases(
    uow: UnitOfWork, case: Case, effect: Effect, value: Value, scope: Mapping[str, Any]
) -> DrawPlan:
    workflow, role = (_named(effect, key) for key in ("of", "role"))
    where = effect.arguments.get("where")
    pool = draws.children_to_call(uow, case.parent or case.id, workflow, only_closed=where is None)
    if where is not None:
        pool = [child for child in pool if where.holds({**scope, "it": child_row(uow, child)})]
    items = tuple(_names(value("items")))
    inspected: dict[str, set[str]] = {}
    objects = []
    for child in sorted(pool, key=lambda c: c.id.encode()):
        objects.append(ObjectRow(child.id, " ".join(child.title.split()), WHOLE, "", "", items, True, ""))
        for people in child.parties.values():
            for person in people:
                inspected.setdefault(person, set()).add(child.id)
    rules = _rules(uow, case, value, {WHOLE: str(value("ratios"))}, certified=False, strata="whole")
    holders = uow.people.holders(role, None)
    for person, codes in _recusals_of(uow, holders).items():
        kept_from = {
            child.id for child in pool if is_recused(uow.transaction, codes, str(child.subject.get("id")))
        }
        inspected.setdefault(person, set()).update(kept_from)
    people_rows = draws.holder_rows(holders, inspected, Counter())
    return DrawPlan(objects, people_rows, None, rules, {WHOLE: len(objects)} if objects else {}, items, {})


def _named(effect: Effect, key: str) -> str:
    """Return what a draw of cases must name. Raises `DrawRefused` for a definition from before that was asked for."""
    found = effect.arguments.get(key)
    if found is None:
        raise DrawRefused(
            [
                RefusalReason(
                    key,
                    say("抽取检查件（pool: cases）须写明“{key}”", key=key),
                    hint=say("请在流程的 commit: draw（承诺: 抽取）里写明，重新发布后再办"),
                )
            ]
        )
    return str(found)


def _recusals_of(uow: UnitOfWork, people: Sequence[str]) -> dict[str, set[str]]:
    """Return the firms each of `people` is recused from by any register; of nobody else."""
    found: dict[str, set[str]] = {}
    for kind in RECUSING:
        for person, entry in uow.transaction.registers.some(kind, people).items():
            if codes := entry.data.get("recusals"):
                found.setdefault(person, set()).update(map(str, codes))
    return found


def _exempt(given: Any) -> frozenset[str]:
    """Return the classes and the objects the cap does not hold for."""
    return frozenset(str(row[key]) for row in given or () for key in ("class", "object") if row.get(key))


def _unusable(
    codes: Iterable[str], listed: Mapping[str, RegisterEntry], today: str
) -> Iterator[RefusalReason]:
    """Yield what is said of codes that are in no register, and of items that cannot be inspected today."""
    for code in codes:
        item = listed.get(code)
        if item is None:
            yield RefusalReason(
                "item",
                say("抽查事项清单里没有编码“{code}”，不能抽查", code=code),
                hint=say("请退回修改实施方案，改正编码；清单有缺的，先补齐清单"),
            )
        elif lacks := item_lacks(item, today):
            yield RefusalReason(
                "item",
                say("抽查事项“{name}”（{code}）{lacks}，不能抽查", name=item.name, code=code, lacks=lacks),
                hint=say("请退回修改实施方案，去掉该事项；清单有误的，先更正清单"),
            )


def _excluded(uow: UnitOfWork, given: Any) -> dict[str, str]:
    """Return object -> reason of an exclusion list. Raises `DrawRefused` for objects the register does not have."""
    rows = {str(row["object"]): str(row.get("reason") or "") for row in given or ()}
    known = set(uow.transaction.registers.some("objects", list(rows))) if rows else set()
    if known != set(rows):
        known.update(present_codes(uow.transaction.registers.all("objects")))
    problems = [
        RefusalReason(
            "exclude",
            say("排除名单里的“{object}”不在检查对象名录库", object=name),
            hint=say("请核对统一社会信用代码，或从排除名单中去掉"),
        )
        for name in rows
        if name not in known
    ]
    if problems:
        raise DrawRefused(problems)
    return rows


def _ratios(given: Any, classes: set[str]) -> dict[str, str]:
    """Return class -> ratio; a single ratio holds for every class there is."""
    if isinstance(given, str):
        return dict.fromkeys(sorted(classes), given)
    ratios = {str(row["class"]): str(row.get("ratio") or "") for row in given or ()}
    return {name: ratio for name, ratio in ratios.items() if name in classes} or ratios


def _rules(
    uow: UnitOfWork,
    case: Case,
    value: Value,
    ratios: Mapping[str, str],
    *,
    certified: bool,
    strata: str = "credit_class",
    risk_order: tuple[str, ...] = (),
    experts: int = 0,
    match: str = "none",
) -> DrawRules:
    bureau = uow.process(case).bureau
    team = team_of(value("inspectors"))
    size = sum(team.values()) if team else int(value("inspectors") or 1)
    total = value("total")
    valid_on = value("valid_on") or uow.now.astimezone(uow.services.definitions.time.zone).date().isoformat()
    least = value("min")
    return DrawRules(
        ratios=ratios,
        strata=strata,
        total_floor=str(least) if least is not None else None,
        fixed_total=int(total) if total is not None else None,
        min_per_stratum=int(value("min_each") or 0),
        risk_order=risk_order,
        slots=("",) * size,
        sections=tuple(sorted(team)) or tuple(_names(value("sections"))),
        valid_on=date.fromisoformat(str(valid_on)).isoformat() if certified else "",
        rotation=bool(value("rotation")),
        experts=experts,
        match=match,
        removal_reasons=tuple(bureau.codes.get("removal_reasons", {})),
        replacement_reasons=tuple(bureau.codes.get("replacement_reasons", {})),
    )


def _of_present_codes(people: Sequence[PersonRow], present: Mapping[str, set[str]]) -> list[PersonRow]:
    """Return a roster that names the firms its people may not visit by their present codes too."""
    return [
        replace(
            row,
            recusals=with_present_codes(row.recusals, present),
            previous=with_present_codes(row.previous, present),
        )
        for row in people
    ]


def _names(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return sorted(
        {str(one.get("code", one.get("id"))) if isinstance(one, Mapping) else str(one) for one in value}
    )
