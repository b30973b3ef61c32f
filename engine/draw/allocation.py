"""How many objects each stratum gives: integer arithmetic on ratios written as text.

A ratio is a floor (“不低于 5%”): a stratum of N gives ceil(N · p / q). Every step is recorded, so that the record can show
how each number was computed, and each stratum's achieved chance is stated next to the ratio that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from engine.draw.refused import DrawRefused, refuse_if
from engine.draw.roster import Count
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

_DECIMAL = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(%?)", re.ASCII)
_FRACTION = re.compile(r"([0-9]{1,9})/([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Quota:
    """One stratum's number, step by step. `floor + spread + raised - cut` is `quota`."""

    stratum: str
    listed: int
    eligible: int
    #: The rows the ratio is taken of.
    base: int
    ratio: str
    #: ceil(base · ratio), or the share of a fixed total.
    floor: int
    #: Added so that the total reaches its floor.
    spread: int
    #: Added so that no stratum with eligible objects gives fewer than the minimum.
    raised: int
    #: Taken off because the stratum has no more eligible objects.
    cut: int
    quota: int

    @property
    def chance(self) -> Fraction:
        """The chance of each eligible object of this stratum to be drawn."""
        return Fraction(self.quota, self.eligible) if self.eligible else Fraction(0)


@dataclass(frozen=True, slots=True)
class Allocation:
    """The quotas of all strata, ordered by the bytes of their names, and what is odd about them."""

    quotas: tuple[Quota, ...]
    warnings: tuple[RefusalReason, ...] = ()

    @property
    def total(self) -> int:
        """How many objects are drawn."""
        return sum(quota.quota for quota in self.quotas)

    @property
    def coverage(self) -> Fraction:
        """The share of eligible objects that are drawn."""
        eligible = sum(quota.eligible for quota in self.quotas)
        return Fraction(self.total, eligible) if eligible else Fraction(0)


def parse_ratio(text: str, where: str | Message = "") -> Fraction:
    """Return the ratio written as ``5%``, ``0.05`` or ``1/20``: above 0 and at most 1. Raises `DrawRefused` otherwise."""
    place = where or say("抽取比例")
    if (match := _DECIMAL.fullmatch(text)) is not None:
        value = Fraction(match[1]) / (100 if match[2] else 1)
    elif (match := _FRACTION.fullmatch(text)) is not None and int(match[2]):
        value = Fraction(int(match[1]), int(match[2]))
    else:
        raise DrawRefused(
            [
                RefusalReason(
                    "ratio",
                    say("{place}读不出比例：“{seen}”", place=place, seen=text),
                    hint=say("请用半角写成 5%、0.05 或 1/20 的样子"),
                )
            ]
        )
    if value <= 0:
        raise DrawRefused(
            [
                RefusalReason(
                    "ratio",
                    say("{place}为 {seen}：比例须大于 0", place=place, seen=text),
                    hint=say("不参加抽取的层请从名册中标明排除原因"),
                )
            ]
        )
    if value > 1:
        raise DrawRefused(
            [
                RefusalReason(
                    "ratio",
                    say("{place}为 {seen}：比例不能超过 100%", place=place, seen=text),
                    hint=say("5% 请写成 5% 或 0.05，不写成 5"),
                )
            ]
        )
    return value


