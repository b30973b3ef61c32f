"""What a person types at a terminal: a line of any length, or a text of several lines; without a terminal the next line.

A terminal itself hands a program at most 4,095 bytes of a line and drops the rest without a word, and each line of a pasted
text as an answer of its own. So lines are read by prompt_toolkit where a person is at both ends (ADR 0144).
"""

from __future__ import annotations

import sys
import termios
from collections.abc import Collection
from typing import IO, TYPE_CHECKING

import click

from engine.cli.console import is_terminal
from engine.cli.exits import USAGE, CommandError
from engine.kernel.plain_text import visible_on_terminal
from engine.language import say

if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.output import Output

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
    put answers no later one. Without a terminal it is the next line of standard input. Raises click.Abort where the input ends.
    """
    if not is_terminal(sys.stdin):
        return _plain_line(question)
    screen = next((one for one in (sys.stderr, sys.stdout) if is_terminal(one)), None)
    if screen is not None:
        return _edited(question, screen, lines, at_once, before, ahead)
    while len((line := _plain_line(question)).encode("utf-8", "surrogateescape")) >= LONGEST_LINE:
        click.echo(str(_cut(1)), err=True)
    return line


def takes_lines() -> bool:
    """Tell whether a text of several lines can be typed."""
    return is_terminal(sys.stdin) and (is_terminal(sys.stderr) or is_terminal(sys.stdout))


def check_uncut(data: bytes) -> None:
    """Raise CommandError where `data`, which standard input gave, was typed or pasted at a terminal that cut a line of it."""
    if not is_terminal(sys.stdin):
        return
    for number, line in enumerate(data.split(b"\n"), 1):
        if len(line) >= LONGEST_LINE:
            raise CommandError(_cut(number), USAGE)


def _cut(number: int) -> object:
    return say(
        "终端一行最多交来 {most} 字节，第 {line} 行从这里起被截断了，没有采用；请把内容存成文件，再写文件名",
        most=LONGEST_LINE,
        line=number,
    )


def _plain_line(question: object) -> str:
    text: str = click.prompt(str(question), default="", show_default=False, err=True)
    return text


def _edited(
    question: object, screen: IO[str], lines: bool, at_once: Collection[str], before: str, ahead: bool
) -> str:
    """Return what is typed into an editor of one question."""
    # Only where somebody types: 340 modules.
    from prompt_toolkit.application import create_app_session
    from prompt_toolkit.history import InMemoryHistory
    from prompt_toolkit.input import create_input
    from prompt_toolkit.input.typeahead import clear_typeahead
    from prompt_toolkit.shortcuts import PromptSession

    encoding = getattr(screen, "encoding", None) or "utf-8"
    message = visible_on_terminal(f"{question}: ", encoding) + ("\n" if lines else "")
    keyboard = create_input(sys.stdin)
    if not ahead:
        clear_typeahead(keyboard)
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
    with create_app_session(input=keyboard, output=_output(screen)):
        session: PromptSession[str] = PromptSession(
            message,
            multiline=lines,
            key_bindings=_keys(at_once) if lines else None,
            prompt_continuation="",
            history=InMemoryHistory([before] if before else []),
            enable_suspend=True,
            reserve_space_for_menu=0,
        )
        try:
            text = session.prompt()
        except (KeyboardInterrupt, EOFError):
            raise click.Abort from None
    # Bytes that are none of the encoding come as halves of characters, which nothing can keep.
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _output(screen: IO[str]) -> Output:
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    found = create_output(screen)  # type: ignore[arg-type] # of a text stream it asks what ours has
    if isinstance(found, Vt100_Output):
        # The terminal is not asked where the cursor is: a late reply would be read as something typed.
        found.enable_cpr = False
    return found


def _keys(at_once: Collection[str]) -> KeyBindings:
    """Return the keys of a text of several lines."""
    from prompt_toolkit.application import get_app
    from prompt_toolkit.filters import Condition
    from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

    keys = KeyBindings()

    def typed() -> str:
        return get_app().current_buffer.text.strip()

    def hand_in(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    keys.add("enter", filter=Condition(lambda: not typed() or typed() in at_once))(hand_in)
    keys.add("c-d", filter=Condition(lambda: bool(typed())))(hand_in)
    return keys
