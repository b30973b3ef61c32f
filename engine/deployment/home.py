"""The directory of a deployment: where things are, and what its ``settings.yaml`` says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from engine.kernel.budget import SETTINGS as SETTINGS_BUDGET
from engine.kernel.budget import BudgetExceededError
from engine.language import Message, say
from engine.value import value

SETTINGS = "settings.yaml"
#: What the loader raises for one value that cannot be.
_VALUES = (ValueError, OverflowError, TypeError, KeyError, AttributeError, IndexError)
#: Characters of a value that are shown.
_MOST_SHOWN = 60

#: Every setting there is: name -> the type its value must have.
KNOWN: Mapping[str, type] = {
    "database": str,
    "synchronous": str,
    "channels": dict,
    "site": str,
    "health_port": int,
    "health_host": str,
    "metrics_seconds": int,
    "sweep_seconds": int,
    "deliver_seconds": int,
    "nightly_at": str,
    "verify_days": int,
    "timezone": str,
    "shutdown_timeout_seconds": int,
    "max_missed_sweeps": int,
    "retry_minutes": list,
    "max_lease_minutes": int,
    "lease_seconds": int,
    "heartbeat_seconds": int,
    "late_notice_minutes": int,
    "clock_hold_days": int,
    "sign_in": str,
    "firm_page": str,
    "heads": dict,
    "retention": dict,
    "backups": dict,
}

#: What settings were called before -> their names of today. A file that says the old one is read as before.
RENAMED: Mapping[str, str] = {
    "belated_minutes": "late_notice_minutes",
    "stop_seconds": "shutdown_timeout_seconds",
    "beat_seconds": "heartbeat_seconds",
    "claim_seconds": "lease_seconds",
    "lease_minutes": "max_lease_minutes",
    "stale_sweeps": "max_missed_sweeps",
}

#: Settings with few values: ``closed`` shuts the page for firms; ``trust`` takes ``--as`` at its word, ``required`` asks for a token or a password.
CHOICES: Mapping[str, tuple[str, ...]] = {
    "sign_in": ("trust", "required"),
    "firm_page": ("open", "closed"),
}


class DeploymentMissingError(Exception):
    """There is no deployment where one was expected; `message` says how to name or make one."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class DatabaseOutsideError(DeploymentMissingError):
    """The settings name a database outside the deployment; `file` is that database."""

    def __init__(self, message: Message, file: str) -> None:
        super().__init__(message)
        self.file = file


@value
class Home:
    """A deployment directory."""

    path: Path
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def workflows(self) -> Path:
        """Return the folder of the bureau's workflows."""
        return self.path / "workflows"

    @property
    def forms(self) -> Path:
        """Return the folder of the bureau's forms."""
        return self.path / "forms"

    @property
    def files(self) -> Path:
        """Return the folder the bytes of kept files are in."""
        return self.path / "files"

    @property
    def calendars(self) -> Path:
        """Return the folder of calendar years the bureau has imported."""
        return self.path / "calendars"

    @property
    def site(self) -> Path:
        """Return the folder the public site is built into."""
        return self.path / str(self.settings.get("site", "public"))

    @property
    def database(self) -> str:
        """Return the database: a path below the deployment made absolute, or an address as it is."""
        named = str(self.settings.get("database", "data/ssj.db"))
        return named if "://" in named else str(self.path / named)

    @property
    def channels(self) -> Mapping[str, Any]:
        """Return the settings of the notification channels."""
        found: Mapping[str, Any] = self.settings.get("channels") or {"log": {}}
        return found


def named_path(named: str | None) -> Path:
    """Return the folder called `named`, or named by ``SSJ_HOME``, or the directory we are in."""
    return Path(named or os.environ.get("SSJ_HOME") or ".").absolute()


def find_home(named: str | None) -> Home:
    """Return the deployment called `named`, or named by ``SSJ_HOME``, or the directory we are in.

    Raises DeploymentMissingError where there is none, or where its settings cannot be read, and DatabaseOutsideError
    where they name a database outside it.
    """
    path = named_path(named)
    file = path / SETTINGS
    if not file.is_file():
        raise DeploymentMissingError(
            say(
                "“{path}”不是部署目录（没有 {file}）。用 --home DIR 或环境变量 SSJ_HOME 指明，或先用 ssj init DIR 新建",
                path=path,
                file=SETTINGS,
            )
        )
    settings = read_settings(file)
    home = Home(path, settings)
    if (outside := why_outside(path, settings)) is not None:
        raise DatabaseOutsideError(outside, home.database)
    return home