def ceil_share(count: int, ratio: Fraction) -> int:
    """Return the smallest whole number not below `count` · `ratio`."""
    return -(-count * ratio.numerator // ratio.denominator)


def allocate(
    strata: Mapping[str, Count],
    ratios: Mapping[str, str],
    *,
    base: str = "eligible",
    total_floor: str | None = None,
    fixed_total: int | None = None,
    min_per_stratum: int = 0,
    risk_order: Sequence[str] = (),
) -> Allocation:
    """Return every stratum's quota.

    `base` is ``eligible`` or ``listed``: what the ratios are taken of. `total_floor` is a ratio the sum must reach:
    what is missing is spread over the strata in proportion to what they have left, by largest remainder, ties by
    name. `fixed_total` sets the sum instead and shares it in proportion to base · ratio (Hamilton). Then strata below
    `min_per_stratum` are raised, and none gives more than it has. `risk_order` names strata from the lowest risk to
    the highest; ratios or chances that fall as risk rises are warned of. Raises `DrawRefused` for missing or wrong ratios.
    """
    names = sorted(strata)
    parsed, least = _check(names, strata, ratios, total_floor, fixed_total, base)
    bases = {name: strata[name].eligible if base == "eligible" else strata[name].listed for name in names}
    if fixed_total is not None:
        weights = {name: bases[name] * parsed[name] for name in names}
        floors = largest_remainder(fixed_total, weights)
    else:
        floors = {name: ceil_share(bases[name], parsed[name]) for name in names}
    room = {name: max(0, strata[name].eligible - floors[name]) for name in names}
    held = sum(min(floors[name], strata[name].eligible) for name in names)
    missing = ceil_share(sum(bases.values()), least) - held if least is not None else 0
    spread = largest_remainder(min(max(0, missing), sum(room.values())), room)
    quotas = []
    for name in names:
        count = strata[name]
        wanted = floors[name] + spread[name]
        raised = max(0, min_per_stratum - wanted) if count.eligible else 0
        cut = max(0, wanted + raised - count.eligible)
        quotas.append(
            Quota(
                name,
                count.listed,
                count.eligible,
                bases[name],
                ratios[name],
                floors[name],
                spread[name],
                raised,
                cut,
                wanted + raised - cut,
            )
        )
    allocation = Allocation(tuple(quotas))
    return replace(allocation, warnings=_warnings(allocation, parsed, least, fixed_total, risk_order))


def largest_remainder(total: int, weights: Mapping[str, int | Fraction]) -> dict[str, int]:
    """Share `total` in proportion to `weights`: whole parts first, then the largest remainders, ties by name."""
    whole = sum(weights.values(), start=Fraction(0))
    if not whole or total <= 0:
        return dict.fromkeys(weights, 0)
    exact = {name: Fraction(total * weight) / whole for name, weight in weights.items()}
    shares = {name: value.numerator // value.denominator for name, value in exact.items()}
    left = total - sum(shares.values())
    for name in sorted(weights, key=lambda name: (shares[name] - exact[name], name))[:left]:
        shares[name] += 1
    return shares


def _check(
    names: Sequence[str],
    strata: Mapping[str, Count],
    ratios: Mapping[str, str],
    total_floor: str | None,
    fixed_total: int | None,
    base: str,
) -> tuple[dict[str, Fraction], Fraction | None]:
    problems: list[RefusalReason] = []
    parsed: dict[str, Fraction] = {}
    for name in names:
        if name not in ratios:
            problems.append(
                RefusalReason(
                    "ratio",
                    say(
                        "名册中有“{stratum}”层 {count} 户，方案没有写它的抽取比例",
                        stratum=name,
                        count=strata[name].listed,
                    ),
                    hint=say("请在抽查方案的比例表中补上该层；方案中有：{known}", known=sorted(ratios)),
                )
            )
            continue
        try:
            parsed[name] = parse_ratio(ratios[name], name)
        except DrawRefused as refused:
            problems += refused.reasons
    least: Fraction | None = None
    if total_floor is not None:
        try:
            least = parse_ratio(total_floor, say("总体抽取比例"))
        except DrawRefused as refused:
            problems += refused.reasons
    if base not in ("eligible", "listed"):
        problems.append(
            RefusalReason("base", say("比例的基数应为 eligible 或 listed，实为“{seen}”", seen=base))
        )
    if fixed_total is not None and fixed_total < 1:
        problems.append(RefusalReason("total", say("抽取总数应至少为 1，实为 {seen}", seen=fixed_total)))
    refuse_if(problems)
    return parsed, least


def _warnings(
    allocation: Allocation,
    parsed: Mapping[str, Fraction],
    least: Fraction | None,
    fixed_total: int | None,
    risk_order: Sequence[str],
) -> tuple[RefusalReason, ...]:
    found: list[RefusalReason] = []
    by_name = {quota.stratum: quota for quota in allocation.quotas}
    order = [name for name in risk_order if name in by_name and by_name[name].eligible]
    for lower, higher in pairwise(order):
        if parsed[higher] < parsed[lower]:
            found.append(
                RefusalReason(
                    "monotony",
                    say(
                        "“{higher}”风险高于“{lower}”，抽取比例 {high} 却低于 {low}",
                        higher=higher,
                        lower=lower,
                        high=by_name[higher].ratio,
                        low=by_name[lower].ratio,
                    ),
                    hint=say("风险越高，抽取比例应越高"),
                )
            )
        elif by_name[higher].chance < by_name[lower].chance:
            found.append(
                RefusalReason(
                    "monotony",
                    say(
                        "“{higher}”风险高于“{lower}”，实际抽中机会 {high} 却低于 {low}",
                        higher=higher,
                        lower=lower,
                        high=str(by_name[higher].chance),
                        low=str(by_name[lower].chance),
                    ),
                    hint=say("多因取整、补足总数或该层户数过少，请核对后再承诺"),
                )
            )
    found += [
        RefusalReason(
            "empty",
            say(
                "“{stratum}”层在册 {listed} 户，没有可抽的对象，名额为 0", stratum=q.stratum, listed=q.listed
            ),
            hint=say("请核对该层的排除原因，或从比例表中去掉"),
        )
        for q in allocation.quotas
        if not q.eligible
    ]
    total = allocation.total
    wanted = fixed_total
    if least is not None:
        wanted = max(wanted or 0, ceil_share(sum(quota.base for quota in allocation.quotas), least))
    if wanted is not None and total < wanted:
        found.append(
            RefusalReason(
                "short", say("应抽 {wanted} 户，可抽对象只够 {total} 户", wanted=wanted, total=total)
            )
        )
    return tuple(found)
