"""Help and click's own sentences in the language of the process."""

from __future__ import annotations

import gettext
import sys
from pathlib import Path

import click
import pytest

from engine.cli.i18n import install_translations, localize_help


def made() -> click.Group:
    @click.group("outer")
    def outer() -> None:
        """案件：启动、列出、查看、历史、父子关系。"""

    @outer.command("inner", short_help="查看放假安排")
    @click.option("--limit", type=int, help="只判断，不保存")
    @click.option("--given", metavar="ID")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    def inner(limit: int, given: str, file: Path) -> None:
        """查看一件案件的现状。"""

    return outer


def help_of(group: click.Group, name: str) -> str:
    command = group.commands[name]
    return command.get_help(click.Context(command, info_name=name))


def test_help_follows_the_language_there_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    group = made()
    monkeypatch.setenv("SSJ_LANG", "zh_CN")
    localize_help(group)
    chinese = help_of(group, "inner")
    assert "查看一件案件的现状。" in chinese
    assert "--limit 整数" in chinese
    assert "--given ID" in chinese
    assert "[选项]" in chinese
    monkeypatch.setenv("SSJ_LANG", "en")
    localize_help(group)
    english = help_of(group, "inner")
    assert "[OPTIONS]" in english
    assert "--limit INTEGER" in english
    assert "--given ID" in english
    assert "查看" not in english
    assert group.commands["inner"].short_help != "查看放假安排"
    monkeypatch.setenv("SSJ_LANG", "zh_CN")
    localize_help(group)
    assert help_of(group, "inner") == chinese
    assert group.subcommand_metavar == "命令 [参数]..."


def test_a_path_is_called_by_its_word(monkeypatch: pytest.MonkeyPatch) -> None:
    group = made()
    file = group.commands["inner"].params[-1].type
    assert isinstance(file, click.Path)
    for language, word in (("zh_CN", "文件"), ("en", "file"), ("zh_CN", "文件")):
        monkeypatch.setenv("SSJ_LANG", language)
        localize_help(group)
        assert file.name == word


def test_click_speaks_the_language_and_counts_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSJ_LANG", "zh_CN")
    install_translations()
    assert gettext.gettext("Show this message and exit.") != "Show this message and exit."
    width = vars(sys.modules["click.formatting"])["term_len"]
    assert [width(text) for text in ("ab", "甲乙", "\x1b[1m甲\x1b[0m")] == [2, 4, 2]
    monkeypatch.setenv("SSJ_LANG", "en")
    install_translations()
    assert gettext.gettext("Show this message and exit.") == "Show this message and exit."
