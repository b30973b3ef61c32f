"""Asking people at a ceremony."""

from __future__ import annotations

import io

import pytest

from engine.cli.draws.asking import ask
from engine.cli.exits import REFUSED, CommandError
from engine.language import say


def test_without_a_terminal_the_next_line_is_the_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(" y \n第二行\n"))
    assert [ask(say("是否抽取？")), ask(say("出处"))] == ["y", "第二行"]
    assert capsys.readouterr().err == "是否抽取？\n出处\n"
    with pytest.raises(CommandError, match="输入到此为止") as ended:
        ask(say("再问"))
    assert ended.value.exit_code == REFUSED
