"""Checks of a running deployment: fonts, extras, privacy of its files, queue, daemons, seals."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from engine import __version__
from engine.app.queries.health import DeploymentHealth, Heartbeat
from engine.deployment.home import SETTINGS, Home
from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.operations.check import HealthCheck, Status

_FONTS = Path(__file__).with_name("doctor_fonts.yaml")
#: Extra -> a module it brings.
_EXTRAS = {
    "postgres": "psycopg",
    "duckdb": "duckdb",
    "passwords": "argon2",
    "metrics": "prometheus_client",
    "timestamps": "rfc3161_client",
    "encryption": "pyrage",
}


def extras() -> HealthCheck:
    """Tell which optional parts are installed."""
    there = [name for name, module in _EXTRAS.items() if find_spec(module) is not None]
    absent = [name for name in _EXTRAS if name not in there]
    if not absent:
        return HealthCheck("extras", Status.OK, say("可选部分齐备：{there}", there=there))
    return HealthCheck(
        "extras", Status.OK, say("可选部分：已装 {there}，未装 {absent}", there=there, absent=absent)
    )


def fonts() -> HealthCheck:
    """Tell whether this machine can show Chinese where it prints by itself."""
    from engine.yamltext.plain import read_plain

    found, problems = read_plain(_FONTS.read_bytes(), _FONTS.name)
    if problems:
        raise AssertionError(problems)
    for folder in found["folders"]:
        for _, _, files in os.walk(Path(folder).expanduser()):
            for file in files:
                if any(name in file.lower() for name in found["names"]):
                    return HealthCheck("fonts", Status.OK, say("有中文字体（{file}）", file=file))
    return HealthCheck(
        "fonts",
        Status.WARN,
        say("本机没有找到中文字体；在本机打印或转 PDF 时汉字会成方框，在别的电脑上打印不受影响"),
        say("需要时安装一种，如 Debian/Ubuntu：apt install fonts-noto-cjk"),
    )


def places(home: Home) -> Iterator[HealthCheck]:
    """Tell of each place that is to be written into and cannot be: the files of channels, the public site.

    What is written there waits for the place and counts as no failure, so nobody would notice.
    """
    for place in _written(home):
        there = next(one for one in (place, *place.parents) if one.exists() or one.is_symlink())
        if not there.is_dir():
            message = say("{place} 应是文件夹，实为文件", place=there)
            yield HealthCheck("places", Status.FAIL, message, say("把它移走；该写在那里的自会补写"))
        elif not os.access(there, os.W_OK | os.X_OK):
            message = say("{path} 不可写", path=there)
            yield HealthCheck("places", Status.FAIL, message, say("给当前用户写权限，或换用部署的用户"))


def _written(home: Home) -> Iterator[Path]:
    """Yield the folders that are written into besides the database's; none where the settings cannot be read."""
    from engine.runtime.channels import open_channels
    from engine.runtime.channels.files import FilesChannel
    from engine.runtime.channels.log import LogChannel
    from engine.runtime.settings import SettingsError

    try:
        channels = open_channels(home.channels, home.path, addresses=lambda _person: None)
    except SettingsError:
        return
    for channel in channels.values():
        if isinstance(channel, LogChannel):
            yield channel.path.parent
        elif isinstance(channel, FilesChannel):
            yield channel.folder
    yield home.site


def privacy(home: Home) -> Iterator[HealthCheck]:
    """Tell whether others on this machine can read what is not for them."""
    if os.name != "posix":
        return
    open_ones = [path for path in _private(home) if _open_to_others(path)]
    if open_ones:
        yield HealthCheck(
            "privacy",
            Status.WARN,
            say("本机其他用户能读写：{names}", names=[str(path) for path in open_ones]),
            say("运行 chmod o-rwx 收回；名录、案件和口令不该让别人读到"),
        )
        return
    yield HealthCheck("privacy", Status.OK, say("其他用户读不到数据库"))


def _private(home: Home) -> Iterator[Path]:
    """Yield what is there of what others should not read: the database, or the settings that hold its password."""
    if "://" in home.database:
        named = [home.path / SETTINGS] if "@" in home.database else []
    else:
        named = [Path(home.database), Path(f"{home.database}-wal")]
    yield from (path for path in named if path.is_file())


def _open_to_others(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IRWXO and path.parent.stat().st_mode & stat.S_IXOTH)


def sign_in(home: Home, health: DeploymentHealth) -> HealthCheck:
    """Tell how ``--as`` is taken, and whether people could prove who they are."""
    if health.requires_sign_in and home.settings.get("sign_in") == "trust":
        return HealthCheck(
            "sign-in",
            Status.WARN,
            say("settings.yaml 写着 sign_in: trust，但数据库要求登录；以数据库为准"),
            say("用 ssj user sign-in trust 改；settings.yaml 里的这一项可以删去"),
        )
    if not health.requires_sign_in and home.settings.get("sign_in") != "required":
        return HealthCheck("sign-in", Status.OK, say("--as 不要求登录：凭操作系统的用户和目录权限"))
    if not health.has_passwords and not health.has_tokens:
        return HealthCheck(
            "sign-in",
            Status.FAIL,
            say("要求登录，但没有一个人有口令或令牌"),
            say("用 ssj user recover 在本机给管理员重设口令，再发给其他人"),
        )
    if health.has_passwords and find_spec("argon2") is None:
        return HealthCheck(
            "sign-in",
            Status.WARN,
            say("有人用口令，本机却没有核对口令所需的库"),
            say('pip install "shuangsuiji[passwords]"'),
        )
    return HealthCheck("sign-in", Status.OK, say("--as 要求令牌或口令"))


