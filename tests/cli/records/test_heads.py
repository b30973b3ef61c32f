"""``ssj audit heads``, ``sign``, ``keys`` and ``new-key``: heads signed outside the database, and what strangers are given."""

from __future__ import annotations

import json
from pathlib import Path

from command_fixtures import called, done, ssj

from engine.app.audit.kit import verify_head
from engine.cli.records.heads import heads, keys, new_key, sign


def test_a_head_is_signed_listed_and_published(home: Path, tmp_path: Path) -> None:
    assert "还没有留存过" in called(heads, home=home).err
    assert "还没有签名密钥" in called(keys, home=home).err
    assert ssj("audit", "heads", "--out", tmp_path / "none", home=home).code == 1
    # Whoever may not leaves no key behind.
    for refused in (sign, new_key):
        assert called(refused, "--as", "insp-01", home=home).code == 1
        assert not list((home / "secrets").glob("head*"))
    number, _, size, root = called(sign, "--as", "leading", home=home).out.split()
    assert number == "1"
    assert (home / "secrets/head.key").stat().st_mode & 0o777 == 0o600
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    called(sign, "--as", "leading", home=home)
    listed = called(heads, "--json", home=home).json()
    assert next((one["number"], one["size"]) for one in listed) == (1, int(size))
    assert listed[0]["root"] == root
    (key,) = called(keys, "--json", home=home).json()
    assert key["key"] == listed[1]["key"]
    assert called(heads, "--out", tmp_path / "heads", home=home).code == 0
    assert verify_head.main([str(tmp_path / "heads/heads.json"), "--key", key["key"]]) == 0
    done("site", "build", "--as", "leading", home=home)
    assert (home / "public/heads/heads.json").read_bytes() == (tmp_path / "heads/heads.json").read_bytes()
    assert "verify_head.py" in (home / "public/check.html").read_text("utf-8")
    assert ssj("audit", "verify", home=home).code == 0


def test_a_key_is_changed_by_the_old_one(home: Path) -> None:
    first = called(new_key, "--as", "leading", home=home).out.strip()
    second = called(new_key, "--as", "leading", home=home).out.strip()
    assert first != second
    assert (home / "secrets/head.key").exists()
    assert not (home / "secrets/head.next.key").exists()
    found = called(keys, home=home).out
    assert "首把" in found
    assert "由前一把签名启用" in found
    called(sign, "--as", "leading", home=home)
    assert called(heads, "--json", home=home).json()[0]["key"] == second
    assert ssj("audit", "verify", home=home).code == 0


def test_a_lost_key_is_replaced_by_two(home: Path) -> None:
    called(sign, "--as", "leading", home=home)
    (home / "secrets/head.key").unlink()
    assert "没有签名" in called(sign, "--as", "leading", home=home).err
    assert "--lost" in called(new_key, "--as", "leading", home=home).err
    done("user", "administrators", "leading", "registrar", "--as", "leading", home=home)
    said = called(new_key, "--lost", "--as", "leading", home=home)
    assert said.code == 1
    assert "尚未办理" in said.err
    done("proposal", "confirm", "proposal-2", "--as", "registrar", home=home)
    key = called(new_key, "--lost", "--as", "leading", home=home).out.strip()
    listed = called(keys, "--json", home=home).json()
    assert (listed[1]["key"], listed[1]["why"], listed[1]["confirmed"]) == (key, "lost", True)
    assert "两人同意启用" in called(keys, home=home).out
    called(sign, "--as", "leading", home=home)
    assert called(heads, "--json", home=home).json()[-1]["key"] == key
    assert ssj("audit", "verify", home=home).code == 0


def test_one_person_alone_is_marked(home: Path) -> None:
    called(sign, "--as", "leading", home=home)
    (home / "secrets/head.key").unlink()
    assert called(new_key, "--lost", "--as", "leading", home=home).code == 0
    assert "单人办理" in called(keys, home=home).out
    done("backup", home.parent / "kept.zip", "--as", "leading", home=home)
    from zipfile import ZipFile

    with ZipFile(home.parent / "kept.zip") as package:
        assert "secrets/head.key" in json.loads(package.read("manifest.json"))["withheld"]
        assert not any("head.key" in name for name in package.namelist())
