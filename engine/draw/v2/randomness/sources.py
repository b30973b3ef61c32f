"""Where the randomness of a draw comes from, pinned before anybody can know it, and its one text.

A lottery is named by issue and day, a drand round by its number, dice by how many digits. The text ends with the SHA-256 of
the commitment, so that commitments which share an issue have nothing else in common.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from engine.draw.refused import refuse_if
from engine.draw.v2.randomness.calendars import DRAWN_ON, day_of_issue, year_fault
from engine.draw.v2.shapes import Maybe, day, matching, number, one_of
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

TRIAL = "TEST-"
#: Chinese standard time: lotteries and days of the log are in it.
ZONE = timezone(timedelta(hours=8))
#: When the first round of the drand chain "quicknet" was, in seconds, and how far rounds are apart.
GENESIS, PERIOD = 1692803367, 3

_OF_33, _OF_16 = "(?:0[1-9]|[12][0-9]|3[0-3])", "(?:0[1-9]|1[0-6])"
_OF_35, _OF_12 = "(?:0[1-9]|[12][0-9]|3[0-5])", "(?:0[1-9]|1[0-2])"
_FORMS = {
    "ssq": rf"{_OF_33}(?:\.{_OF_33}){{5}}\+{_OF_16}",
    "dlt": rf"{_OF_35}(?:\.{_OF_35}){{4}}\+{_OF_12}\.{_OF_12}",
    "fc3d": "[0-9]{3}",
    "pl3": "[0-9]{3}",
    "pl5": "[0-9]{5}",
    "drand": "[0-9a-f]{96}",
}
#: How many results a source has; dice do not count, because insiders type them.
RESULTS = {"ssq": 17_721_088, "dlt": 21_425_712, "fc3d": 1000, "pl3": 1000, "pl5": 100_000, "drand": 2**256}
#: All sources together have at least so many results.
MIN_RESULTS = 1_000_000

SOURCE = {
    "kind": one_of(*_FORMS, "dice"),
    "issue": Maybe(matching(re.compile(r"20[0-9]{2}[0-9]{3}", re.ASCII))),
    "round": Maybe(number),
    "digits": Maybe(number),
    "day": day,
}
#: Which of `issue`, `round` and `digits` a kind has; the others are null.
_HAS = {**dict.fromkeys(DRAWN_ON, "issue"), "drand": "round", "dice": "digits"}


def day_of(instant: str) -> str:
    """Return the day of an instant of the log in Chinese standard time."""
    return datetime.fromisoformat(instant[:-1]).replace(tzinfo=UTC).astimezone(ZONE).date().isoformat()


def day_of_round(round_number: int) -> str:
    """Return the day on which a round of drand's quicknet is made."""
    return datetime.fromtimestamp(GENESIS + (round_number - 1) * PERIOD, ZONE).date().isoformat()


def known_from(sources: Sequence[Mapping[str, Any]]) -> str:
    """Return the first day on which something of the randomness is known."""
    return str(min(source["day"] for source in sources))


def known_on(sources: Sequence[Mapping[str, Any]]) -> str:
    """Return the day on which all of it is known."""
    return str(max(source["day"] for source in sources))


def source_problems(
    sources: Sequence[Mapping[str, Any]], reason: str, calendar: Mapping[str, Any]
) -> Iterator[RefusalReason]:
    """Yield everything that is wrong with the sources of a commitment. `reason` says why there is only one."""
    if not 1 <= len(sources) <= 4:
        yield _no(say("随机来源应有 1 至 4 个，实有 {count} 个", count=len(sources)))
        return
    names = {(source["kind"], source["issue"], source["round"]) for source in sources}
    if len(names) != len(sources) or [source["kind"] for source in sources].count("dice") > 1:
        yield _no(say("随机来源重复"))
    if len(sources) == 1 and not reason.strip():
        yield _no(say("只有一个随机来源，须写明理由"), say("一般用两种彩票，各写明期号"))
    results = 1
    for source in sources:
        results *= RESULTS.get(source["kind"], 1)
        yield from _one_problems(source, calendar)
    if results < MIN_RESULTS:
        yield _no(
            say("随机来源的结果太少，能被试出来"), say("骰子不计；请用双色球、大乐透或 drand，或两种并用")
        )


def _one_problems(source: Mapping[str, Any], calendar: Mapping[str, Any]) -> Iterator[RefusalReason]:
    kind = source["kind"]
    if [name for name in ("issue", "round", "digits") if source[name] is not None] != [_HAS[kind]]:
        yield _no(say("{source} 须写明且只写明 {field}", source=kind, field=_HAS[kind]))
    elif kind == "dice":
        if not 1 <= source["digits"] <= 200:
            yield _no(say("骰子应为 1 至 200 位"))
    elif kind == "drand":
        if source["round"] < 1 or day_of_round(source["round"]) != source["day"]:
            yield _no(say("drand 第 {round} 轮不在 {day}", round=source["round"], day=source["day"]))
    else:
        year = source["issue"][:4]
        days = calendar["issues"].get(kind, {}).get(year, [])
        if not days or (fault := year_fault(kind, year, days)):
            yield _no(
                say(
                    "{source} {year} 年的开奖日历不合规律：{day}",
                    source=kind,
                    year=year,
                    day=fault if days else "-",
                )
            )
        elif day_of_issue(calendar, kind, source["issue"]) != source["day"]:
            yield _no(
                say(
                    "开奖日历里 {source} 第 {issue} 期不在 {day}",
                    source=kind,
                    issue=source["issue"],
                    day=source["day"],
                )
            )


def value_problems(sources: Sequence[Mapping[str, Any]], values: Sequence[str]) -> Iterator[RefusalReason]:
    """Yield where `values`, in the order of the sources, are not written as the protocol writes them."""
    if len(values) != len(sources):
        yield _no(say("随机来源有 {count} 个，结果有 {seen} 个", count=len(sources), seen=len(values)))
        return
    for source, value in zip(sources, values, strict=True):
        form = _FORMS.get(source["kind"]) or rf"[0-9]{{{source['digits']}}}"
        groups = [group.split(".") for group in value.split("+")] if source["kind"] in ("ssq", "dlt") else []
        if not re.fullmatch(form, value, re.ASCII) or any(g != sorted(set(g)) for g in groups):
            yield _no(
                say("{source} 的结果“{seen}”写法不对", source=source["kind"], seen=value),
                say("写成 01.05.09.17.22.30+07 的样子：两位数、从小到大；其余逐位照抄"),
            )


def entropy_text(
    sources: Sequence[Mapping[str, Any]], values: Sequence[str], commitment: str, *, trial: bool
) -> str:
    """Return the text tickets are made of. Raises `DrawRefused` for values that are not written right."""
    refuse_if(value_problems(sources, values))
    parts = []
    for source, value in zip(sources, values, strict=True):
        name = source["issue"] or source["round"]
        parts.append(f"{source['kind']}:{name}:{value}" if name else f"{source['kind']}:{value}")
    return (TRIAL if trial else "") + "/".join([*parts, f"commitment:{commitment}"])


def typed_digest(values: Sequence[str]) -> str:
    """Return what the log holds of the first typing: SHA-256 of the values joined by line breaks."""
    return hashlib.sha256("\n".join(values).encode()).hexdigest()


def _no(message: Message, hint: Message | None = None) -> RefusalReason:
    return RefusalReason("entropy", message, hint=hint)
