"""The log of the daemon, on stderr: one JSON object a line, or lines for people where a person is looking.

Every line has ``time`` (UTC), ``level``, ``event`` (a stable word for programs) and the fields of that event;
``text``, where there is one, is a sentence for people.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from engine.kernel.instants import STANDARD_ZONE
from engine.kernel.plain_text import visible, visible_on_terminal
from engine.language import Message

#: The logger every part of the engine writes to.
LOGGER = logging.getLogger("ssj")

#: -q and -v move along here from the middle.
_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG)
_USUAL = 2


def note(level: int, event: str, text: Message | None = None, /, **fields: Any) -> None:
    """Write one line, if `level` (of the module logging) is asked for."""
    LOGGER.log(level, event, extra={"ssj_fields": fields, "ssj_text": text})


def note_failure(event: str, problem: BaseException, text: Message | None = None, /, **fields: Any) -> None:
    """Write an error with the kind, the words and the place of an exception; with ``-v`` the way to it as well."""
    frames = traceback.extract_tb(problem.__traceback__)
    if frames:
        fields["at"] = f"{frames[-1].filename}:{frames[-1].lineno}"
    if LOGGER.isEnabledFor(logging.DEBUG):
        fields["trace"] = traceback.format_exception(problem)
    note(logging.ERROR, event, text, kind=type(problem).__name__, error=str(problem), **fields)


def configure_logs(verbosity: int = 0, stream: TextIO | None = None, *, human: bool | None = None) -> None:
    """Send the log to `stream` (default: stderr), and warnings of the libraries with it.

    `verbosity` counts -v up and -q down: 1 debug, 0 information, -1 warnings, -2 errors. `human` chooses the form;
    by default a terminal gets lines for people, everything else JSON. Called again, it replaces what it set before.
    """
    stream = stream or sys.stderr
    handler = _LogHandler(stream)
    handler.setFormatter(HumanLines() if (stream.isatty() if human is None else human) else JsonLines())
    LOGGER.setLevel(_LEVELS[min(max(_USUAL + verbosity, 0), len(_LEVELS) - 1)])
    root = logging.getLogger()
    for earlier in [h for h in root.handlers if isinstance(h, _LogHandler)]:
        root.removeHandler(earlier)
    root.addHandler(handler)


class _LogHandler(logging.StreamHandler[TextIO]):
    """Ours among the handlers of the process."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as the stream can show it: no control characters, and what its encoding has not as escapes."""
        return visible_on_terminal(super().format(record), getattr(self.stream, "encoding", None) or "utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Let a line go that cannot be written, without a traceback: a full disk must not stop the work."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a value JSON does not know is written as text."""
        line: dict[str, Any] = {
            "time": _instant(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": _event(record),
        }
        if text := _text(record):
            line["text"] = text
        # The four names above are the log's own: a field cannot take their place.
        line |= {name: value for name, value in _fields(record).items() if name not in line}
        return json.dumps(line, ensure_ascii=False, default=str)


class HumanLines(logging.Formatter):
    """The time in Shanghai, the level, the sentence or else the event, and the fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it the way to an exception where it was asked for."""
        shown = _instant(record).astimezone(ZoneInfo(STANDARD_ZONE)).strftime("%m-%d %H:%M:%S")
        fields = dict(_fields(record))
        trace = fields.pop("trace", ())
        said = " ".join(f"{name}={value}" for name, value in fields.items())
        line = visible(f"{shown} {record.levelname:<7} {_text(record) or _event(record)}  {said}".rstrip())
        return "\n".join([line, *("".join(trace).splitlines())])


def _instant(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _event(record: logging.LogRecord) -> str:
    """Return our word for what happened; for a library, its name."""
    return record.getMessage() if _ours(record) else record.name


def _text(record: logging.LogRecord) -> str:
    if _ours(record):
        text = getattr(record, "ssj_text", None)
        return str(text) if text else ""
    return record.getMessage()


def _ours(record: logging.LogRecord) -> bool:
    return hasattr(record, "ssj_fields")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    found: dict[str, Any] = getattr(record, "ssj_fields", {})
    return found
