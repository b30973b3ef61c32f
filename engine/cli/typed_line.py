"""What a person types at a terminal: a line of any length, or a text of several lines; without a terminal the next line.

A terminal itself hands a program at most 4,095 bytes of a line and drops the rest without a word, and each line of a pasted
text as an answer of its own. So lines are read by prompt_toolkit where a person is at both ends (ADR 0144).
"""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Collection
from functools import cache
from typing import IO, TYPE_CHECKING, Any

import click

from engine.cli.console import is_terminal
from engine.cli.exits import USAGE, CommandError
from engine.kernel.plain_text import visible_on_terminal
from engine.language import say

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.output import Output

    from engine.language import Message

#: What a terminal hands over of one line, in bytes, without its end.
LONGEST_LINE = 4_095


def ask_line(
    question: object,
    *,
    lines: bool = False,
    at_once: Collection[str] = (),
    before: str = "",
    ahead: bool = True,
) -> str:
    """Put a question and return what is typed; nothing typed is "".

    With `lines` it may have several lines: Enter begins another, Ctrl+D ends the text; nothing, and one of `at_once`, is ended
    by Enter. `before` is fetched by the arrow upwards, to be changed. Without `ahead` what was typed before the question was
    put is no answer to it. Without a terminal it is the next line of standard input. Raises click.Abort where the input ends.
    """
    if not is_terminal(sys.stdin):
        return _plain_line(question)
    if (screen := _screen()) is not None:
        return _editor(screen).ask(question, lines, at_once, before, ahead)
    while len((line := _plain_line(question)).encode("utf-8", "surrogateescape")) >= LONGEST_LINE:
        click.echo(str(_cut(1)), err=True)
    return line


def takes_lines() -> bool:
    """Tell whether a text of several lines can be typed."""
    return is_terminal(sys.stdin) and _screen() is not None


def check_uncut(data: bytes) -> None:
    """Raise CommandError where `data`, which standard input gave, was typed or pasted at a terminal that cut a line of it."""
    if not is_terminal(sys.stdin):
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if len(line) >= LONGEST_LINE:
            raise CommandError(_cut(number), USAGE)


def _screen() -> IO[str] | None:
    """Return the terminal on which somebody sees what they type; None where there is none that can move its cursor."""
    if os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return None
    return next((one for one in (sys.stderr, sys.stdout) if is_terminal(one)), None)


def _cut(number: int) -> Message:
    return say(
        "终端一行最多交来 {most} 字节，第 {line} 行从这里起被截断了，没有采用；请把内容存成文件，再写文件名",
        most=LONGEST_LINE,
        line=number,
    )


def _plain_line(question: object) -> str:
    text: str = click.prompt(str(question), default="", show_default=False, err=True)
    return text


class _Editor:
    """Edits the answers of one command on one screen; made once, for its keys take longer than a question."""

    def __init__(self, screen: IO[str]) -> None:
        # Only where somebody types: 340 modules.
        from prompt_toolkit.history import DummyHistory
        from prompt_toolkit.input import create_input
        from prompt_toolkit.shortcuts import PromptSession

        self._encoding = getattr(screen, "encoding", None) or "utf-8"
        self._keyboard = create_input(sys.stdin)
        self._lines, self._before = False, ""
        self._at_once: Collection[str] = ()
        self._session: PromptSession[str] = PromptSession(
            input=self._keyboard,
            output=_output(screen),
            key_bindings=self._keys(),
            prompt_continuation="",
            history=DummyHistory(),
            enable_suspend=True,
            reserve_space_for_menu=0,
        )

    def ask(self, question: object, lines: bool, at_once: Collection[str], before: str, ahead: bool) -> str:
        """Return what is typed. Raises click.Abort."""
        from prompt_toolkit.input.typeahead import clear_typeahead

        if not ahead:
            clear_typeahead(self._keyboard)
            termios.tcflush(sys.stdin, termios.TCIFLUSH)
        self._lines, self._at_once, self._before = lines, at_once, before
        message = visible_on_terminal(f"{question}: ", self._encoding) + ("\n" if lines else "")
        try:
            text = self._session.prompt(message, multiline=lines)
        except (KeyboardInterrupt, EOFError):
            raise click.Abort from None
        # Bytes that are none of the encoding come as halves of characters, which nothing can keep.
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

    def _keys(self) -> KeyBindings:
        """Return the keys of a text of several lines, and the one that fetches the present one."""
        from prompt_toolkit.filters import Condition
        from prompt_toolkit.key_binding import KeyBindings

        keys = KeyBindings()

        def typed() -> str:
            return self._session.default_buffer.text.strip()

        def hand_in(event: Any) -> None:
            event.current_buffer.validate_and_handle()

        def fetch(event: Any) -> None:
            event.current_buffer.insert_text(self._before)

        ended = Condition(lambda: self._lines and (not typed() or typed() in self._at_once))
        keys.add("enter", filter=ended)(hand_in)
        keys.add("c-d", filter=Condition(lambda: self._lines and bool(typed())))(hand_in)
        keys.add("up", filter=Condition(lambda: bool(self._before) and not typed()))(fetch)
        return keys


@cache
def _editor(screen: IO[str]) -> _Editor:
    return _Editor(screen)


def _output(screen: IO[str]) -> Output:
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    found = create_output(screen)  # type: ignore[arg-type] # of a text stream it asks what ours has
    if isinstance(found, Vt100_Output):
        # The terminal is not asked where the cursor is: a late reply would be read as something typed.
        found.enable_cpr = False
    return found
