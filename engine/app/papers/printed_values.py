"""Documents that print private values of register entries: certificates, telephones, who represents a firm."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from engine.app.registers.private_columns import personal_keys_in_force
from engine.app.registers.sealed_values import subject_of

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction
    from engine.lifecycle.case import Case

#: A line of fewer characters is not looked for in documents: every document has it.
FEWEST_CHARACTERS = 2
#: No id of a register is longer.
MAX_ID = 100
#: The registers of people a case may name by their ids.
PEOPLE = ("inspectors", "people", "experts")


def papers_printing_private(transaction: Transaction, case: Case) -> list[str]:
    """Return the ids of the documents of a case that print a private value of somebody it names, or of the firm it is about."""
    documents = transaction.records.documents(case.id)
    if not documents:
        return []
    printed = printed_forms(private_values_of(transaction, case))
    return [one.id for one in documents if any(form in one.content for form in printed)]


def private_values_of(transaction: Transaction, case: Case) -> set[str]:
    """Return the private values, present and replaced, of the entries of registers that a case names."""
    names = sorted(set(_texts([case.parties, case.fields, case.forms, case.subject.get("id")])))
    found: set[str] = set()
    for kind in (*PEOPLE, "objects"):
        keys = personal_keys_in_force(transaction, kind)
        about = (
            {str(case.subject["id"])} & set(names) if kind == "objects" and "id" in case.subject else names
        )
        for entry in transaction.registers.some(kind, sorted(about)).values():
            found |= {one for key in keys if isinstance(one := entry.data.get(key), str)}
            for replaced in transaction.personal_values.of_subject(subject_of(kind, entry.id)):
                found |= {one for one in replaced.values.values() if isinstance(one, str)}
    return found


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


def _texts(given: Any) -> Iterator[str]:
    """Yield the short texts in a value, however deep."""
    if isinstance(given, str):
        if len(given) <= MAX_ID:
            yield given
    elif isinstance(given, dict) or hasattr(given, "values"):
        for one in given.values():
            yield from _texts(one)
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _texts(one)
