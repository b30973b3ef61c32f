"""Orders and answers: what was asked, what came of it, so that a repeated request acts once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from engine.lifecycle.chain import canonical
from engine.lifecycle.verbs.table import VERBS
from engine.value import named_value, value


@value
class CommandRequest:
    """What somebody asks for. `about` is a case, or the workflow to start."""

    verb: str
    about: str
    person: str
    words: Mapping[str, Any]

    @property
    def attempt(self) -> str:
        """Return what the order is called in a refusal: the step, the verb, or the workflow to start."""
        verb = VERBS.get(self.verb)
        return str(self.words.get("step") or (verb.title if verb else self.about))


@named_value
class CommandResult:
    """The case after a command."""

    case: str
    state: str
    rev: int
    title: str
    closed: bool = False
    warnings: tuple[str, ...] = ()
    #: Cases started by the command.
    started: int = 0
    #: The request had been carried out before; this is its answer of then.
    repeated: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "case": self.case,
            "state": self.state,
            "rev": self.rev,
            "title": self.title,
            "closed": self.closed,
            "warnings": list(self.warnings),
            "started": self.started,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any], *, repeated: bool = False) -> CommandResult:
        """Return the answer `as_json` wrote."""
        return cls(**{**body, "warnings": tuple(body["warnings"])}, repeated=repeated)


def command_text(order: CommandRequest) -> str:
    """Return the canonical JSON of an order; "" where JSON cannot hold it."""
    try:
        return _text(order)
    except (TypeError, ValueError, RecursionError):
        return ""


def command_digest(order: CommandRequest, text: str = "") -> str:
    """Return the SHA-256 of an order, to tell a repetition from a different command with the same id.

    `text` is its `command_text`, where the caller has it at hand.
    """
    return hashlib.sha256((text or _text(order)).encode()).hexdigest()


def _text(order: CommandRequest) -> str:
    return canonical((order.verb, order.about, order.person, dict(order.words)))
