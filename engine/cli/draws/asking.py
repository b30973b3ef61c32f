"""Asking people at a ceremony, on a terminal or by lines of standard input."""

from __future__ import annotations

import sys

import click

from engine.cli.console import is_terminal
from engine.cli.exits import REFUSED, CommandError
from engine.cli.typed_line import ask_line
from engine.language import Message, say


def ask(question: Message, hidden: bool = False) -> str:
    """Ask on a terminal; without one, take the next line of standard input."""
    if is_terminal(sys.stdin):
        if not hidden:
            # What was typed or pasted before the question was put is no answer to it: what is answered here cannot be undone.
            return ask_line(question, ahead=False).strip()
        return str(
            click.prompt(str(question), default="", show_default=False, hide_input=True, err=True)
        ).strip()
    click.echo(str(question), err=True)
    line = sys.stdin.readline()
    if not line:
        raise CommandError(say("输入到此为止，仪式没有办完；没有抽取，也没有保存任何录入"), REFUSED)
    return line.strip()
