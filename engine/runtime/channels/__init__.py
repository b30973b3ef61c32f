"""The channels of a deployment: made from its settings, each imported only when it is used.

channels:
  log: {path: logs/messages.jsonl}
  mail: {host: mail.example.gov.cn, port: 25, from: ssj@example.gov.cn, starttls: true, user: ssj, password_env: SSJ_MAIL}
  webhook: {url: "https://…", style: wecom}
  second: {kind: webhook, url: "https://…"}        # a name of its own, with `kind`
  files: {path: outgoing}
  court: {kind: call, url: "https://…", secret_env: SSJ_COURT}   # another system a step may call
  inbox: {}

Each may keep hours: ``digest: "09:30"``, ``quiet: "18:00-08:30"``, ``office_days: true``, ``gather_above: 5``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast

from engine.app.delivery.deliver import Channel, Outcome
from engine.app.delivery.quiet_hours import DeliveryPolicy
from engine.kernel.did_you_mean import nearest
from engine.language import Message, say
from engine.runtime.addresses import Addresses
from engine.runtime.channels.hours import read_pace
from engine.runtime.defaults import defaults
from engine.runtime.settings import SettingsError, SettingsReader

__all__ = ["Channel", "Outcome", "Surroundings", "channel_paces", "check_channels", "open_channels"]

#: The channel that is no way out: `engine.app.session.unit_of_work` writes its entries.
INBOX = "inbox"

#: kind of channel -> the module that has its `make`
_KINDS: Mapping[str, str] = {
    "log": "log",
    "mail": "smtp",
    "webhook": "webhook",
    "files": "files",
    "call": "call",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel may ask of its deployment."""

    home: Path
    #: The mail address of a person, by id.
    addresses: Addresses
    #: Where passwords are named.
    environ: Mapping[str, str] = field(repr=False)
    #: Seconds on a clock that never goes back, by which a batch comes to its end.
    monotonic: Callable[[], float] = time.monotonic


class _Maker(Protocol):
    def __call__(self, reader: SettingsReader, around: Surroundings) -> Channel:
        """Read the settings and return a channel that has not touched the outside yet."""
        ...


def open_channels(
    settings: Mapping[str, Any],
    home: Path,
    *,
    addresses: Addresses = lambda person: None,
    environ: Mapping[str, str] = os.environ,
    monotonic: Callable[[], float] = time.monotonic,
) -> Mapping[str, Channel]:
    """Return the channels by name. Raises SettingsError with everything that is wrong at once.

    `settings` is the part under ``channels:``; relative paths in it are below `home`. Nothing is connected to or
    written yet. A batch of a channel ends when its time by `monotonic` is up.
    """
    channels, problems = _make_all(settings, Surroundings(home, addresses, environ, monotonic))
    if problems:
        raise SettingsError(problems)
    return channels


def channel_paces(settings: Mapping[str, Any]) -> Mapping[str, DeliveryPolicy]:
    """Return the hours and digests of the channels (``digest quiet office_days gather_above``), by name.

    Raises SettingsError with everything that is wrong at once.
    """
    paces: dict[str, DeliveryPolicy] = {}
    problems: list[Message] = []
    for name, values in settings.items():
        kind = values.get("kind", name) if isinstance(values, Mapping) else name
        reader = SettingsReader(values, f"channels.{name}", defaults()["channels"].get(kind))
        if kind in _KINDS:
            paces[str(name)] = read_pace(reader)
        problems += reader.problems
    if problems:
        raise SettingsError(problems)
    return paces


def check_channels(
    settings: Mapping[str, Any], home: Path, *, environ: Mapping[str, str] = os.environ
) -> list[Message]:
    """Return what is wrong with the settings of the channels."""
    return _make_all(settings, Surroundings(home, lambda person: None, environ))[1]


def _make_all(settings: object, around: Surroundings) -> tuple[dict[str, Channel], list[Message]]:
    if not isinstance(settings, Mapping):
        return {}, [say("channels：应为“名称: 值”，实为“{seen}”", seen=settings)]
    channels: dict[str, Channel] = {}
    problems: list[Message] = []
    for name, values in settings.items():
        kind = values.get("kind", name) if isinstance(values, Mapping) else name
        if kind == INBOX:
            problems += _check_inbox(str(name), values)
            continue
        if kind not in _KINDS:
            problems.append(_unknown(str(name), str(kind)))
            continue
        reader = SettingsReader(values, f"channels.{name}", defaults()["channels"].get(kind))
        reader.text("kind")
        # Taken up by whoever opened the deployment: templates lie beside its forms.
        reader.text("template")
        read_pace(reader)
        module = import_module(f"engine.runtime.channels.{_KINDS[kind]}")
        channels[str(name)] = cast(_Maker, module.make)(reader, around)
        reader.done()
        problems += reader.problems
    return channels, problems


def _check_inbox(name: str, values: object) -> list[Message]:
    """The inbox is built in: it is written with the step itself, so there is nothing to deliver or to set."""
    reader = SettingsReader(values, f"channels.{name}")
    reader.text("kind")
    reader.done()
    if name != INBOX:
        reader.blame("kind", say("收件箱只有一个，请把渠道名写作 inbox"))
    return reader.problems


def _unknown(name: str, kind: str) -> Message:
    near = nearest(kind, _KINDS)
    if near:
        return say("channels.{name}：没有通道“{kind}”，是否想写“{near}”？", name=name, kind=kind, near=near)
    return say(
        "channels.{name}：没有通道“{kind}”；可用：{known}（自取名称时用 kind 指明种类）",
        name=name,
        kind=kind,
        known=sorted([*_KINDS, INBOX]),
    )
