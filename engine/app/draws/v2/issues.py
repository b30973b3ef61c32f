"""The sources of a draw as a plan names them, pinned to issues by the calendar; and what people type, read.

A plan names lotteries (``ssq``), issues (``ssq:2026031``), rounds of drand (``drand:26967412``) or dice (``dice:24``). A lottery
without an issue is pinned to its first issue on or after the first day allowed, so that nobody picks one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from engine.draw.v2.randomness.calendars import CALENDAR_SPEC, DRAWN_ON, day_of_issue, make_year
from engine.draw.v2.randomness.sources import day_of_round
from engine.draw.v2.shapes import wrong
from engine.language import say
from engine.lifecycle.model.draw_policy import DrawPolicy


def calendar_of(policy: DrawPolicy, kinds: Sequence[str]) -> dict[str, Any]:
    """Return the calendar of the kit: every issue of these lotteries of the years that have days of rest in the policy."""
    closed: set[str] = set()
    for first, last in policy.closed:
        closed |= {(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)}
    issues = {
        kind: {str(year): make_year(kind, year, frozenset(closed)) for year in policy.years()}
        for kind in dict.fromkeys(kinds)
        if kind in DRAWN_ON
    }
    return {"spec": CALENDAR_SPEC, "issues": issues}


def pinned(
    given: Sequence[Any], policy: DrawPolicy, today: date
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the sources of a commitment made `today`, and their calendar. Raises `DrawRefused` for what cannot be read."""
    words = [str(one).strip() for one in given]
    calendar = calendar_of(policy, [word.partition(":")[0] for word in words])
    first = today + timedelta(days=policy.lead_days)
    found = [_pinned(word, calendar, first) for word in words if not word.startswith("dice")]
    last = max((source["day"] for source in found), default=first.isoformat())
    dice = [_source("dice", digits=_number(word), day=last) for word in words if word.startswith("dice")]
    return [*found, *dice], calendar


def _pinned(word: str, calendar: Mapping[str, Any], first: date) -> dict[str, Any]:
    kind, _, rest = word.partition(":")
    if kind == "drand":
        rounds = _number(word)
        return _source(kind, round=rounds, day=day_of_round(rounds))
    years = calendar["issues"].get(kind)
    if years is None:
        raise wrong(
            "entropy",
            say("没有“{source}”这种公开随机源", source=word),
            say(
                "可用：ssq（双色球）、dlt（大乐透）、fc3d、pl3、pl5，可写明期号如 ssq:2026031；drand:轮次；dice:位数"
            ),
        )
    if rest:
        day = (
            day_of_issue(calendar, kind, rest) if rest.isascii() and rest.isdigit() and len(rest) == 7 else ""
        )
        if not day:
            raise wrong(
                "entropy",
                say("开奖日历里没有 {source} 第 {issue} 期", source=kind, issue=rest),
                say("期号为年份加三位数，如 2026031；该年的休市日写在 bureau.yaml 的 draw（抽取）"),
            )
        return _source(kind, issue=rest, day=day)
    for year, days in sorted(years.items()):
        for place, day in enumerate(days, 1):
            if day >= first.isoformat():
                return _source(kind, issue=f"{year}{place:03}", day=day)
    raise wrong(
        "entropy",
        say("开奖日历里没有 {day} 以后的 {source}", source=kind, day=first.isoformat()),
        say("在 bureau.yaml 的 draw（抽取）里写上该年的休市日（closed_days），再发布"),
    )


def _number(word: str) -> int:
    rest = word.partition(":")[2]
    if not (rest.isascii() and rest.isdigit() and len(rest) < 10):
        raise wrong("entropy", say("“{source}”须写明数目，如 drand:26967412、dice:24", source=word))
    return int(rest)


def _source(kind: str, **known: Any) -> dict[str, Any]:
    return {"kind": kind, "issue": None, "round": None, "digits": None, "day": "", **known}


def titled(source: Mapping[str, Any]) -> str:
    """Return a source as people write it: ``ssq:2026031``."""
    name = source["issue"] or source["round"] or source["digits"]
    return f"{source['kind']}:{name}"


def prefix_of(source: Mapping[str, Any]) -> str:
    """Return what comes before a value in the entropy."""
    return "dice" if source["kind"] == "dice" else titled(source)


def values_of(typed: str, sources: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the values in what somebody typed, in the order of the sources.

    They are separated by ``/`` or spaces; each may have its source in front (``ssq:2026031:01.05…``), which must then be the
    right one. Raises `DrawRefused` where it is another.
    """
    parts = typed.replace("/", " ").split()
    values = []
    for place, part in enumerate(parts):
        known, _, value = part.rpartition(":")
        if (
            known
            and place < len(sources)
            and known not in (prefix_of(sources[place]), sources[place]["kind"])
        ):
            raise wrong(
                "entropy",
                say(
                    "第 {number} 项应是 {source} 的结果，录入的是 {seen}",
                    number=place + 1,
                    source=prefix_of(sources[place]),
                    seen=known,
                ),
                say("按承诺书的次序录入，期号也要对得上"),
            )
        values.append(value)
    return values


def format_results(sources: Sequence[Mapping[str, Any]], values: Sequence[str]) -> str:
    """Return the results as people read them: each with its source in front."""
    return "/".join(f"{prefix_of(source)}:{value}" for source, value in zip(sources, values, strict=True))
