"""Visits of pages as the workbench makes them of requests, for calling the pages themselves."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from workbench_fixtures import Desk

from engine.app.people.directory import Directory
from engine.app.queries.people.web_sessions import Visitor
from engine.web.forms.typed import Typed
from engine.web.visit import Answer, PageVisit


def visit_of(
    desk: Desk,
    address: str = "/",
    person: str | None = "clerk-1",
    typed: dict[str, str] | None = None,
    **parts: str,
) -> PageVisit:
    """Return the visit of a person who has signed in with a password; with `typed` it sends a form."""
    split = urlsplit(address)
    visitor = None
    if person is not None:
        with desk.bureau.application.store.read() as transaction:
            visitor = Visitor(Directory(transaction).all()[person], "password")
    return PageVisit(
        workbench=desk.bench,
        visitor=visitor,
        secret="",
        form_token="0" * 32,
        language="zh_CN",
        method="GET" if typed is None else "POST",
        path=split.path,
        address=address,
        origin="192.0.2.1",
        query=dict(parse_qsl(split.query)),
        parts=parts,
        typed=Typed({name: [text] for name, text in (typed or {}).items()}),
    )


def text_of(answer: Answer) -> str:
    """Return what a page says."""
    return answer.body.decode()
