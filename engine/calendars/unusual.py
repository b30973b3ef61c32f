"""Which days of a year's notice look wrong and may be right; the year with those that somebody confirmed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import Message, say
from engine.value import value
from engine.worktime.calendar import UnusualDay, YearData
from engine.yamltext.unusual_rules import UnusualRule, read_unusual_rules


@cache
def unusual_rules() -> Mapping[str, UnusualRule]:
    """Return the table, read once."""
    return read_unusual_rules(Path(__file__).with_name("unusual.yaml"))


@value
class DayConfirmation:
    """What a person says about one day: that it is right as it is, and why."""

    day: date
    reason: str

    def as_json(self) -> dict[str, str]:
        """Return plain values."""
        return {"day": self.day.isoformat(), "reason": self.reason}


def settle_year(
    data: YearData, before: YearData | None, given: Collection[DayConfirmation], by: str
) -> YearData | RefusalReason:
    """Return a year that was read with its unusual days settled: by what is `given`, and what the year `before` confirmed.

    Days nobody confirmed stay in its `unusual`. A confirmation that fits no such day is a reason to refuse.
    """
    reasons = {one.day: one.reason.strip() for one in given}
    known = {(one.day, one.rule): one for one in (before.confirmed if before is not None else ())}
    if unused := sorted(set(reasons) - {one.day for one in data.unusual}):
        message = say("没有这样需要确认的日子：{days}", days=[day.isoformat() for day in unused])
        return RefusalReason("confirmation", message)
    if any(not reason for reason in reasons.values()):
        return RefusalReason("reason", say("确认须写明理由"), next=NextAction("give_reason"))
    confirmed, left = [], []
    for one in data.unusual:
        if (one.day, one.rule) in known:
            confirmed.append(known[one.day, one.rule])
        elif one.day in reasons:
            confirmed.append(replace(one, reason=reasons[one.day], by=by))
        else:
            left.append(one)
    return replace(data, confirmed=tuple(confirmed), unusual=tuple(left))


def why_unconfirmed(data: YearData) -> RefusalReason | None:
    """Return why a year may not be taken up while some of its days are unusual; None when it may."""
    if not data.unusual:
        return None
    message = say("有不寻常的日子尚未确认：{days}", days=[day_sentence(one) for one in data.unusual[:10]])
    return RefusalReason("unusual", message, next=NextAction("confirm_days"))


def day_sentence(one: UnusualDay) -> Message:
    """Return a day and by what rule it is unusual; who confirmed it and why, where somebody has."""
    words = {"day": one.day.isoformat(), "rule": unusual_rules()[one.rule].title}
    if not one.by:
        return say("{day}（{rule}）", **words)
    return say("{day}（{rule}）已由 {by} 确认：{reason}", by=one.by, reason=one.reason, **words)
