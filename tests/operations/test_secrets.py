"""No backup holds what opens something; a restore says what must be put back."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from engine.app.commands import Caller
from engine.deployment.clocks import SystemClock
from engine.deployment.home import SETTINGS, find_home
from engine.operations.backup import back_up
from engine.operations.restore import restore
from engine.operations.secrets import is_secret, without_secrets

MINE = b"\xe6\xb8\x85-s3cret-"
TEXT = """\
database: data/ssj.db   # stays
channels:
  log: {path: logs/m.jsonl}
  mail: {host: mail.example, port: 25, from: a@example.cn, user: ssj, password_file: keys/smtp, ca_file: ca.pem}
  robot:
    type: webhook
    url: "https://example.cn/robot?access_token=s3cret-1"   # a secret itself
    timeout_seconds: 5
  other: {url: 'https://example.cn/s3cret-2', style: plain}
site: public
"""


def test_secrets_are_left_out_and_named(small: tuple[Path, Path], tmp_path: Path) -> None:
    home = tmp_path / "bureau"
    shutil.copytree(small[0], home)
    (home / SETTINGS).write_text(TEXT, encoding="utf-8")
    kept = {"ca.pem": b"-----BEGIN CERTIFICATE-----\n", "notes.txt": b"nothing"}
    secret = {
        "keys/smtp": MINE,
        "secrets/anything.txt": MINE,
        "server.key": MINE,
        "somewhere/tls.pem": b"-----BEGIN EC PRIVATE KEY-----\n" + MINE,
        "ci.token": MINE,
    }
    for name, data in {**kept, **secret}.items():
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_bytes(data)
    manifest = back_up(find_home(str(home)), Caller("leading"), tmp_path / "b.zip", SystemClock())
    assert set(manifest.withheld) == {  # type: ignore[union-attr]
        *secret,
        "settings.yaml: channels.robot.url",
        "settings.yaml: channels.other.url",
    }
    with zipfile.ZipFile(tmp_path / "b.zip") as package:
        contents = {name: package.read(name) for name in package.namelist()}
    assert not [name for name, data in contents.items() if MINE in data or b"s3cret" in data]
    assert contents["home/ca.pem"] == kept["ca.pem"]
    done = restore(tmp_path / "b.zip", tmp_path / "again", SystemClock())
    assert done.manifest.withheld == manifest.withheld  # type: ignore[union-attr]
    settings = find_home(str(tmp_path / "again")).settings
    assert settings["channels"]["robot"] == {"type": "webhook", "url": "", "timeout_seconds": 5}
    assert settings["channels"]["mail"]["user"] == "ssj"


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("postgresql://ssj:pa55@db.example/ssj", "postgresql://ssj@db.example/ssj"),
        (
            "postgresql://ssj@db.example/ssj?password=pa55&sslmode=require",
            "postgresql://ssj@db.example/ssj?&sslmode=require",
        ),
        ("postgresql+psycopg://a:b:c@db.example:5432/ssj", "postgresql+psycopg://a@db.example:5432/ssj"),
    ],
)
def test_the_password_of_a_database(address: str, left: str) -> None:
    assert without_secrets(f"database: {address}\n") == (f'database: "{left}"\n', ("database",))


@pytest.mark.parametrize(
    "text",
    ["database: postgresql://ssj@db.example/ssj\n", "- a\n", "", "channels: {mail: {password_env: X}}\n"],
)
def test_settings_without_secrets_stay_as_they_are(text: str) -> None:
    assert without_secrets(text) == (text, ())


def test_what_is_a_secret_by_its_name_or_its_first_lines(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"nothing")
    assert [
        is_secret(name, file)
        for name in (
            "a/b.txt",
            "secrets/x",
            "A.KEY",
            "id_ed25519",
            "smtp-Password.txt",
            "口令",
            "token.yaml",
            "key.yaml",
        )
    ] == [*(False, True, True, True, True, True, False, False)]


@pytest.mark.parametrize("mark", ["\r", "\x85", "\u2028", "\u2029"])
def test_a_secret_behind_an_odd_line_break_is_emptied(mark: str) -> None:
    text = f"a: 1{mark}channels: {{mail: {{password: geheim}}}}{mark}b: 2\n"
    emptied, names = without_secrets(text)
    assert names
    assert "geheim" not in emptied
    assert emptied == text.replace("geheim", '""')
