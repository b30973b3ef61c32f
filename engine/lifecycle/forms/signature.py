"""Signatures of a step that several people sign (会签、或签), kept in the case until the step is taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.kernel.instants import from_text, to_text
from engine.value import named_value, value


@value
class Signature:
    """One person's signature. `principal` is the person they signed for (委托), whose signature it then counts as."""

    person: str
    at: datetime
    principal: str | None = None

    @property
    def counts_for(self) -> str:
        """Return the signer this signature is the signature of."""
        return self.principal or self.person

    def as_json(self) -> dict[str, Any]:
        """Return plain values, the instant in UTC."""
        body = {"person": self.person, "at": to_text(self.at)}
        return {**body, "for": self.principal} if self.principal else body


@named_value
class Signing:
    """The state of the signing of one step."""

    signed: tuple[Signature, ...] = ()
    #: 加签: people who must sign besides those the definition names.
    added: tuple[str, ...] = ()
    #: 前加签、后加签: those of `added` who sign before whoever has not signed yet, and those who sign after all others.
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    #: Nobody but those of `after` is left.
    others_done: bool = False
    #: 减签: people who need not sign.
    dropped: tuple[str, ...] = ()
    #: The answers the first one signed, as they were given; the others sign the same.
    answers: Mapping[str, Any] | None = None

    @property
    def people(self) -> frozenset[str]:
        """Return the signers whose signature is there."""
        return frozenset(signature.counts_for for signature in self.signed)

    def as_json(self) -> dict[str, Any]:
        """Return plain values; what is empty is left out."""
        body: dict[str, Any] = {}
        if self.signed:
            body["signed"] = [signature.as_json() for signature in self.signed]
        if self.added:
            body["added"] = list(self.added)
        if self.before:
            body["before"] = list(self.before)
        if self.after:
            body["after"] = list(self.after)
        if self.others_done:
            body["others_done"] = True
        if self.dropped:
            body["dropped"] = list(self.dropped)
        if self.answers is not None:
            body["answers"] = dict(self.answers)
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Signing:
        """Return the signing that `as_json` wrote."""
        return cls(
            signed=tuple(
                Signature(row["person"], from_text(row["at"]), row.get("for"))
                for row in body.get("signed", ())
            ),
            added=tuple(body.get("added", ())),
            before=tuple(body.get("before", ())),
            after=tuple(body.get("after", ())),
            others_done=body.get("others_done", False),
            dropped=tuple(body.get("dropped", ())),
            answers=body.get("answers"),
        )
