"""Log lines for programs and for people."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from engine.language import say
from engine.runtime.logs import LOGGER, configure_logs, note, note_failure


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), LOGGER.level
    yield
    root.handlers[:] = handlers
    LOGGER.setLevel(level)


def written(stream: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_event_text_and_fields():
    stream = io.StringIO()
    configure_logs(stream=stream)
    note(logging.INFO, "sweep", say("执行了 {n} 个", n=3), fired=3, next_at=None, level="mine")
    (line,) = written(stream)
    assert line["time"].endswith("Z")
    assert len(line["time"]) == len("2027-03-01T01:00:00.000Z")
    assert {k: line[k] for k in ("level", "event", "text", "fired", "next_at")} == {
        "level": "info",
        "event": "sweep",
        "text": "执行了 3 个",
        "fired": 3,
        "next_at": None,
    }


@pytest.mark.parametrize(
    ("verbosity", "seen"),
    [
        (5, ["debug", "info", "warning", "error"]),
        (1, ["debug", "info", "warning", "error"]),
        (0, ["info", "warning", "error"]),
        (-1, ["warning", "error"]),
        (-2, ["error"]),
        (-9, ["error"]),
    ],
)
def test_v_and_q(verbosity, seen):
    stream = io.StringIO()
    configure_logs(verbosity, stream)
    for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
        note(level, "x")
    assert [line["level"] for line in written(stream)] == seen


def test_set_again_it_writes_every_line_once():
    first, second = io.StringIO(), io.StringIO()
    configure_logs(stream=first)
    configure_logs(stream=second)
    note(logging.INFO, "x")
    assert first.getvalue() == ""
    assert len(written(second)) == 1


class _Full(io.StringIO):
    """A file on a disk that is full."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


def test_a_line_that_finds_no_room_is_let_go_in_silence(capsys):
    configure_logs(stream=_Full())
    note(logging.ERROR, "sweep-failed")
    assert capsys.readouterr().err == ""


def test_a_failure_tells_kind_words_and_place_and_the_way_only_when_asked():
    for verbosity, shown in ((0, False), (1, True)):
        stream = io.StringIO()
        configure_logs(verbosity, stream)
        try:
            raise KeyError("机构")
        except KeyError as problem:
            note_failure("sweep-failed", problem)
        (line,) = written(stream)
        assert line["kind"] == "KeyError"
        assert line["error"] == "'机构'"
        assert "test_logs.py:" in line["at"]
        assert ("trace" in line) is shown
        assert ("Traceback" in stream.getvalue()) is shown


def test_libraries_speak_through_the_same_lines():
    stream = io.StringIO()
    configure_logs(stream=stream)
    logging.getLogger("apscheduler.scheduler").warning("Execution of job %r skipped", "sweep")
    (line,) = written(stream)
    assert line["event"] == "apscheduler.scheduler"
    assert line["text"] == "Execution of job 'sweep' skipped"


def test_people_get_a_sentence_and_shanghai_time():
    stream = io.StringIO()
    configure_logs(1, stream, human=True)
    note(logging.WARNING, "clock-moved", say("时钟被调整"), seconds=9)
    note(logging.INFO, "sweep", fired=1)
    try:
        raise ValueError("x")
    except ValueError as problem:
        note_failure("failed", problem)
    first, second, *rest = stream.getvalue().splitlines()
    assert "WARNING 时钟被调整  seconds=9" in first
    assert second.endswith("sweep  fired=1")
    assert any("Traceback" in line for line in rest)


def test_a_terminal_is_asked_which_form_it_wants():
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    configure_logs(stream=stream)
    note(logging.INFO, "x")
    assert not stream.getvalue().startswith("{")


@pytest.mark.parametrize("human", [True, False])
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_every_line_can_be_written_and_moves_no_cursor(encoding: str, human: bool):
    below = io.BytesIO()
    stream = io.TextIOWrapper(below, encoding=encoding)
    configure_logs(stream=stream, human=human)
    note(logging.INFO, "sweep", say("“{name}”完成", name="示例𠮷野\x1b[31m\n甲"), case="\udcff\x9b")
    stream.flush()
    (line,) = below.getvalue().decode(encoding).splitlines()
    for escape in ("\\u001b[31m", "\\udcff", "\\u009b"):
        assert escape in line
    if not human:
        assert json.loads(line)["text"] == "“示例𠮷野\x1b[31m\n甲”完成"
