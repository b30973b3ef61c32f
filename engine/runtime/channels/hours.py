"""The hours of a channel, read from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import TYPE_CHECKING

from engine.app.delivery.quiet_hours import DeliveryPolicy
from engine.language import say
from engine.runtime.defaults import defaults
from engine.runtime.settings import clock_time

if TYPE_CHECKING:
    from engine.runtime.settings import SettingsReader


def read_pace(reader: SettingsReader) -> DeliveryPolicy:
    """Read ``{digest, quiet, office_days, gather_above}``, all optional."""
    digest = reader.text("digest")
    most: Mapping[str, int] = defaults()["webhook_most_bytes"]
    return DeliveryPolicy(
        digest=_time(reader, "digest", digest) if digest else None,
        quiet=_quiet(reader),
        office_days=reader.flag("office_days"),
        gather_above=reader.integer("gather_above", least=0, most=10_000),
        most_lines=defaults()["digest_most_lines"],
        most_bytes=most.get(reader.peek("style"), defaults()["digest_most_bytes"]),
    )


def _quiet(reader: SettingsReader) -> tuple[time, time] | None:
    text = reader.text("quiet")
    if text is None:
        return None
    begin, dash, end = text.partition("-")
    if not dash:
        reader.blame("quiet", say('应为“起-止”，如 "18:00-08:30"（加引号），实为“{seen}”', seen=text))
        return None
    found = _time(reader, "quiet", begin.strip()), _time(reader, "quiet", end.strip())
    if found[0] is None or found[1] is None:
        return None
    if found[0] == found[1]:
        reader.blame("quiet", say("起止相同，等于全天不发：“{seen}”", seen=text))
        return None
    return found[0], found[1]


def _time(reader: SettingsReader, name: str, text: str) -> time | None:
    if (found := clock_time(text)) is not None:
        return found
    reader.blame(name, say('应为“时:分”，如 "09:30"（加引号），实为“{seen}”', seen=text))
    return None
