"""``ssj migrate-store``: tried without a trace, done by who may, compared table by table."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called, done, ssj

from engine.cli.system.migrate_store import migrate_store

AS = ("--as", "leading")


def test_it_is_tried_asked_and_done(home: Path) -> None:
    target = home / "data" / "other.db"
    settings = (home / "settings.yaml").read_bytes()
    dry = called(migrate_store, "--to", target, "--dry-run", *AS, home=home)
    assert (dry.code, "这是试搬，已撤销" in dry.err) == (0, True)
    assert called(migrate_store, "--to", target, *AS, home=home).code == 2
    assert called(migrate_store, "--to", target, "--yes", "--as", "insp-01", home=home).code == 1
    assert (home / "settings.yaml").read_bytes() == settings
    moved = called(migrate_store, "--to", target, "--yes", "--json", *AS, home=home)
    assert moved.code == 0, moved.err
    found = moved.json()
    assert (found["switched"], "other.db" in found["target"]) == (True, True)
    assert {line.split("\t")[0] for line in dry.out.splitlines()} == set(found["tables"])
    assert "other.db" in (home / "settings.yaml").read_text("utf-8")
    assert done("user", "list", *AS, home=home).out != ""


def test_a_target_outside_the_deployment_is_refused(home: Path, tmp_path: Path) -> None:
    settings = (home / "settings.yaml").read_bytes()
    target = tmp_path / "other.db"
    for words in (("--dry-run",), ("--yes",)):
        said = ssj("migrate-store", "--to", target, *words, *AS, home=home)
        assert (said.code, said.out, "不在部署目录" in said.err) == (1, "", True)
    assert not target.exists()
    assert (home / "settings.yaml").read_bytes() == settings


def test_a_target_that_is_in_use_is_refused(home: Path) -> None:
    target = home / "data" / "other.db"
    target.write_bytes(b"not a database at all, but a file of somebody else")
    said = ssj("migrate-store", "--to", target, "--yes", *AS, home=home)
    assert (said.code, said.out, "不是数据库文件" in said.err) == (3, "", True)
    assert target.read_bytes().startswith(b"not a database")
