"""Exit codes: 0 done · 1 refused or problems found · 2 wrong usage · 3 environment. No traceback reaches a person."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import click

DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3

#: Exceptions that say what is wrong with the deployment's own place; their text is the sentence for a person.
_ENVIRONMENT_ERRORS = ("StoreUnavailableError", "CalendarFileError")
#: Exceptions that say what is wrong with a file somebody handed in.
_REFUSED_ERRORS = ("BudgetExceededError",)


class CommandError(click.ClickException):
    """Something a person has to hear about; ends the command with `code`."""

    def __init__(self, message: object, code: int = REFUSED) -> None:
        super().__init__(str(message))
        self.code = code

    def show(self, file: object = None) -> None:
        """Write the sentence to stderr."""
        click.echo(self.message, err=True)


def run_and_exit(command: click.Command, argv: list[str]) -> NoReturn:
    """Run `command` and exit; whatever happens becomes a sentence and an exit code."""
    try:
        # Without its standalone mode, click gives the code of an `Exit` back instead of raising it.
        code = command.main(args=argv, prog_name="ssj", standalone_mode=False)
    except click.UsageError as problem:
        problem.show()
        sys.exit(USAGE)
    except CommandError as problem:
        problem.show()
        sys.exit(problem.code)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        from engine.language import say

        click.echo(str(say("已取消。")), err=True)
        sys.exit(REFUSED)
    except BrokenPipeError:
        # Whoever read our output has gone (`ssj … | head`); say nothing more, and keep Python from trying.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(DONE)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as problem:  # noqa: BLE001 - the last line of defence between a person and a traceback
        sys.exit(_unexpected(problem))
    sys.exit(code if isinstance(code, int) else DONE)


def _unexpected(problem: Exception) -> int:
    if os.environ.get("SSJ_TRACEBACK"):
        raise problem
    from engine.language import say

    # Known by name, so that a command that never opens a store or a calendar does not import them here either.
    if type(problem).__name__ in _ENVIRONMENT_ERRORS:
        click.echo(str(problem), err=True)
        return ENVIRONMENT
    if type(problem).__name__ in _REFUSED_ERRORS:
        click.echo(str(problem), err=True)
        return REFUSED
    if isinstance(problem, MemoryError):
        click.echo(str(say("内存不够，没有做完；请关闭其他程序，或换一台内存更大的机器")), err=True)
        return ENVIRONMENT
    if isinstance(problem, OSError):
        click.echo(str(say("系统不允许此操作：{problem}", problem=problem)), err=True)
        return ENVIRONMENT
    click.echo(
        str(
            say(
                "程序内部出错（{kind}：{problem}）。已保存的内容不受影响；请设置 SSJ_TRACEBACK=1 重试，并将输出报告给维护者。",
                kind=type(problem).__name__,
                problem=problem,
            )
        ),
        err=True,
    )
    return ENVIRONMENT
