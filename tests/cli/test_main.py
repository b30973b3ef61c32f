"""The entry of the command line: every command is found by its name, and none is imported before."""

from __future__ import annotations

from importlib import import_module

import click
import pytest
from command_fixtures import called, ssj

from engine import __version__
from engine.cli.main import COMMANDS, LazyGroup, cli, main


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_where_it_is_said_to_be(name: str) -> None:
    module, attribute, _ = COMMANDS[name]
    assert isinstance(cli, LazyGroup)
    found = cli.get_command(click.Context(cli), name)
    assert found is getattr(import_module(module), attribute)
    assert found is not None
    assert found.help


def test_commands_are_listed_in_the_order_of_the_year() -> None:
    assert cli.list_commands(click.Context(cli)) == list(COMMANDS)
    assert cli.get_command(click.Context(cli), "absent") is None
    shown = called(cli, "--help").out
    places = [shown.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)
    assert all(text in shown for _, _, text in COMMANDS.values())
    assert shown.startswith("用法： ssj [选项] 命令 [参数]...")


def test_the_nearest_command_is_named() -> None:
    assert "没有命令“cas”，是否想用“case”？" in ssj("cas").err
    assert "没有命令“zzzz”；用 ssj --help 查看全部命令" in ssj("zzzz").err
    assert (ssj("cas").code, ssj("zzzz").code) == (2, 2)


def test_it_ends_with_the_code_of_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"ssj, version {__version__}\n")
    with pytest.raises(SystemExit) as left:
        main(["--home", "nowhere", "case", "list"])
    assert left.value.code == 3
