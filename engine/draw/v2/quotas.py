"""How many objects each stratum gives: bands by size, limits, totals, floors and caps, in whole numbers and fractions.

The order of the steps is the protocol's. A quota holds the number of its stratum after each of them, so that anybody sees
which rule made it what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.shapes import Maybe, filled, number, one_of, text
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

_DECIMAL = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(%?)", re.ASCII)
_FRACTION = re.compile(r"([0-9]{1,9})/([0-9]{1,9})", re.ASCII)

BAND = {"up_to": Maybe(number), "count": Maybe(number), "ratio": Maybe(text)}
STRATUM = {"stratum": filled, "bands": [BAND], "min": number, "max": Maybe(number)}
GROUP = {
    "title": filled,
    "kind": one_of("total", "floor", "cap"),
    "strata": [filled],
    "count": Maybe(number),
    "ratio": Maybe(text),
}
_STEPS = ("first", "shared", "bounded", "floored", "quota")
QUOTA = dict.fromkeys(("listed", *_STEPS), number) | {"stratum": filled}
#: As commitments before 2026-12 have it.
QUOTA_BEFORE = QUOTA | {"eligible": number, "base": number}

Values = dict[str, int]


def ratio_of(written: str) -> Fraction | None:
    """Return the ratio written ``5%``, ``0.05`` or ``1/20``, above 0 and at most 1; None for anything else."""
    if (match := _DECIMAL.fullmatch(written)) is not None:
        value = Fraction(match[1]) / (100 if match[2] else 1)
    elif (match := _FRACTION.fullmatch(written)) is not None and int(match[2]):
        value = Fraction(int(match[1]), int(match[2]))
    else:
        return None
    return value if 0 < value <= 1 else None


def share(total: int, weights: Mapping[str, int | Fraction]) -> Values:
    """Share `total` in proportion to `weights`: whole parts, then one each by largest remainder, ties by name."""
    whole = sum(weights.values(), start=Fraction(0))
    if not whole or total <= 0:
        return dict.fromkeys(weights, 0)
    exact = {name: total * Fraction(weight) / whole for name, weight in weights.items()}
    found = {name: value.numerator // value.denominator for name, value in exact.items()}
    left = total - sum(found.values())
    for name in sorted(weights, key=lambda name: (found[name] - exact[name], name))[:left]:
        found[name] += 1
    return found


def quotas(rules: Mapping[str, Any], strata: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Return the quota of every stratum, by name. Raises `DrawRefused` for rules that do not fit the strata.

    Strata and rules of commitments before 2026-12 say besides who is eligible, and which number the ratios are of.
    """
    refuse_if(quota_problems(rules, strata))
    by_name = {rule["stratum"]: rule for rule in rules["strata"]}
    names = sorted(strata)
    able = {name: strata[name].get("eligible", strata[name]["listed"]) for name in names}
    base = {name: strata[name][rules.get("base", "listed")] for name in names}
    exact = {name: _exact(by_name[name]["bands"], base[name]) for name in names}
    room = {name: _least(able[name], by_name[name]["max"]) for name in names}
    steps = [{name: _ceil(exact[name]) for name in names}]
    shared = dict(steps[0])
    for group in _groups(rules, "total", names):
        shared |= share(group["count"], {name: exact[name] for name in group["strata"]})
    least = {name: by_name[name]["min"] if able[name] else 0 for name in names}
    bounded = {name: min(room[name], max(shared[name], least[name])) for name in names}
    floored = dict(bounded)
    for group in _groups(rules, "floor", names):
        mine = group["strata"]
        missing = _bound(group, base, up=True) - sum(floored[name] for name in mine)
        free = {name: room[name] - floored[name] for name in mine}
        for name, more in share(min(missing, sum(free.values())), free).items():
            floored[name] += more
    capped = dict(floored)
    for group in _groups(rules, "cap", names):
        mine = group["strata"]
        over = sum(capped[name] for name in mine) - _bound(group, base, up=False)
        spare = {name: max(0, capped[name] - least[name]) for name in mine}
        for name, fewer in share(min(over, sum(spare.values())), spare).items():
            capped[name] -= fewer
    return [
        {
            "stratum": name,
            **strata[name],
            **({"base": base[name]} if "base" in rules else {}),
            "first": steps[0][name],
            "shared": shared[name],
            "bounded": bounded[name],
            "floored": floored[name],
            "quota": capped[name],
        }
        for name in names
    ]


def quota_problems(
    rules: Mapping[str, Any], strata: Mapping[str, Mapping[str, int]]
) -> Iterator[RefusalReason]:
    """Yield everything in which the rules cannot be used on these strata."""
    names = [rule["stratum"] for rule in rules["strata"]]
    if sorted(names) != sorted(strata):
        yield _no(say("名册的层为 {strata}，规则写的是 {rules}", strata=sorted(strata), rules=sorted(names)))
    for rule in rules["strata"]:
        yield from _stratum_problems(rule)
    for group in rules["groups"]:
        if len(set(group["strata"])) != len(group["strata"]) or not set(group["strata"]) <= set(strata):
            yield _no(say("“{group}”写了不存在或重复的层", group=group["title"]))
        if (group["count"] is None) == (group["ratio"] is None):
            yield _no(say("“{group}”须写明户数或比例，两者写其一", group=group["title"]))
        elif group["ratio"] is not None and (ratio_of(group["ratio"]) is None or group["kind"] == "total"):
            yield _no(say("“{group}”的比例“{seen}”不能用", group=group["title"], seen=group["ratio"]))


def _stratum_problems(rule: Mapping[str, Any]) -> Iterator[RefusalReason]:
    title, bands = rule["stratum"], rule["bands"]
    ends = [band["up_to"] for band in bands]
    sizes = [end for end in ends[:-1] if end is not None]
    if not ends or ends[-1] is not None or sizes != ends[:-1] or sizes != sorted(set(sizes)):
        yield _no(say("“{group}”各档的上限须递增，最后一档不写上限", group=title))
    for band in bands:
        if (band["count"] is None) == (band["ratio"] is None):
            yield _no(say("“{group}”须写明户数或比例，两者写其一", group=title))
        elif band["ratio"] is not None and ratio_of(band["ratio"]) is None:
            yield _no(say("“{group}”的比例“{seen}”不能用", group=title, seen=band["ratio"]))
    if rule["max"] is not None and rule["max"] < rule["min"]:
        yield _no(say("“{group}”最多户数小于最少户数", group=title))


def _groups(rules: Mapping[str, Any], kind: str, names: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {**group, "strata": group["strata"] or names} for group in rules["groups"] if group["kind"] == kind
    ]


def _exact(bands: Sequence[Mapping[str, Any]], base: int) -> Fraction:
    band = next(band for band in bands if band["up_to"] is None or base <= band["up_to"])
    if band["count"] is not None:
        return Fraction(band["count"])
    return base * (ratio_of(band["ratio"]) or Fraction(0))


def _bound(group: Mapping[str, Any], base: Values, *, up: bool) -> int:
    if group["count"] is not None:
        return int(group["count"])
    exact = sum(base[name] for name in group["strata"]) * (ratio_of(group["ratio"]) or Fraction(0))
    return _ceil(exact) if up else exact.numerator // exact.denominator


def _ceil(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _least(able: int, most: int | None) -> int:
    return able if most is None else min(able, most)


def _no(message: Message) -> RefusalReason:
    return RefusalReason("quota", message)
