"""Lines and texts as they are typed at a terminal, and without one."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
from terminal_person import END, ENTER, UP, Terminal

from engine.cli.exits import USAGE, CommandError
from engine.cli.typed_line import LONGEST_LINE, ask_line, check_uncut, takes_lines

#: Asks as often as it is told to, and prints what it was given.
ASKING = """
import json, sys
import click
from engine.cli.console import consoles
from engine.cli.typed_line import ask_line, takes_lines
how = json.loads(sys.argv[1])
with consoles():
    for number, words in enumerate(how, 1):
        try:
            found = ask_line(f"第{number}问", at_once=("?", ".", "-"), **words)
        except click.Abort:
            found = None
        print(json.dumps(found))
    print(json.dumps([takes_lines(), "prompt_toolkit" in sys.modules]))
"""
LINES: dict[str, Any] = {"lines": True}


def asked(*how: dict[str, Any], screen: bool = True, term: str = "xterm") -> Terminal:
    return Terminal(["-W", "error", "-c", ASKING, json.dumps(how)], screen=screen, term=term)


def given(terminal: Terminal) -> list[Any]:
    code, out, shown = terminal.ended()
    assert code == 0, shown
    return [json.loads(line) for line in out.splitlines()]


def test_a_line_is_not_cut_and_what_is_typed_ahead_answers_the_next_question() -> None:
    long = "a" + "字" * 3_000 + "尾"
    with asked({}, {}, {"ahead": False}) as terminal:
        terminal.waits("第1问")
        # Two lines at once; the third is typed before its question is put, which takes nothing typed before it.
        terminal.press(f"{long}{ENTER}二{ENTER}y{ENTER}")
        terminal.waits("第3问")
        terminal.press(f"三{ENTER}")
        assert given(terminal) == [long, "二", "三", [True, True]]


@pytest.mark.parametrize("marked", [True, False])
def test_a_text_of_several_lines_is_one_answer_however_it_is_pasted(marked: bool) -> None:
    text = "上午九时到达，出示证件。\n\na\ny\n." + "\n" + "字" * 5_000
    with asked(LINES, {}) as terminal:
        terminal.waits("第1问")
        if marked:
            terminal.paste(text)
        else:
            terminal.press(text.replace("\n", "\r"))
        terminal.press(END)
        terminal.waits("第2问")
        terminal.press(f"后{ENTER}")
        assert given(terminal) == [text, "后", [True, True]]


def test_nothing_and_a_mark_are_ended_by_enter_and_the_end_of_input_is_no_answer() -> None:
    with asked(LINES, LINES, LINES, {}) as terminal:
        for number, keys in enumerate((ENTER, f".{ENTER}", END, END), 1):
            terminal.waits(f"第{number}问")
            terminal.press(keys)
        assert given(terminal) == ["", ".", None, None, [True, True]]


def test_what_stands_can_be_fetched_and_changed_and_bytes_of_no_character_are_none() -> None:
    with asked({"before": "原来的"}, {**LINES, "before": "一\n二"}, {}, {}) as terminal:
        terminal.waits("第1问")
        terminal.press(f"{UP}改{ENTER}")
        terminal.waits("第2问")
        terminal.press(f"{UP}三{END}")
        terminal.waits("第3问")
        terminal.press(b"\xff\xfe\r")
        terminal.waits("第4问")
        terminal.press("\x03")
        assert given(terminal) == ["原来的改", "一\n二三", "\ufffd\ufffd", None, [True, True]]


def test_without_a_screen_a_line_the_terminal_has_cut_is_not_taken() -> None:
    with asked({}, screen=False) as terminal:
        # Whatever the terminal echoes comes back to the reader as well: nobody reads what is shown meanwhile.
        terminal.press("a" * 5_000 + "\n" + "b" * 100 + "\n")
        code, out, said = terminal.ended()
    assert (code, [json.loads(line) for line in out.splitlines()]) == (0, ["b" * 100, [False, False]])
    assert "第 1 行从这里起被截断了" in said


def test_a_terminal_that_cannot_move_its_cursor_hands_over_lines_and_says_what_it_has_cut() -> None:
    with asked(LINES, term="dumb") as terminal:
        terminal.waits("第1问")
        terminal.press("字" * 2_000 + "\n")
        terminal.waits("被截断了")
        terminal.press("短\n")
        assert given(terminal) == ["短", [False, False]]


def test_without_a_terminal_lines_are_read_as_they_come_and_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    typed = "字" * 5_000
    done = subprocess.run(
        [sys.executable, "-c", ASKING, json.dumps([{}, LINES, {}])],
        input=f"{typed}\n二\n",
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONIOENCODING": "utf-8"},
    )
    assert [json.loads(line) for line in done.stdout.splitlines()] == [typed, "二", None, [False, False]]


class _AtTerminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_file_that_is_typed_at_a_terminal_is_refused_where_a_line_was_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cut = b"a: 1\nb: " + b"x" * (LONGEST_LINE - 3)
    check_uncut(cut)
    monkeypatch.setattr("sys.stdin", _AtTerminal())
    check_uncut(cut[:-1])
    with pytest.raises(CommandError, match="第 2 行") as ended:
        check_uncut(cut)
    assert ended.value.code == USAGE


def test_in_this_process_nobody_types(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("甲\n"))
    assert not takes_lines()
    assert ask_line("问", lines=True) == "甲"
    with pytest.raises(click.Abort):
        ask_line("问")
