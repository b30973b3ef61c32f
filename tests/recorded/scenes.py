"""Scenes: commands in the order they are given, each scene on a deployment of its own, read from ``scenes/*.yaml``."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")
#: Time that passes between two commands, unless the scene says what the time is.
BETWEEN = timedelta(minutes=1)
_KEYS = {"id", "run", "daemon", "stdin", "files", "environment", "clock", "writes", "mask", "earlier_version"}


@dataclass(frozen=True, slots=True)
class Command:
    """One command line and everything it depends on. `id` is the scene's name and its own, with a slash between."""

    id: str
    now: datetime
    argv: Sequence[str] = ()
    #: A deployment is set up as an earlier version did, whose draws are held by ssj-draw/1.
    earlier_version: bool = False
    #: No command line, but one round of the daemon.
    daemon: bool = False
    stdin: str = ""
    #: name -> text; written before the command is run. Names that end in ``.secret`` are for their owner alone.
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)
    #: Files and folders whose content is recorded as SHA-256.
    writes: Sequence[str] = ()
    #: Regular expressions of what depends on the machine; the first group, or the whole match, is recorded as ``*``.
    mask: Sequence[str] = ()


def scene_names() -> list[str]:
    """Return the names of all scenes."""
    return sorted(path.stem for path in (HERE / "scenes").glob("*.yaml"))


def begins_after(name: str) -> str | None:
    """Return the id of the command, of another scene, whose folder this scene begins with."""
    found: str | None = _body(name).get("after")
    return found


def begins_with(name: str) -> Path | None:
    """Return the zip a scene begins with unpacked: a deployment an earlier program made, or its backup."""
    found = _body(name).get("from")
    return HERE / "earlier" / found if found else None


def in_order(names: Iterable[str]) -> list[str]:
    """Return the scenes with those they begin with, each after the one it begins with."""
    found: list[str] = []
    for name in sorted(names):
        before = begins_after(name)
        for one in (*in_order([before.split("/")[0]] if before else []), name):
            if one not in found:
                found.append(one)
    return found


def read_scene(name: str) -> list[Command]:
    """Return the commands of a scene. Raises ValueError where the file says what nobody reads."""
    body = _body(name)
    now = _instant(body["clock"])
    found: list[Command] = []
    for row in body["commands"]:
        if unknown := set(row) - _KEYS:
            raise ValueError(f"{name}: {row.get('id')}: {sorted(unknown)}")
        now = _instant(row["clock"]) if "clock" in row else now + BETWEEN
        found.append(_command(name, row, now, body.get("environment", {})))
    if len({one.id for one in found}) != len(found):
        raise ValueError(f"{name}: an id is used twice")
    return found


@cache
def _body(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((HERE / "scenes" / f"{name}.yaml").read_text(encoding="utf-8"))
    return found


def _command(scene: str, row: Mapping[str, Any], now: datetime, around: Mapping[str, str]) -> Command:
    return Command(
        id=f"{scene}/{row['id']}",
        now=now,
        argv=tuple(shlex.split(row.get("run", ""))),
        daemon=bool(row.get("daemon", False)),
        earlier_version=bool(row.get("earlier_version", False)),
        stdin=_text(row.get("stdin", "")),
        files={file: _text(value) for file, value in row.get("files", {}).items()},
        environment={**around, **row.get("environment", {})},
        writes=tuple(row.get("writes", ())),
        mask=tuple(row.get("mask", ())),
    )


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _instant(value: Any) -> datetime:
    return datetime.fromisoformat(str(value)).replace(tzinfo=ZONE)
