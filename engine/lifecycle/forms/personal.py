"""Personal answers: texts that stand beside the history of a case and not in it, under an id each.

A field marked ``personal`` makes its answer a `PersonalText`. It reads as the text it is, in conditions, papers, lists and
exports; where an entry or the row of a case is written, its id takes its place (`with_markers`), and where the row is
read the texts the row keeps apart are put back (`read_back`). Once they are destroyed, `FORGOTTEN` is read instead.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from engine.lifecycle.chain import canonical
from engine.lifecycle.forms.row_parts import PERSONAL_PARTS
from engine.lifecycle.model.form import Field, FieldType, Form

#: The only key of what takes the place of a personal text. No field can be called so.
MARK = "@personal"
#: The key of an entry of a history with the `texts_digest` of the personal texts it has ids of.
TEXTS_DIGEST = "texts_sha256"
#: The key under which an entry says how many texts of its case were destroyed.
FORGOTTEN_TEXTS = "forgotten"
#: What is read of a text that is destroyed.
FORGOTTEN = "（已过留存期限）"
#: What is written for one in a sentence that is kept.
MASKED = "***"
#: The types whose answers are texts, which a field marked ``personal`` may have.
TEXTUAL = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.LIST)
_TEXTS = (FieldType.TEXT, FieldType.LONG_TEXT)
#: Types of values that hold no other value and no id.
_PLAIN = frozenset({str, int, bool, type(None)})


class PersonalText(str):
    """A personal answer, or a part of one. It has no id until it is first written."""

    __slots__ = ("destroyed", "id")

    id: str
    #: The text is destroyed.
    destroyed: bool

    def __new__(cls, text: str, name: str = "", *, destroyed: bool = False) -> Self:
        """Make a personal text of a text."""
        made = super().__new__(cls, text)
        made.id, made.destroyed = name, destroyed
        return made


@dataclass(frozen=True, slots=True)
class KeptTexts:
    """The personal texts of one case by their ids, kept in its row alone.

    `key` is 16 random bytes in hexadecimal digits: without them the digest of the row cannot be tried against guesses.
    Where the texts are destroyed there is neither.
    """

    key: str
    texts: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {"key": self.key, "texts": dict(self.texts)}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> KeptTexts:
        """Return what `as_json` wrote."""
        return cls(body["key"], body["texts"])


#: What a case keeps whose personal texts are destroyed.
NOTHING_KEPT = KeptTexts("", {})


def holds_personal(forms: Iterable[Form]) -> bool:
    """Tell whether a field of these forms is personal, or one has check rows, which name who is to put a problem right."""
    return any(form.rows or any(asked.personal for asked in form.fields) for form in forms)


def marked(asked: Field, value: Any) -> Any:
    """Return the answer to a personal field with its texts as personal ones; of rows those of columns that are texts."""
    if isinstance(value, str):
        return _as_personal(value)
    if isinstance(value, (list, tuple)):
        return [marked(asked, one) for one in value]
    if isinstance(value, Mapping):
        texts = {column.name for column in asked.columns if column.type in _TEXTS}
        return {name: marked(asked, one) if name in texts else one for name, one in value.items()}
    return value


def marked_answers(form: Form, answers: Mapping[str, Any], others: Iterable[Form] = ()) -> dict[str, Any]:
    """Return answers to `form`, given or kept, with the personal ones marked; those to `others` stand under ``items``."""
    found = dict(answers)
    for asked in form.fields:
        if asked.personal:
            found |= {
                name: marked(asked, found[name]) for name in (asked.name, asked.written) if name in found
            }
    if form.rows and isinstance(rows := found.get("rows"), Mapping):
        found["rows"] = {name: _marked_row(row) for name, row in rows.items()}
    items = found.get("items")
    if isinstance(items, Mapping):
        found["items"] = dict(items)
        for other in others:
            if isinstance(own := items.get(other.id), Mapping):
                found["items"][other.id] = marked_answers(other, own)
    return found


def _marked_row(row: Any) -> Any:
    """Return what was said of a check row, with the parts that are of a person as personal texts."""
    if not isinstance(row, Mapping):
        return row
    own = {name: row[name] for name in PERSONAL_PARTS if isinstance(row.get(name), str)}
    return {**row, **{name: _as_personal(text) for name, text in own.items()}} if own else row


def _as_personal(text: str) -> PersonalText:
    return text if isinstance(text, PersonalText) else PersonalText(text)


def without_id(value: Any) -> Iterator[PersonalText]:
    """Yield each personal text in plain values that has no id yet, as often as it is there."""
    if isinstance(value, PersonalText):
        if not value.id:
            yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from without_id(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from without_id(one)


def with_markers(value: Any, found: dict[str, str]) -> Any:
    """Return plain values with its id in the place of each personal text that has one, and add the texts to `found` by their ids."""
    if isinstance(value, PersonalText):
        if not value.id:
            return str(value)
        if not value.destroyed:
            found[value.id] = str(value)
        return {MARK: value.id}
    # Most values are texts and numbers: asked here, none of them costs a call.
    if isinstance(value, (dict, Mapping)):
        return {name: one if type(one) in _PLAIN else with_markers(one, found) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [one if type(one) in _PLAIN else with_markers(one, found) for one in value]
    return value


def without_texts(value: Any) -> Any:
    """Return plain values with an id in the place of each personal text that has one."""
    return with_markers(value, {})


def masked(value: Any) -> Any:
    """Return plain values with `MASKED` in the place of each personal text; what holds none is returned as it is."""
    if isinstance(value, PersonalText):
        return MASKED
    if isinstance(value, (dict, Mapping)):
        found = {name: one if type(one) in _PLAIN else masked(one) for name, one in value.items()}
        return found if any(found[name] is not one for name, one in value.items()) else value
    if isinstance(value, (list, tuple)):
        several = [one if type(one) in _PLAIN else masked(one) for one in value]
        changed = any(one is not before for one, before in zip(several, value, strict=True))
        return type(value)(several) if changed else value
    return value


def holds_text(value: Any) -> bool:
    """Tell whether plain values hold a personal text."""
    return masked(value) is not value


def read_back(value: Any, kept: KeptTexts) -> Any:
    """Return plain values with the texts in the place of their ids; `FORGOTTEN` for those that are destroyed.

    What holds no id is returned as it is, not copied.
    """
    changed: Any = None
    if isinstance(value, (dict, Mapping)):
        if len(value) == 1 and isinstance(name := value.get(MARK), str):
            text = kept.texts.get(name)
            return PersonalText(FORGOTTEN, name, destroyed=True) if text is None else PersonalText(text, name)
        for name, one in value.items():
            if type(one) not in _PLAIN and (back := read_back(one, kept)) is not one:
                if changed is None:
                    changed = dict(value)
                changed[name] = back
    elif isinstance(value, list):
        for place, one in enumerate(value):
            if type(one) not in _PLAIN and (back := read_back(one, kept)) is not one:
                if changed is None:
                    changed = list(value)
                changed[place] = back
    return value if changed is None else changed


def ids_in(value: Any) -> Iterator[str]:
    """Yield the ids that are in the place of personal texts in plain values, as often as they are there."""
    if isinstance(value, Mapping):
        if len(value) == 1 and isinstance(name := value.get(MARK), str):
            yield name
            return
        for one in value.values():
            yield from ids_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from ids_in(one)


def texts_digest(key: str, texts: Mapping[str, str]) -> str:
    """Return the SHA-256 of personal texts by id, with the key of their case: nobody without the key can try it against guesses."""
    return hashlib.sha256(f"{key}\n{canonical(dict(texts))}".encode("utf-8", "backslashreplace")).hexdigest()


def texts_unlike(bodies: Iterable[tuple[int, Mapping[str, Any]]], kept: KeptTexts | None) -> Iterator[int]:
    """Yield the numbers of the entries, given with their bodies, whose personal texts are not what a case keeps beside them.

    Of entries before one that says that texts were destroyed nothing is kept.
    """
    stated: list[tuple[int, str, set[str]]] = []
    for number, body in bodies:
        if body.get(FORGOTTEN_TEXTS):
            stated.clear()
        if TEXTS_DIGEST in body:
            stated.append((number, str(body[TEXTS_DIGEST]), set(ids_in(body))))
    key, texts = (kept.key, kept.texts) if kept is not None else ("", {})
    for number, said, ids in stated:
        if texts_digest(key, {one: texts[one] for one in ids if one in texts}) != said:
            yield number


def in_clear(forms: Mapping[str, Form], answers: Mapping[str, Mapping[str, Any]]) -> int:
    """Return how many answers to fields that are personal now were given before they were: they stand in the history."""
    return sum(
        _plain_in(form, given) for name, given in answers.items() if (form := forms.get(name)) is not None
    ) + sum(
        _plain_in(form, own)
        for given in answers.values()
        if isinstance(items := given.get("items"), Mapping)
        for name, own in items.items()
        if isinstance(own, Mapping) and (form := forms.get(name)) is not None
    )


def _plain_in(form: Form, given: Mapping[str, Any]) -> int:
    count = sum(
        asked.personal and asked.name in given and _has_plain(asked, given[asked.name])
        for asked in form.fields
    )
    rows = given.get("rows") if form.rows else None
    return count + sum(
        isinstance(row, Mapping)
        and any(
            isinstance(row.get(part), str) and not isinstance(row[part], PersonalText)
            for part in PERSONAL_PARTS
        )
        for row in (rows.values() if isinstance(rows, Mapping) else ())
    )


def _has_plain(asked: Field, value: Any) -> bool:
    if isinstance(value, str):
        return not isinstance(value, PersonalText)
    if isinstance(value, (list, tuple)):
        return any(_has_plain(asked, one) for one in value)
    if isinstance(value, Mapping):
        return any(
            _has_plain(asked, value[column.name])
            for column in asked.columns
            if column.type in _TEXTS and column.name in value
        )
    return False
