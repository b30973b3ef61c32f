"""``ssj site``: built by who may, looked at once it is there."""

from __future__ import annotations

from pathlib import Path

from command_fixtures import called

from engine.cli.records.site import group


def test_it_is_built_by_who_may(home: Path) -> None:
    before = called(group, "serve", home=home)
    assert (before.code, before.err) == (1, "还没有生成网站；先用 ssj site build\n")
    assert called(group, "build", "--as", "insp-01", home=home).code == 1
    assert called(group, "build", "--as", "leading", "--language", "fr", home=home).code == 2
    assert not (home / "public" / "index.html").exists()
    made = called(group, "build", "--as", "leading", home=home)
    assert (made.code, made.out.startswith("已生成 ")) == (0, True)
    assert (home / "public" / "index.html").is_file()


def test_where_nothing_can_be_written_it_is_the_environment(home: Path) -> None:
    (home / "public").write_text("a file where the folder should be", encoding="utf-8")
    assert called(group, "build", "--as", "leading", home=home).code == 3
