"""One request and its answer, as the pages see them; no framework is named here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote

from engine.web.forms.typed import Typed

if TYPE_CHECKING:
    from engine.app.queries.people.web_sessions import Visitor
    from engine.lifecycle.command import Actor
    from engine.web.workbench import Workbench


class SignInNeededError(Exception):
    """The page is for people who have signed in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageVisit:
    """One request: who asks, in which language, for what, with what was typed."""

    workbench: Workbench
    visitor: Visitor | None
    #: The secret of the session; "" without one.
    secret: str
    #: What a form of this visitor has to send back.
    form_token: str
    language: str
    method: str
    path: str
    #: Path and query, to come back to.
    address: str
    #: Where the request came from: a network address.
    origin: str
    #: By which address the visitor reaches this workbench: ``http://192.0.2.1:8000``.
    host: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    #: The parts of the path: ``case``, ``step``, …
    parts: Mapping[str, str] = field(default_factory=dict)
    typed: Typed = field(default_factory=Typed)
    #: The secret of the page a firm has opened; "" without one.
    firm_secret: str = ""

    @property
    def actor(self) -> Actor:
        """Return who has signed in. Raises SignInNeededError."""
        if self.visitor is None:
            raise SignInNeededError
        return self.visitor.actor

    @property
    def person(self) -> str:
        """Return the id of who has signed in. Raises SignInNeededError."""
        return self.actor.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    #: Name -> value; None takes the cookie away.
    cookies: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKind:
    """One kind of page: its address, who answers, and whether one has to have signed in."""

    name: str
    path: str
    answer: Callable[[PageVisit], Answer]
    methods: Sequence[str] = ("GET",)
    signed_in: bool = True
    #: Whether it answers with a page to look at; else with a file or a line for a program.
    page: bool = True
    #: Sent ``do=edit`` it shows its form again with what was typed, and does nothing.
    edits: bool = False


def go_to(*parts: str, query: str = "", cookies: Mapping[str, str | None] | None = None) -> Answer:
    """Return the answer that sends on to an address of this workbench, by GET."""
    address = address_of(*parts) + (f"?{query}" if query else "")
    return Answer(status=303, headers={"Location": address}, cookies=cookies or {})


def address_of(*parts: str) -> str:
    """Return the address of a page: ``/`` and the parts, quoted."""
    return "/" + "/".join(quote(part, safe="") for part in parts)


def local_address(text: str) -> str:
    """Return an address of this workbench that a visitor sent, and ``/`` for one that leads elsewhere."""
    plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if plain and text.startswith("/") and not text.startswith("//") else "/"
