"""A refusal is a value: every condition that was not met, with its basis and what to do about it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from engine.kernel.clean_text import quoted, quoted_text, words_not_as_they_seem
from engine.language import Message, say
from engine.value import value


@value
class NextAction:
    """What whoever was refused can do next. Each face words it: the command line as a command, a page as a link.

    `name` is one of the names the faces know (`engine.cli.next_actions`).
    """

    name: str
    arguments: Mapping[str, str] = dataclasses.field(default_factory=dict)


@value
class RefusalReason:
    """One reason of a refusal."""

    #: A stable word for programs: ``not-allowed``, ``form``, ``guard``, ``state``, ``conflict``, …
    code: str
    message: Message
    #: The legal or internal basis, where one blocks the step.
    basis: str | None = None
    #: The clause of the definition that was false, as its author wrote it.
    clause: str | None = None
    hint: Message | None = None
    #: The field of the form the reason is about.
    field: str | None = None
    #: What to do next.
    next: NextAction | None = None

    def __str__(self) -> str:
        text = str(quoted(self.message))
        if self.basis:
            text += str(say("（依据：{basis}）", basis=self.basis))
        if self.hint:
            text += f" {quoted(self.hint)}"
        if (seen := words_not_as_they_seem(self.message)) is not None:
            text += f" {seen}"
        return text

    def as_json(self) -> dict[str, Any]:
        """Return plain values in the language of the process."""
        body: dict[str, Any] = {"code": self.code, "message": str(quoted(self.message))}
        for name in ("basis", "clause", "field"):
            if (value := getattr(self, name)) is not None:
                body[name] = value
        hints = (self.hint and quoted(self.hint), words_not_as_they_seem(self.message))
        if hint := " ".join(str(one) for one in hints if one):
            body["hint"] = hint
        return body


@value
class Refusal:
    """The answer "no", with all its reasons. Nothing was changed.

    `attempt` is what was tried, in words; "" where the reasons say it themselves.
    """

    case: str | None
    attempt: str
    reasons: tuple[RefusalReason, ...]

    def __str__(self) -> str:
        if not self.attempt:
            return "\n".join(str(reason) for reason in self.reasons)
        head = say("不能办理“{attempt}”：", attempt=quoted_text(self.attempt))
        return "\n".join([str(head), *(f"  - {reason}" for reason in self.reasons)])

    def as_json(self) -> dict[str, Any]:
        """Return plain values in the language of the process."""
        return {
            "case": self.case,
            "attempt": quoted_text(self.attempt),
            "reasons": [reason.as_json() for reason in self.reasons],
        }
