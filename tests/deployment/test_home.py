"""A deployment directory: which folder is meant, what its settings may say, and where things are by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.app.delivery.deliver import Retry
from engine.deployment.home import (
    KNOWN,
    RENAMED,
    SETTINGS,
    DeploymentMissingError,
    Home,
    find_home,
    named_path,
    read_settings,
)
from engine.runtime.daemon_settings import read_daemon_settings


def test_a_folder_is_named_by_the_word_the_environment_or_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SSJ_HOME", raising=False)
    assert named_path(None) == tmp_path
    monkeypatch.setenv("SSJ_HOME", "elsewhere")
    assert named_path(None) == tmp_path / "elsewhere"
    assert named_path("here") == tmp_path / "here"


def test_places_follow_the_settings(tmp_path: Path) -> None:
    plain = Home(tmp_path)
    assert (plain.workflows, plain.forms, plain.calendars) == tuple(
        tmp_path / name for name in ("workflows", "forms", "calendars")
    )
    assert (plain.site, plain.database) == (tmp_path / "public", str(tmp_path / "data/ssj.db"))
    assert plain.channels == {"log": {}}
    other = Home(tmp_path, {"site": "www", "database": "postgresql://db/x", "channels": {"mail": {}}})
    assert (other.site, other.database, other.channels) == (
        tmp_path / "www",
        "postgresql://db/x",
        {"mail": {}},
    )


def test_a_folder_without_settings_is_no_deployment(tmp_path: Path) -> None:
    with pytest.raises(DeploymentMissingError, match="不是部署目录"):
        find_home(str(tmp_path))
    (tmp_path / SETTINGS).write_text("site: www\n", encoding="utf-8")
    assert find_home(str(tmp_path)) == Home(tmp_path, {"site": "www"})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sweep_second: 3\n", "是否想写“sweep_seconds”"),
        ("qwertzuiop: 3\n", "没有设置项“qwertzuiop”；可用"),
        ("sign_in: maybe\n", "“sign_in”应为"),
        ("sweep_seconds: often\n", "“sweep_seconds”的值不对"),
        ("sweep_seconds: true\n", "“sweep_seconds”的值不对"),
        ("- a\n- b\n", "应为“名称: 值”"),
        ("a: [\n", ":2：不是正确的 YAML"),
        ("site: www\ntimezone: 2024-02-30\n", ":2：“2024-02-30”读不出来"),
        ("timezone: [a, 2024-13-01T00:00:00]\n", ":1：“2024-13-01T00:00:00”读不出来"),
        ("site: a\nsite: b\n", "“site”写了两次：第 1 行和第 2 行"),
    ],
)
def test_what_settings_may_not_say_is_refused_with_the_file(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / SETTINGS
    file.write_text(text, encoding="utf-8")
    with pytest.raises(DeploymentMissingError) as refused:
        read_settings(file)
    assert said in str(refused.value.message)
    assert str(file) in str(refused.value.message)


def test_all_problems_are_said_at_once_and_other_encodings_refused(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    file.write_text("sign_in: x\nsite: 3\n", encoding="utf-8")
    with pytest.raises(DeploymentMissingError) as refused:
        read_settings(file)
    assert [name in str(refused.value.message) for name in ("“sign_in”", "“site”")] == [True, True]
    file.write_bytes("site: 网站\n".encode("gb18030"))
    with pytest.raises(DeploymentMissingError) as refused:
        read_settings(file)
    assert "UTF-8" in str(refused.value.message)
    file.write_text("", encoding="utf-8")
    assert read_settings(file) == {}


#: The daemon's settings as a file of ddd8a91 may say them, each with another value than the shipped one.
EARLIER = """
sweep_seconds: 5
stop_seconds: 7
stale_sweeps: 8
retry_minutes: [1, 2]
lease_minutes: 9
claim_seconds: 11
beat_seconds: 6
belated_minutes: 30
"""


def test_settings_are_read_by_their_earlier_names(tmp_path: Path) -> None:
    (tmp_path / SETTINGS).write_text(EARLIER, encoding="utf-8")
    home = find_home(str(tmp_path))
    assert not RENAMED.keys() & home.settings.keys()
    assert set(RENAMED.values()) <= home.settings.keys() <= KNOWN.keys()
    daemon = read_daemon_settings(home.settings, tmp_path)
    assert (daemon.shutdown_timeout_seconds, daemon.max_missed_sweeps, daemon.heartbeat_seconds) == (7, 8, 6)
    assert daemon.retry == Retry((1, 2), 9, 11)
    assert home.settings["late_notice_minutes"] == 30


def test_a_setting_under_both_its_names_is_refused(tmp_path: Path) -> None:
    file = tmp_path / SETTINGS
    for old, new in RENAMED.items():
        file.write_text(f"{new}: 5\n{old}: 5\n", encoding="utf-8")
        with pytest.raises(DeploymentMissingError) as refused:
            read_settings(file)
        assert f"“{old}”已改名为“{new}”" in str(refused.value.message)
