"""Whatever happens in a command becomes a sentence and one of four exit codes."""

from __future__ import annotations

import click
import pytest

from engine.cli.exits import DONE, ENVIRONMENT, REFUSED, USAGE, CommandError, run_and_exit


class StoreUnavailableError(Exception):
    """Known to the command line by its name."""


RAISED: list[tuple[BaseException, int, str]] = [
    (CommandError("不行"), REFUSED, "不行\n"),
    (CommandError("没有部署", ENVIRONMENT), ENVIRONMENT, "没有部署\n"),
    (CommandError("用法", USAGE), USAGE, "用法\n"),
    (click.exceptions.Exit(REFUSED), REFUSED, ""),
    (click.Abort(), REFUSED, "已取消。\n"),
    (StoreUnavailableError("打不开"), ENVIRONMENT, "打不开\n"),
    (PermissionError("only to read"), ENVIRONMENT, "系统不允许此操作：only to read\n"),
    (KeyboardInterrupt(), REFUSED, "已取消。\n"),
]


def ended(problem: BaseException | None) -> int:
    @click.command()
    def command() -> None:
        if problem is not None:
            raise problem

    with pytest.raises(SystemExit) as left:
        run_and_exit(command, [])
    assert isinstance(left.value.code, int)
    return left.value.code


def test_a_command_that_ends_is_done(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(None) == DONE
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("problem", "code", "told"), RAISED, ids=lambda one: type(one).__name__)
def test_each_exception_has_its_code_and_sentence(
    problem: BaseException, code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(problem) == code
    out, err = capsys.readouterr()
    assert (out, err.lstrip("\n")) == ("", told)


def test_wrong_usage_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended(click.UsageError("no such thing")) == USAGE
    assert "no such thing" in capsys.readouterr().err


def test_a_fault_of_the_program_is_named_and_the_traceback_kept_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended(ZeroDivisionError("by zero")) == ENVIRONMENT
    told = capsys.readouterr().err
    assert told.startswith("程序内部出错（ZeroDivisionError：by zero）。已保存的内容不受影响；")
    monkeypatch.setenv("SSJ_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        run_and_exit(click.Command("x", callback=lambda: 1 // 0), [])


def test_a_sentence_is_shown_on_stderr_alone(capsys: pytest.CaptureFixture[str]) -> None:
    problem = CommandError("一句话", USAGE)
    problem.show()
    assert (problem.code, capsys.readouterr()) == (USAGE, ("", "一句话\n"))
