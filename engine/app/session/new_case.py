"""What a case starts with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from engine.value import named_value, value


@named_value
class NewCase:
    """What a case starts with."""

    title: str
    section: str | None = None
    parent: str | None = None
    subject: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    parties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The answers of the form that starts the case.
    answers: Mapping[str, Any] | None = None

    def as_words(self) -> dict[str, Any]:
        """Return what is asked for, besides the answers, as plain values; what is left out stays out."""
        words = {
            "title": self.title,
            "section": self.section,
            "parent": self.parent,
            "subject": dict(self.subject),
            "fields": dict(self.fields),
            "parties": {name: list(people) for name, people in self.parties.items()},
        }
        return {name: value for name, value in words.items() if value}


@value
class Started:
    """The cases that were started, and whether one of them came at once to where its parent may go on."""

    ids: tuple[str, ...]
    released: bool
