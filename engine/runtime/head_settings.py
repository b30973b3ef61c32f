"""``heads`` of ``settings.yaml``: to whom each day's head is sent, and who puts a time stamp on it.

heads:
  send: {mail: jiandu@example.gov.cn, files: ""}      # channel: address; empty where the channel has one receiver
  stamp: {url: "https://tsa.example.cn/tsr", ca_file: tsa-ca.pem, timeout_seconds: 20}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.language import say
from engine.runtime.channels.posting import wrong_url
from engine.runtime.defaults import defaults
from engine.runtime.settings import SettingsError, SettingsReader


@dataclass(frozen=True, slots=True)
class StampSettings:
    """Where time stamps come from, and the certificates by which their signatures are checked."""

    url: str
    ca_file: Path
    timeout_seconds: int


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """What becomes of a head. `send`: channel -> address, empty where the channel has one receiver."""

    send: Mapping[str, str] = field(default_factory=dict)
    stamp: StampSettings | None = None


def read_head_settings(settings: Mapping[str, Any], home: Path) -> HeadSettings:
    """Take ``heads`` out of the settings of a deployment. Raises SettingsError with everything wrong at once."""
    if not settings.get("heads"):
        return HeadSettings()
    values = settings["heads"]
    reader = SettingsReader(values, "heads")
    send, stamp = reader.value("send"), reader.value("stamp")
    reader.done()
    channels = settings.get("channels") or {"log": {}}
    found = _send(reader, send, channels)
    stamped = None if stamp is None else _stamp(reader, stamp, home)
    if reader.problems:
        raise SettingsError(reader.problems)
    return HeadSettings(found, stamped)


def _send(reader: SettingsReader, send: object, channels: Mapping[str, Any]) -> Mapping[str, str]:
    if send is None:
        return {}
    if not isinstance(send, Mapping):
        reader.blame("send", say("应为“渠道: 地址”，实为“{seen}”", seen=send))
        return {}
    found = {}
    for name, address in send.items():
        settings = channels.get(name)
        kind = str(settings.get("kind", name)) if isinstance(settings, Mapping) else str(name)
        if name not in channels or kind == "inbox":
            reader.blame("send", say("channels 里没有可以外送的渠道“{seen}”", seen=name))
        elif kind == "mail" and (not isinstance(address, str) or "@" not in address):
            reader.blame("send", say("{name} 应写接收单位的邮箱地址，实为“{seen}”", name=name, seen=address))
        elif address is not None and not isinstance(address, str):
            reader.blame("send", say("应为文字，实为“{seen}”", seen=address))
        else:
            found[str(name)] = address or ""
    return found


def _stamp(reader: SettingsReader, values: object, home: Path) -> StampSettings:
    part = SettingsReader(values, "heads.stamp", defaults()["stamp"])
    url = part.text("url", required=True) or ""
    if url and (problem := wrong_url(url)):
        part.blame("url", problem)
    named = part.text("ca_file", required=True) or ""
    if named and not (home / named).is_file():
        part.blame("ca_file", say("没有文件“{seen}”", seen=home / named))
    seconds = part.integer("timeout_seconds", least=1, most=600)
    part.done()
    reader.problems += part.problems
    return StampSettings(url, home / named, seconds)
