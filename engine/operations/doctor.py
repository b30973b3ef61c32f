"""Looking a deployment over: everything a person would have to check by hand, with what to do about it.

Nothing is changed. A check that cannot be made because an earlier one failed is left out.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from engine import __version__
from engine.app.queries.health import read_health
from engine.app.queries.identity import find_sign_in_mode
from engine.deployment.home import DeploymentMissingError, Home, find_home
from engine.deployment.open import ZONE, open_deployment_store
from engine.deployment.source import DeploymentSource
from engine.deployment.unfinished_year import unadopted
from engine.kernel.refusal import Refusal
from engine.language import say
from engine.operations import doctor_running as running
from engine.operations.backup import database_file, is_older
from engine.operations.check import HealthCheck, Status
from engine.register.profile import moved_in_folder

if TYPE_CHECKING:
    from engine.app.queries import Clock, Store

#: The port by which a face says who looks, once the database is open.
Viewer: TypeAlias = Callable[[], str]

_LIMITS = Path(__file__).with_name("doctor.yaml")
_DISTRIBUTION = "shuangsuiji"
_REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?\s*([^;]*)")
_BOUND = re.compile(r"(>=|<)\s*([0-9.]+)")


def look_over(named: str | None, clock: Clock, viewer: Viewer) -> Iterator[HealthCheck]:
    """Yield every check of the machine and of the deployment called `named` (as `find_home` finds it).

    `viewer` is asked for who looks once the database has been opened; the machine is looked at for anybody.
    """
    yield _python()
    yield from _libraries()
    yield _sqlite()
    yield _zone(clock.now())
    yield running.extras()
    yield running.fonts()
    try:
        home = find_home(named)
    except DeploymentMissingError as problem:
        yield HealthCheck("home", Status.FAIL, problem.message)
        return
    yield _home(home)
    yield _settings(home)
    yield _disk(home)
    yield from running.places(home)
    yield from running.privacy(home)
    yield from _calendar(home, clock.now())
    yield from _database(home, clock, viewer)


def _python() -> HealthCheck:
    seen = ".".join(map(str, sys.version_info[:3]))
    return HealthCheck(
        "python", Status.OK, say("Python {seen}，ssj {version}", seen=seen, version=__version__)
    )


def _libraries() -> Iterator[HealthCheck]:
    try:
        wanted = importlib.metadata.requires(_DISTRIBUTION) or []
    except importlib.metadata.PackageNotFoundError:
        yield HealthCheck(
            "libraries",
            Status.WARN,
            say("程序没有安装，直接从源代码运行，无从核对各库版本"),
            say("用 make 或 pip install 安装"),
        )
        return
    fine = []
    for line in wanted:
        name, bounds, extra = _requirement(line)
        if extra:
            continue
        try:
            seen = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield HealthCheck("libraries", Status.FAIL, say("缺少 {name}", name=name), say("重新安装程序"))
            continue
        if _within(seen, bounds):
            fine.append(f"{name} {seen}")
        else:
            message = say("{name} 为 {seen}，应为 {bounds}", name=name, seen=seen, bounds=bounds)
            yield HealthCheck("libraries", Status.FAIL, message, say("重新安装程序"))
    yield HealthCheck("libraries", Status.OK, say("{libraries}", libraries=fine))


def _requirement(line: str) -> tuple[str, str, bool]:
    """Return (name, bounds, whether it belongs to an extra) of a requirement as packages write it."""
    match = _REQUIREMENT.match(line)
    if match is None:
        return line, "", True
    return match[1], match[2].strip(" ()"), "extra ==" in line


def _within(seen: str, bounds: str) -> bool:
    have = _numbers(seen)
    for sign, limit in _BOUND.findall(bounds):
        edge = _numbers(limit)
        if (sign == ">=" and have < edge) or (sign == "<" and have >= edge):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


def _sqlite() -> HealthCheck:
    from engine.store.sql.file.file_place import OLDEST

    if sqlite3.sqlite_version_info >= OLDEST:
        return HealthCheck("sqlite", Status.OK, say("SQLite {seen}", seen=sqlite3.sqlite_version))
    oldest = ".".join(map(str, OLDEST))
    message = say("SQLite {seen} 过旧，应为 {oldest} 或更新", seen=sqlite3.sqlite_version, oldest=oldest)
    return HealthCheck("sqlite", Status.FAIL, message, say("换用较新的 Python"))


def _zone(now: datetime) -> HealthCheck:
    try:
        local = now.astimezone(ZoneInfo(ZONE))
    except ZoneInfoNotFoundError:
        return HealthCheck(
            "clock", Status.FAIL, say("没有时区数据 {zone}", zone=ZONE), say("pip install tzdata")
        )
    machine = now.astimezone()
    shown = local.strftime("%Y-%m-%d %H:%M")
    if machine.utcoffset() == local.utcoffset():
        return HealthCheck("clock", Status.OK, say("北京时间 {now}", now=shown))
    return HealthCheck(
        "clock",
        Status.OK,
        say("北京时间 {now}；机器时区为 {zone}，不影响推算", now=shown, zone=machine.tzname()),
    )


def _home(home: Home) -> HealthCheck:
    if os.access(home.path, os.W_OK):
        return HealthCheck("home", Status.OK, say("{path}", path=home.path))
    return HealthCheck(
        "home",
        Status.FAIL,
        say("{path} 不可写", path=home.path),
        say("给当前用户写权限，或换用部署的用户"),
    )


def _settings(home: Home) -> HealthCheck:
    from engine.app.daemons.retention import wrong_terms
    from engine.runtime.channels import open_channels
    from engine.runtime.daemon_settings import read_daemon_settings
    from engine.runtime.head_settings import read_head_settings
    from engine.runtime.settings import SettingsError

    try:
        read_daemon_settings(home.settings, home.path)
        open_channels(home.channels, home.path, addresses=lambda _person: None)
        read_head_settings(home.settings, home.path)
        if problems := wrong_terms(home.settings):
            raise SettingsError(problems)
    except SettingsError as problem:
        return HealthCheck("settings", Status.FAIL, problem.message, say("改正 settings.yaml"))
    return HealthCheck("settings", Status.OK, say("消息渠道：{channels}", channels=list(home.channels)))


def _disk(home: Home) -> HealthCheck:
    free = shutil.disk_usage(home.path).free // 1_000_000
    limits = _limits()
    fix = say("清理磁盘，或把部署移到更大的盘")
    message = say("可用磁盘 {free} MB", free=free)
    if free < limits["disk_fail_mb"]:
        return HealthCheck("disk", Status.FAIL, message, fix)
    return (
        HealthCheck("disk", Status.WARN, message, fix)
        if free < limits["disk_warn_mb"]
        else HealthCheck("disk", Status.OK, message)
    )


def _calendar(home: Home, now: datetime) -> Iterator[HealthCheck]:
    from engine.calendars.load import CalendarFileError, load_calendar

    try:
        calendar = load_calendar([home.calendars])
    except CalendarFileError as problem:
        yield HealthCheck("calendar", Status.FAIL, problem.message, say("改正或移走所列的文件"))
        return
    year = now.astimezone(ZoneInfo(ZONE)).year
    for wanted in (year, year + 1):
        if wanted in calendar.published:
            yield HealthCheck("calendar", Status.OK, say("{year} 年放假安排已有", year=wanted))
        else:
            yield HealthCheck(
                "calendar",
                Status.WARN,
                say("{year} 年放假安排尚未导入，跨入该年的时限均为暂定", year=wanted),
                say("通知公布后用 ssj calendar import 导入"),
            )


def _database(home: Home, clock: Clock, viewer: Viewer) -> Iterator[HealthCheck]:
    from engine.store.problem import StoreUnavailableError

    try:
        store = open_deployment_store(home)
    except StoreUnavailableError as problem:
        fix = say("先用 ssj backup 备份，再用 ssj doctor --upgrade 升级") if is_older(home) else None
        yield HealthCheck("database", Status.FAIL, problem.message, fix)
        return
    try:
        yield from _opened(home, store, clock, viewer)
    except StoreUnavailableError as problem:
        yield HealthCheck("database", Status.FAIL, problem.message)
    finally:
        store.close()


def bring_up_to_date(home: Home) -> None:
    """Bring the tables of an existing database to this program's revision, asking nobody. Raises StoreUnavailableError.

    For what is nobody's yet; `upgrade_database` asks who may.

    Where there is no database nothing is made: that is `ssj init`'s to do.
    """
    if "://" in home.database or database_file(home).is_file():
        open_deployment_store(home, create=True).close()


def _opened(home: Home, store: Store, clock: Clock, viewer: Viewer) -> Iterator[HealthCheck]:
    from engine.store.revision import EXPECTED

    limits = _limits()
    source = DeploymentSource(home, clock, store=store)
    health = read_health(source, viewer(), timedelta(seconds=limits["silent_seconds"]))
    if isinstance(health, Refusal) and find_sign_in_mode(source, home.settings) == "required":
        yield running.not_signed_in()
        return
    if isinstance(health, Refusal):
        yield HealthCheck(
            "access",
            Status.FAIL,
            say("数据库能打开；部署的情况须写明是谁在查看（{refusal}）", refusal=str(health)),
            say("用 --as ID，或设环境变量 SSJ_AS"),
        )
        return
    yield HealthCheck(
        "database",
        Status.OK,
        say("可用，结构版本 {revision}，记录 {events} 条", revision=EXPECTED, events=health.events),
    )
    yield _people(health.people)
    yield _incidents(health.incidents, health.undelivered)
    yield _awake(health.next_at, health.now)
    yield _not_turned_back(health.last_entry_at, health.now)
    yield running.queue(health, limits["queue_warn"])
    yield from running.jobs(health)
    yield from running.daemons(health, limits)
    yield running.sealed(health, limits["seal_days"])
    yield running.sign_in(home, health)
    for _, what in unadopted(home, store):
        yield HealthCheck("calendar", Status.WARN, what)
    for name, what in moved_in_folder(home.path / "profiles"):
        yield HealthCheck(
            "profiles",
            Status.FAIL,
            say("profiles/{name}：{what}", name=name, what=what),
            say("改正或移走该文件；用它导入一律拒绝"),
        )
    from engine.calendars.load import CalendarFileError

    try:
        yield from _definitions(home, source, viewer(), health.workflows)
    except CalendarFileError:
        # Reported already, with its own check.
        return


def _people(count: int) -> HealthCheck:
    if count:
        return HealthCheck("people", Status.OK, say("工作人员 {count} 人", count=count))
    return HealthCheck(
        "people",
        Status.WARN,
        say("工作人员名录是空的，没有人能办理"),
        say("用 ssj register import people FILE --as system 导入"),
    )


def _incidents(timers: int, messages: int) -> HealthCheck:
    if not timers and not messages:
        return HealthCheck("incidents", Status.OK, say("没有异常"))
    return HealthCheck(
        "incidents",
        Status.WARN,
        say("被搁置的时限 {timers} 项，未能送达的消息 {messages} 条", timers=timers, messages=messages),
        say("用 ssj incident list 查看"),
    )


def _awake(next_at: datetime | None, now: datetime) -> HealthCheck:
    late = timedelta(minutes=_limits()["asleep_minutes"])
    if next_at is None or now - next_at <= late:
        return HealthCheck("daemon", Status.OK, say("没有到点未处理的时限"))
    return HealthCheck(
        "daemon",
        Status.WARN,
        say("有时限早在 {at} 就该处理，守护进程没有在跑", at=next_at.astimezone(ZoneInfo(ZONE)).isoformat()),
        say("启动 ssj serve；提醒和逾期会补记"),
    )


def _not_turned_back(last: datetime | None, now: datetime) -> HealthCheck:
    back = timedelta(minutes=_limits()["clock_back_minutes"])
    if last is None or last - now <= back:
        return HealthCheck("time", Status.OK, say("机器时钟不早于最后的记录"))
    return HealthCheck(
        "time",
        Status.FAIL,
        say("机器时钟比最后的记录（{last}）早", last=last.astimezone(ZoneInfo(ZONE)).isoformat()),
        say("对时（NTP）以后再办理"),
    )


def _definitions(
    home: Home, source: DeploymentSource, viewer: str, published: Sequence[str]
) -> Iterator[HealthCheck]:
    from engine.app.queries.definitions import compare_definitions
    from engine.deployment.set_up import load_definitions, written_in_first_language
    from engine.exchange.format_check import formats_beside
    from engine.yamltext.problem import Severity, has_errors

    loaded = load_definitions(home)
    errors = sum(problem.severity is Severity.ERROR for problem in loaded.problems)
    if errors and written_in_first_language(home):
        yield HealthCheck(
            "definitions",
            Status.WARN,
            say("流程文件用的是以前的写法；已发布的照常办理"),
            say(
                "改动流程以前，先按 docs/reference/language.md 改写；用 ssj workflow check {path} 逐处查看",
                path=home.path,
            ),
        )
        return
    if errors:
        yield HealthCheck(
            "definitions",
            Status.FAIL,
            say("文件中有 {count} 处错误；已发布的不受影响", count=errors),
            say("用 ssj workflow check {path} 查看并改正", path=home.path),
        )
        return
    if own := formats_beside(loaded):
        wrong = [str(problem.message) for problem in own]
        yield HealthCheck(
            "exchange",
            Status.FAIL if has_errors(own) else Status.WARN,
            say(
                "交换格式里有 {count} 处写的栏目、表单或流程没有，导出时是空的：{why}",
                count=len(own),
                why=wrong[:3],
            ),
            say("用 ssj workflow check {path} 查看并改正", path=home.path),
        )
    if loaded.bureau is not None and not loaded.bureau.papers.office.get("site"):
        yield HealthCheck(
            "papers",
            Status.WARN,
            say("没有写公示网站的地址，文书上不印二维码，只写任务编号"),
            say("有公示网站的，在 bureau.yaml 的 papers: office: 下写 site: https://…"),
        )
    outcome = compare_definitions(source, viewer, loaded)
    if isinstance(outcome, Refusal):
        return
    missing = sorted(set(published) - set(loaded.workflows))
    fix = say("用 ssj workflow publish 发布，或把文件改回")
    if not published:
        yield HealthCheck("definitions", Status.FAIL, say("尚未发布任何流程"), fix)
    elif outcome.new or missing:
        differing = sorted({*outcome.new, *missing})
        yield HealthCheck(
            "definitions", Status.WARN, say("文件与已发布的不同：{names}", names=differing), fix
        )
    else:
        count = len(published)
        yield HealthCheck("definitions", Status.OK, say("已发布 {count} 个流程，与文件一致", count=count))
    if outcome.files:
        paths = list(outcome.files)
        yield HealthCheck(
            "files",
            Status.WARN,
            say(
                "{count} 个文书模板等文件没有发布，或与已发布的不同：{paths}；发布过的，印制和公示以已发布的为准",
                count=len(paths),
                paths=paths[:5],
            ),
            fix,
        )


@cache
def _limits() -> Mapping[str, int]:
    from engine.yamltext.plain import read_plain

    found, problems = read_plain(_LIMITS.read_bytes(), _LIMITS.name)
    if problems:
        raise AssertionError(problems)
    return {name: int(value) for name, value in found.items()}
