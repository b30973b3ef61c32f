"""What was typed into a form whose sender's session had ended: handed through signing in, so that nothing typed is lost.

It travels in the pages themselves, as hidden fields of the one who typed it; the server keeps nothing of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.kernel.budget import JSON_ERRORS, TEXT, BudgetExceededError, read_json
from engine.web.forms.typed import Typed
from engine.web.guards import TOKEN_FIELD

#: The field that carries it through signing in.
FIELD = "unsent"
#: Names that say what is done, or prove whose the form is: they belong to the session that has ended.
_OWN = frozenset({TOKEN_FIELD, FIELD, "do", "request_id", "draft_mark", "password", "again"})
#: Which version of the definition the form was of: it travels along, and nobody has typed it.
VERSION_FIELD = "form_version"
#: Characters of all texts together.
_MAX_LENGTH = 400_000


@dataclass(frozen=True, slots=True)
class Unsent:
    """A form that was not sent: where it belongs, what was typed, and whether its page shows it again."""

    address: str
    texts: Mapping[str, Sequence[str]]
    #: The page takes ``do=edit`` and shows the form with what was typed.
    again: bool
    #: Names of files that were chosen; a browser lets nobody choose them but the person.
    files: Sequence[str] = ()

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield name and text of every field."""
        for name, texts in self.texts.items():
            for text in texts:
                yield name, text

    @property
    def shown(self) -> list[str]:
        """Return the texts a person has typed, to be read."""
        return [text for name, text in self.pairs() if text.strip() and _is_typed(name)]

    def packed(self) -> str:
        """Return it as the value of a hidden field."""
        return json.dumps(
            {
                "address": self.address,
                "texts": {name: list(texts) for name, texts in self.texts.items()},
                "again": self.again,
                "files": list(self.files),
            },
            ensure_ascii=False,
        )


def unsent_of(address: str, typed: Typed, *, again: bool) -> Unsent | None:
    """Return what was typed into a form; None where nothing was, or more than can be handed through."""
    texts = {name: list(found) for name, found in typed.texts.items() if name not in _OWN}
    total = sum(len(name) + sum(map(len, found)) for name, found in texts.items())
    given = any(text.strip() for name, found in texts.items() if name != VERSION_FIELD for text in found)
    if not given or total > _MAX_LENGTH:
        return None
    names = [one.name for found in typed.files.values() for one in found]
    return Unsent(address, texts, again, names)


def _is_typed(name: str) -> bool:
    return name != VERSION_FIELD and not name.endswith(".count")


def unpacked(text: str) -> Unsent | None:
    """Return what `packed` wrote; None for anything else."""
    if not text:
        return None
    try:
        body = read_json(text, TEXT)
        texts = {str(name): [str(one) for one in found] for name, found in body["texts"].items()}
        return Unsent(str(body["address"]), texts, body["again"] is True, [str(one) for one in body["files"]])
    except (BudgetExceededError, *JSON_ERRORS):
        return None
