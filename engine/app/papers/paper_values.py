"""Documents that print given values: private ones of registers, personal answers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case

#: A line of fewer characters is not looked for in documents: every document has it.
FEWEST_CHARACTERS = 2
#: Gives the private values of the entries of registers that a case names (`engine.app.registers.private_values`).
ValuesOf = Callable[["Transaction", "Case"], Collection[str]]


def no_values(_: Transaction, __: Case) -> Collection[str]:
    """Return nothing."""
    return ()


def papers_printing(transaction: Transaction, case: Case, values_of: ValuesOf) -> list[str]:
    """Return the ids of the documents of a case that print one of the values `values_of` gives for it."""
    documents = transaction.records.documents(case.id)
    if not documents:
        return []
    printed = printed_forms(values_of(transaction, case))
    return [one.id for one in documents if any(form in one.content for form in printed)]


def printed_forms(texts: Iterable[str]) -> frozenset[bytes]:
    """Return the bytes by which the lines of texts are found in documents, as they are and as templates write them."""
    return frozenset(
        form
        for text in texts
        for line in map(str.strip, text.splitlines())
        if len(line) >= FEWEST_CHARACTERS
        for form in (line.encode(), _in_html(line))
    )


def _in_html(line: str) -> bytes:
    """Return a line as templates write it."""
    return escape(line, quote=False).replace('"', "&#34;").replace("'", "&#39;").encode()
