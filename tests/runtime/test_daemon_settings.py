from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.app.delivery.deliver import Retry
from engine.runtime.daemon_settings import DaemonSettings, read_daemon_settings
from engine.runtime.settings import SettingsError

HOME = Path("deployment")


def test_without_settings_the_shipped_ones_count() -> None:
    assert read_daemon_settings({}, HOME) == DaemonSettings(
        home=HOME,
        sweep_seconds=10,
        deliver_seconds=10,
        nightly_at="02:30",
        verify_days=7,
        timezone="Asia/Shanghai",
        shutdown_timeout_seconds=4,
        max_missed_sweeps=12,
        retry=Retry((1, 5, 15, 60, 240, 720), 15, 12),
        health_port=None,
        health_host="127.0.0.1",
        metrics_seconds=30,
        heartbeat_seconds=10,
        shared=False,
    )


def test_settings_of_a_deployment_and_names_of_others() -> None:
    found = read_daemon_settings(
        {
            "sweep_seconds": 1,
            "nightly_at": "23:59",
            "timezone": "UTC",
            "retry_minutes": [2],
            "max_lease_minutes": 3,
            "lease_seconds": 4,
            "health_port": 0,
            "health_host": "192.0.2.1",
            "channels": {"log": {}},
            "whatever": 1,
        },
        HOME,
    )
    assert (found.sweep_seconds, found.nightly_at, found.timezone) == (1, "23:59", "UTC")
    assert (found.health_port, found.health_host) == (0, "192.0.2.1")
    assert found.retry == Retry((2,), 3, 4)
    assert (found.retry.longest, found.retry.claim) == (timedelta(minutes=3), timedelta(seconds=4))


@pytest.mark.parametrize(
    ("database", "shared"),
    [
        ("", False),
        ("data/ssj.db", False),
        ("sqlite:///data/ssj.db", False),
        ("postgresql+psycopg://localhost/ssj", True),
    ],
)
def test_several_daemons_share_a_server(database: str, shared: bool) -> None:
    assert read_daemon_settings({"database": database}, HOME).shared is shared


TIME = '应为“时:分”，如 "02:30"（加引号），实为'


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"nightly_at": "24:00"}, f"settings.nightly_at：{TIME}“24:00”"),
        ({"nightly_at": "02:60"}, f"settings.nightly_at：{TIME}“02:60”"),
        ({"nightly_at": "0230"}, f"settings.nightly_at：{TIME}“0230”"),
        ({"nightly_at": "a:30"}, f"settings.nightly_at：{TIME}“a:30”"),
        ({"nightly_at": "9" * 5000 + ":30"}, f"settings.nightly_at：{TIME}“{'9' * 199}…”"),
        ({"nightly_at": 150}, "settings.nightly_at：应为文字，实为“150”"),
        ({"timezone": "Mars/North"}, "settings.timezone：没有时区“Mars/North”；中国用 Asia/Shanghai"),
        ({"timezone": "../etc"}, "settings.timezone：没有时区“../etc”；中国用 Asia/Shanghai"),
        ({"sweep_seconds": 0}, "settings.sweep_seconds：应为 1 至 86400 的整数，实为“0”"),
        ({"retry_minutes": [0]}, "settings.retry_minutes：应为 1 至 100000 的整数组成的列表，实为“0”"),
        ({"lease_seconds": 2}, "settings.lease_seconds：应为 3 至 3600 的整数，实为“2”"),
        ({"health_port": 70_000}, "settings.health_port：应为 0 至 65535 的整数，实为“70000”"),
    ],
)
def test_what_is_wrong(settings: dict[str, Any], problem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read_daemon_settings(settings, HOME)
    assert [str(one) for one in refused.value.problems] == [problem]


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as refused:
        read_daemon_settings(
            {"shutdown_timeout_seconds": -1, "heartbeat_seconds": "x", "max_missed_sweeps": True}, HOME
        )
    assert sorted(str(one).split("：")[0] for one in refused.value.problems) == [
        "settings.heartbeat_seconds",
        "settings.max_missed_sweeps",
        "settings.shutdown_timeout_seconds",
    ]