def why_outside(path: Path, settings: Mapping[str, Any]) -> Message | None:
    """Return why the database that `settings` name cannot be that of the home `path`; None where it is in it."""
    named = str(settings.get("database", "data/ssj.db"))
    scheme, of_address, rest = named.partition("://")
    if of_address and not scheme.lower().startswith("sqlite"):
        return None
    file = Path(rest.removeprefix("/").partition("?")[0]).absolute() if of_address else path / named
    if not file.resolve().is_relative_to(path.resolve()):
        return say(
            "数据库“{file}”不在部署目录“{path}”里，不能使用。"
            "请停下守护进程，把该文件（连同同名的 -wal、-shm）移到 {path}/data/，再把 settings.yaml 的 database 改为 data/文件名；"
            "数据要放在别的磁盘上的，请把整个部署目录移过去",
            file=named,
            path=path,
        )
    return None


def read_settings(file: Path) -> Mapping[str, Any]:
    """Return the checked settings of a deployment. Raises DeploymentMissingError with all problems at once."""
    from engine.files.reading import read_text
    from engine.kernel.plain_text import visible
    from engine.yamltext.shape import YAML_ERRORS, load_plain, unreadable

    text = ""
    try:
        text = read_text(file, SETTINGS_BUDGET)
        found = load_plain(text, SETTINGS_BUDGET) or {}
    except UnicodeDecodeError:
        raise DeploymentMissingError(say("{file} 不是 UTF-8 文件；请用 UTF-8 编码另存", file=file)) from None
    except BudgetExceededError as problem:
        raise DeploymentMissingError(say("{file}：{problem}", file=file, problem=problem.message)) from None
    except YAML_ERRORS as problem:
        if (mark := getattr(problem, "problem_mark", None)) is not None or not isinstance(problem, _VALUES):
            line = mark.line + 1 if mark else 1
            raise DeploymentMissingError(
                say("{file}:{line}：不是正确的 YAML，请检查该行及上一行", file=file, line=line)
            ) from None
        # A day there is not (2024-02-30).
        line, seen = unreadable(text)
        raise DeploymentMissingError(
            say(
                "{file}:{line}：“{seen}”读不出来，像日期或数而没有这样的日期或数；是文字的，请加引号",
                file=file,
                line=line,
                seen=visible(seen[:_MOST_SHOWN]),
            )
        ) from None
    if not isinstance(found, dict):
        raise DeploymentMissingError(say("{file}：应为“名称: 值”，实为“{seen}”", file=file, seen=found))
    problems = [
        say("“{old}”已改名为“{new}”，两个都写了；请删去“{old}”", old=old, new=new)
        for old, new in RENAMED.items()
        if old in found and new in found
    ]
    found = {RENAMED.get(str(name), name): given for name, given in found.items()}
    problems += _wrong_values(found)
    if problems:
        raise DeploymentMissingError(say("{file}：{problems}", file=file, problems=problems))
    return found


def _wrong_values(found: Mapping[object, object]) -> list[Message]:
    """Return what is wrong with settings: names there are not, and values that are no such."""
    problems: list[Message] = []
    for name, given in found.items():
        expected = KNOWN.get(str(name))
        if expected is None:
            from engine.kernel.did_you_mean import nearest

            near = nearest(str(name), KNOWN)
            problems.append(
                say("没有设置项“{name}”，是否想写“{near}”？", name=name, near=near)
                if near
                else say("没有设置项“{name}”；可用：{known}", name=name, known=sorted(KNOWN))
            )
        elif name in CHOICES and given not in CHOICES[str(name)]:
            problems.append(
                say(
                    "“{name}”应为 {choices} 之一，实为“{seen}”",
                    name=name,
                    choices=list(CHOICES[str(name)]),
                    seen=given,
                )
            )
        elif not isinstance(given, expected) or isinstance(given, bool):
            problems.append(say("“{name}”的值不对：“{seen}”", name=name, seen=given))
    return problems
