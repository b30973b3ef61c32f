"""Reading a part of ``settings.yaml``: every value checked, every problem collected, nothing guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import time
from pathlib import Path
from typing import Any

from engine.kernel.clean_text import quoted
from engine.kernel.did_you_mean import nearest
from engine.language import Message, say

_CLOCK = re.compile("([01]?[0-9]|2[0-3]):([0-5]?[0-9])")


class SettingsError(Exception):
    """The settings cannot be used; `problems` holds one sentence for each thing to put right."""

    def __init__(self, problems: Sequence[Message]) -> None:
        super().__init__("\n".join(problem.text for problem in problems))
        self.problems = tuple(map(quoted, problems))
        self.message = say("settings.yaml：{problems}", problems=self.problems)


def clock_time(text: str) -> time | None:
    """Return a time of day written as ``9:30`` or ``09:30``; None where it is none."""
    found = _CLOCK.fullmatch(text)
    return time(int(found[1]), int(found[2])) if found else None


class SettingsReader:
    """Takes values out of a mapping by name; what is wrong, missing or left over goes into `problems`.

    A value that is wrong is answered with an empty one of its type: look at `problems` before using any.
    """

    def __init__(self, values: object, where: str, defaults: Mapping[str, Any] | None = None) -> None:
        self.where = where
        self.problems: list[Message] = []
        self._asked: list[str] = []
        self._defaults = defaults or {}
        self._values: Mapping[str, Any] = {}
        if isinstance(values, Mapping):
            self._values = {str(name): value for name, value in values.items()}
        elif values is not None:
            self.problems.append(say("{where}：应为“名称: 值”，实为“{seen}”", where=where, seen=values))

    def text(self, name: str, *, required: bool = False, choices: Sequence[str] = ()) -> str | None:
        """Return a text; None where it is left out."""
        value = self._take(name)
        if value is None:
            if required:
                self.blame(name, say("必须填写"))
            return None
        if not isinstance(value, str) or not value.strip():
            self.blame(name, say("应为文字，实为“{seen}”", seen=value))
            return None
        if choices and value not in choices:
            self.blame(name, say("应为 {choices} 之一，实为“{seen}”", choices=list(choices), seen=value))
            return None
        return value

    def peek(self, name: str) -> str:
        """Return the value at `name` as text, unchecked, without asking for it; an empty text where nothing does."""
        return str(self._values.get(name, ""))

    def value(self, name: str) -> Any:
        """Return the value at `name` unchecked, None where it is left out: the caller checks it."""
        return self._take(name)

    def path(self, name: str, home: Path) -> Path:
        """Return a required path; a relative one is below the deployment."""
        return home / (self.text(name, required=True) or ".")

    def integer(self, name: str, *, least: int, most: int) -> int:
        """Return a required whole number within bounds."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.blame(
                name, say("应为 {least} 至 {most} 的整数，实为“{seen}”", least=least, most=most, seen=value)
            )
            return least
        return value

    def integers(self, name: str, *, least: int, most: int) -> tuple[int, ...]:
        """Return a required list of whole numbers within bounds."""
        value = self._take(name)
        fits = isinstance(value, list) and all(
            isinstance(n, int) and not isinstance(n, bool) and least <= n <= most for n in value
        )
        if not fits:
            self.blame(
                name,
                say(
                    "应为 {least} 至 {most} 的整数组成的列表，实为“{seen}”",
                    least=least,
                    most=most,
                    seen=value,
                ),
            )
            return ()
        return tuple(value)

    def flag(self, name: str) -> bool:
        """Return true or false; false where it is left out."""
        value = self._take(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            self.blame(name, say("应为 true 或 false，实为“{seen}”", seen=value))
            return False
        return value

    def blame(self, name: str, what: Message) -> None:
        """Note what is wrong with a value."""
        self.problems.append(say("{where}.{name}：{what}", where=self.where, name=name, what=what))

    def done(self) -> None:
        """Note the names nobody asked for."""
        for name in self._values:
            if name in self._asked:
                continue
            near = nearest(name, self._asked)
            self.blame(
                name,
                say("没有这个设置项，是否想写“{near}”？", near=near)
                if near
                else say("没有这个设置项；可用：{known}", known=sorted(self._asked)),
            )

    def _take(self, name: str) -> Any:
        self._asked.append(name)
        value = self._values.get(name)
        return self._defaults.get(name) if value is None else value
