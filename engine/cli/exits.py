"""Exit codes: 0 done · 1 refused or problems found · 2 wrong usage · 3 environment. No traceback reaches a person."""

from __future__ import annotations

import errno
import os
import sys
from typing import NoReturn

import click

from engine.cli.console import consoles

DONE, REFUSED, USAGE, ENVIRONMENT = 0, 1, 2, 3

#: Exceptions that say what is wrong with the deployment's own place; their text is the sentence for a person.
_ENVIRONMENT_ERRORS = ("StoreUnavailableError", "CalendarFileError", "ForeignDatabaseError")
#: Exceptions that say what is wrong with a file somebody handed in.
_REFUSED_ERRORS = ("BudgetExceededError", "RepeatedKeyError")
#: Exceptions that say what is wrong with an argument.
_USAGE_ERRORS = ("OutputExistsError",)


class CommandError(click.ClickException):
    """Something a person has to hear about; ends the command with `code`."""

    def __init__(self, message: object, code: int = REFUSED) -> None:
        super().__init__(said(message))
        self.code = code

    def show(self, file: object = None) -> None:
        """Write the sentence to stderr."""
        click.echo(self.message, err=True, color=True)


def said(message: object) -> str:
    """Return a sentence, with the words of somebody in it as they are said again."""
    from engine.language import Message

    if not isinstance(message, Message):
        return str(message)
    from engine.kernel.clean_text import quoted

    return str(quoted(message))


def _without_raw_words(message: str, argv: list[str]) -> str:
    """Return what was said about the words of a command, with those that are long or of several lines as they are said again."""
    from engine.kernel.clean_text import MAX_QUOTED, quoted_text

    for word in argv:
        if not word.isprintable() or len(word) > MAX_QUOTED:
            # Of an option with its value either may be said.
            for part in (word, word.partition("=")[2], word.partition("=")[0], repr(word)[1:-1]):
                message = message.replace(part, quoted_text(part)) if part else message
    return message


def run_and_exit(command: click.Command, argv: list[str]) -> NoReturn:
    """Run `command` and exit; whatever happens becomes a sentence and an exit code."""
    with consoles() as (out, _):
        code = _run(command, argv)
        out.flush()
        if out.failed is not None and not _nobody_reads(out.failed):
            code = _unprinted(out.failed, code, out.acts)
    sys.exit(code)


def _run(command: click.Command, argv: list[str]) -> int:
    try:
        # Without its standalone mode, click gives the code of an `Exit` back instead of raising it.
        code = command.main(args=argv, prog_name="ssj", standalone_mode=False)
    except click.UsageError as problem:
        vars(problem)["message"] = _without_raw_words(problem.message, argv)
        problem.show()
        return USAGE
    except CommandError as problem:
        problem.show()
        return problem.code
    except click.ClickException as problem:
        vars(problem)["message"] = _without_raw_words(problem.message, argv)
        problem.show()
        return problem.exit_code
    except click.Abort:
        from engine.language import say

        click.echo(str(say("已取消。")), err=True, color=True)
        return REFUSED
    except KeyboardInterrupt:
        return 130
    except Exception as problem:  # noqa: BLE001 - the last line of defence between a person and a traceback
        return _unexpected(problem)
    return code if isinstance(code, int) else DONE


def has_own_sentence(problem: Exception) -> bool:
    """Tell whether a problem says in words for a person what is wrong: it is no fault of the program or of a row."""
    kinds = (click.ClickException, click.Abort, click.exceptions.Exit, MemoryError, OSError)
    names = (*_ENVIRONMENT_ERRORS, *_USAGE_ERRORS, *_REFUSED_ERRORS)
    return isinstance(problem, kinds) or type(problem).__name__ in names


def _nobody_reads(problem: OSError) -> bool:
    """Tell whether whoever read our output has gone (`ssj … | head`), which is no fault."""
    return isinstance(problem, BrokenPipeError) or (os.name == "nt" and problem.errno == errno.EINVAL)


def _unprinted(problem: OSError, code: int, acts: bool) -> int:
    """Say that the output is not whole; a command that changed something ends as if it were."""
    from engine.language import say

    why = problem.strerror or str(problem)
    if acts:
        click.echo(str(say("输出没有写完（{why}）；所办之事已按退出码办结", why=why)), err=True, color=True)
        return code
    click.echo(str(say("输出没有写完（{why}）", why=why)), err=True, color=True)
    return code if code != DONE else ENVIRONMENT


def _unexpected(problem: Exception) -> int:
    if os.environ.get("SSJ_TRACEBACK"):
        raise problem
    from engine.language import say

    # Known by name, so that a command that never opens a store or a calendar does not import them here either.
    if type(problem).__name__ in _ENVIRONMENT_ERRORS:
        click.echo(str(problem), err=True, color=True)
        return ENVIRONMENT
    if type(problem).__name__ in _USAGE_ERRORS:
        click.echo(str(problem), err=True)
        return USAGE
    if type(problem).__name__ in _REFUSED_ERRORS:
        click.echo(str(problem), err=True)
        return REFUSED
    if isinstance(problem, MemoryError):
        click.echo(str(say("内存不够，没有做完；请关闭其他程序，或换一台内存更大的机器")), err=True)
        return ENVIRONMENT
    if isinstance(problem, OSError):
        if problem.strerror and isinstance(problem.filename, str):
            sentence = say("系统不允许此操作：{file}（{why}）", file=problem.filename, why=problem.strerror)
        else:
            sentence = say("系统不允许此操作：{problem}", problem=problem)
        click.echo(said(sentence), err=True, color=True)
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
        color=True,
    )
    return ENVIRONMENT
