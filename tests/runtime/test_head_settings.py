"""``heads`` of the settings: read with everything that is wrong at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.runtime.head_settings import HeadSettings, StampSettings, read_head_settings
from engine.runtime.settings import SettingsError

CHANNELS = {"mail": {}, "files": {"path": "out"}, "post": {"kind": "webhook"}, "inbox": {}}


def test_nothing_said(tmp_path: Path) -> None:
    assert read_head_settings({}, tmp_path) == HeadSettings()


def test_all_of_it(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("", "utf-8")
    heads = {
        "send": {"mail": "jd@example.gov.cn", "files": None, "post": ""},
        "stamp": {"url": "https://tsa.example/tsr", "ca_file": "ca.pem"},
    }
    found = read_head_settings({"channels": CHANNELS, "heads": heads}, tmp_path)
    assert found.send == {"mail": "jd@example.gov.cn", "files": "", "post": ""}
    assert found.stamp == StampSettings("https://tsa.example/tsr", tmp_path / "ca.pem", 20)


@pytest.mark.parametrize(
    ("heads", "sentence"),
    [
        ({"sent": {}}, "没有这个设置项"),
        ({"send": "mail"}, "渠道: 地址"),
        ({"send": {"fax": ""}}, "没有可以外送的渠道"),
        ({"send": {"inbox": ""}}, "没有可以外送的渠道"),
        ({"send": {"mail": "leading"}}, "邮箱地址"),
        ({"send": {"mail": None}}, "邮箱地址"),
        ({"send": {"files": 5}}, "应为文字"),
        ({"stamp": {"url": "ftp://x", "ca_file": "absent.pem"}}, "https://"),
        ({"stamp": {"ca_file": "absent.pem"}}, "没有文件"),
        ({"stamp": {"timeout_seconds": 0}}, "1 至 600"),
        ({"stamp": 5}, "名称: 值"),
    ],
)
def test_what_is_wrong(heads: Any, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as found:
        read_head_settings({"channels": CHANNELS, "heads": heads}, tmp_path)
    assert sentence in str(found.value.message)