def not_signed_in() -> HealthCheck:
    """Tell that nobody has proved who looks, so that the deployment cannot be looked at."""
    return HealthCheck(
        "sign-in",
        Status.FAIL,
        say("要求登录，未能证明是谁在查看；部署的情况没有查看"),
        say(
            "设环境变量 SSJ_TOKEN 或 SSJ_TOKEN_FILE；没有一个人有口令或令牌的，用 ssj user recover 在本机给管理员重设口令"
        ),
    )


def queue(health: DeploymentHealth, most: int) -> HealthCheck:
    """Report how many outbox items are waiting."""
    message = say("待送出 {count} 件", count=health.waiting)
    if health.waiting <= most:
        return HealthCheck("queue", Status.OK, message)
    return HealthCheck(
        "queue", Status.WARN, message, say("看守护进程是否在跑、渠道是否可达：ssj incident list")
    )


def jobs(health: DeploymentHealth) -> Iterator[HealthCheck]:
    """Tell of the jobs that wait because the environment failed while a worker was at them."""
    if health.put_off:
        ids, why = list(health.put_off), next(iter(health.put_off.values()))
        yield HealthCheck(
            "jobs",
            Status.WARN,
            say("{count} 项作业停在半途：{ids}；{why}", count=len(ids), ids=ids[:5], why=visible(why)),
            say("排除所写的原因；作业会自行续做，不必重新交办"),
        )


def daemons(health: DeploymentHealth, limits: Mapping[str, int]) -> Iterator[HealthCheck]:
    """Tell which daemons live, whose clock is ahead of this one, and whether their versions differ."""
    drift = timedelta(seconds=limits["drift_seconds"])
    now, known, living = health.now, health.daemons, health.living
    ahead = [one for one in living if one.at - now > drift]
    for one in ahead:
        yield HealthCheck(
            "drift",
            Status.FAIL,
            say(
                "{name} 的时钟比本机快 {seconds} 秒以上",
                name=one.name,
                seconds=int((one.at - now).total_seconds()),
            ),
            say("两台机器都对时（NTP）以后再运行"),
        )
    apart = health.skew
    if apart is not None and apart[2] > drift:
        first, last, between = apart
        yield HealthCheck(
            "drift",
            Status.FAIL,
            say(
                "{first} 的时钟比 {last} 快 {seconds} 秒",
                first=first.name,
                last=last.name,
                seconds=between // timedelta(seconds=1),
            ),
            say("两台机器都对时（NTP）以后再运行"),
        )
    elif not ahead:
        yield HealthCheck("drift", Status.OK, say("各守护进程的时钟没有走在本机前面"))
    others = sorted({one.version for one in living} - {__version__})
    if others:
        message: Message = say(
            "有守护进程是别的版本：{versions}，本程序是 {own}", versions=others, own=__version__
        )
        yield HealthCheck("versions", Status.WARN, message, say("升级完所有机器；并行时间不要太长"))
    elif living:
        names = [one.name for one in living]
        yield HealthCheck("versions", Status.OK, say("守护进程 {names}，版本一致", names=names))
    if len(living) > 1:
        yield _leader(living, known)


def _leader(living: Sequence[Heartbeat], known: Sequence[Heartbeat]) -> HealthCheck:
    """Tell which of several daemons does what one does for all."""
    leaders = [one.name for one in living if one.leads]
    gone = [one.name for one in known if one not in living]
    if not leaders:
        return HealthCheck(
            "leader",
            Status.WARN,
            say(
                "{count} 个守护进程都没有主持：夜间核验、封存、公示网站和每日汇总没有进程做",
                count=len(living),
            ),
            say(
                "守护进程要直连 PostgreSQL，不要经过按事务分配连接的连接池；看各进程日志中的 standing-failed"
            ),
        )
    message = say(
        "{count} 个守护进程在运行，由 {leader} 主持；最近停止的：{gone}",
        count=len(living),
        leader=leaders,
        gone=gone or say("无"),
    )
    return HealthCheck("leader", Status.OK, message)


def sealed(health: DeploymentHealth, days: int) -> HealthCheck:
    """Report when the last seal was made."""
    if health.last_seal_at is None:
        return HealthCheck(
            "seal",
            Status.WARN,
            say("还没有封存过：有人重写整个数据库将无从发现"),
            say("开着 ssj serve 每天自动封存，或用计划任务运行 ssj audit seal"),
        )
    message = say("最近一次封存在 {day}", day=health.last_seal_day)
    if health.now - health.last_seal_at <= timedelta(days=days):
        return HealthCheck("seal", Status.OK, message)
    return HealthCheck("seal", Status.WARN, message, say("看守护进程是否在跑；或运行 ssj audit seal"))
