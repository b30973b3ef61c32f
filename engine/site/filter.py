"""The second lock of the public site: what a publication may show, decided again field by field.

The office publishes only fields a form marks ``public``; this room does not rely on it. Parts nobody listed in
``private.yaml`` are left out, so are fields whose name or title names a person, and telephone and identity numbers
are taken out of every text that stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engine.kernel.plain_text import visible
from engine.language import Message, say
from engine.site.masking import mask, mask_identity_numbers
from engine.yamltext.resource import read_resource

#: The type of a field that holds the id of an entry of a register, as a publication names it.
OBJECT = "object"
_RULES = Path(__file__).with_name("private.yaml")
#: A code: letters and digits; or the number of a document, such as 示人社抽〔2024〕17号.
_CODE = re.compile(
    r"[A-Za-z0-9_./#-]+|[\u3400-\u9fff]{1,20}[〔\[（(【]\d{4}[〕\]）)】]第?\d{1,20}号?", re.ASCII
)
_HEX = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ENTROPY = re.compile(
    r"(?:TEST-)?(?:[a-z]+:[0-9.+:]+/)+batch:[A-Za-z0-9_-]+|(?:[a-z0-9]+:[0-9a-f.+:]+)(?:/[a-z0-9]+:[0-9a-f.+:]+)*",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class FilterRules:
    """The lists of ``private.yaml``."""

    keys: frozenset[str]
    parts: frozenset[str]
    endings: tuple[str, ...]
    titles: frozenset[str]
    words: tuple[str, ...]
    allowed: Mapping[str, tuple[str, ...]]
    #: Part -> its columns that hold codes.
    codes: Mapping[str, frozenset[str]]
    code_words: tuple[str, ...]
    code_endings: tuple[str, ...]

    def denies(self, name: str) -> bool:
        """Whether a field of this name (or Chinese name) is never public."""
        low = name.strip().lower()
        return (
            low in self.keys
            or low.endswith(self.endings)
            or not self.parts.isdisjoint(re.split(r"[_\-\s]+", low))
            or self.denies_title(name)
        )

    def denies_title(self, title: str) -> bool:
        """Whether a field of this title is never public."""
        return title.strip() in self.titles or any(word in title for word in self.words)

    def is_code(self, name: str, title: str) -> bool:
        """Whether a field of this name and title holds the number of a file."""
        low = name.strip().lower()
        return (
            low == "number"
            or low.endswith(self.code_endings)
            or any(word in title for word in self.code_words)
        )


@cache
def read_rules() -> FilterRules:
    """Return the rules of ``private.yaml``."""
    body = read_resource(_RULES)
    return FilterRules(
        frozenset(body["keys"]),
        frozenset(body["parts"]),
        tuple(body["endings"]),
        frozenset(body["titles"]),
        tuple(body["words"]),
        {name: tuple(keys) for name, keys in body["allowed"].items()},
        {name: frozenset(keys) for name, keys in body["codes"]["columns"].items()},
        tuple(body["codes"]["words"]),
        tuple(body["codes"]["endings"]),
    )


@dataclass(slots=True)
class Filter:
    """Filters one publication after another; `withheld` collects what was left out, as sentences."""

    language: str
    rules: FilterRules = field(default_factory=read_rules)
    withheld: dict[str, Message] = field(default_factory=dict)
    #: What the sentences name: the publication that is being filtered.
    where: str = ""
    instead: str = ""
    #: Fields the bureau keeps off the pages of this kind.
    private: frozenset[str] = frozenset()
    _known: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.instead = say("〔不公开〕").render(self.language)

    def note(self, message: Message) -> None:
        """Keep a sentence about what was left out, once."""
        self.withheld.setdefault(message.render(self.language), message)

    def text(self, value: Any, code: bool = False) -> str:
        """Return a text without telephone and identity numbers; characters no text may hold are shown.

        In the column of a `code`, what has the shape of one is looked through for identity numbers alone.
        """
        before = "" if value is None else visible(str(value), lines=True)
        find = mask_identity_numbers if code and _CODE.fullmatch(before) else mask
        after = find(before, self.instead)
        if after != before:
            self.note(say("{where}：文字里的电话号码或身份证号已隐去", where=self.where))
        return after

    def value(self, value: Any, code: bool = False) -> Any:
        """Return any JSON value without denied fields and private numbers."""
        # Texts first: nearly everything is one, and looks at abstract types are dear.
        if isinstance(value, str):
            return self.text(value, code)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            shown = self.text(value, code)
            return value if shown == str(value) else shown
        if isinstance(value, Mapping):
            return {
                self.text(key): self.value(item, code)
                for key, item in value.items()
                if not self._denied(str(key))
            }
        if isinstance(value, Sequence) and not isinstance(value, bytes):
            return [self.value(item, code) for item in value]
        return self.text(value, code)

    def body(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return what may be shown of the body of a publication."""
        out = {key: self.value(item) for key, item in self._listed("body", body) if key not in _PARTS}
        for part in ("batch", "plan", "subject"):
            found = body.get(part)
            out[part] = self._row(part, found) if isinstance(found, Mapping) else None
        out["facts"] = [fact for given in _rows(body.get("facts")) if (fact := self._fact(given)) is not None]
        out["items"] = [self._row("item", item) for item in _rows(body.get("items"))]
        draw = body.get("draw")
        if isinstance(draw, Mapping):
            out["draw"] = self._draw(draw)
        return out

    def _fact(self, fact: Mapping[str, Any]) -> dict[str, Any] | None:
        name, title = str(fact.get("name") or ""), str(fact.get("title") or "")
        names = {name, str(fact.get("written", name))}
        if (
            not names.isdisjoint(self.private)
            or any(map(self._denied, names))
            or self.rules.denies_title(title)
        ):
            self.note(say("{where}：“{title}”不公开，已略去", where=self.where, title=title or name))
            return None
        code = fact.get("type") == OBJECT or self.rules.is_code(name, title)
        shown = self._row("fact", {key: value for key, value in fact.items() if key not in _NOT_SHOWN}, code)
        if "written" in fact:
            shown["written"] = fact["written"]
        # The readable text was made from the whole value; where a part of the value goes, the text goes with it.
        if _smaller(fact.get("value"), shown.get("value")):
            self.note(say("{where}：“{title}”的一部分不公开，已略去", where=self.where, title=title))
            shown["text"] = self.instead
            shown.pop("rows", None)
        return shown

    def _draw(self, draw: Mapping[str, Any]) -> dict[str, Any]:
        rows = {part: _rows(draw.get(part)) for part in ("strata", "selected", "removals")}
        out = self._row("draw", {**draw, **dict.fromkeys(rows)})
        for name in _PUBLIC_ONLY:
            if name not in draw:
                del out[name]
        return {**out, **{part: [self._row(part, row) for row in found] for part, found in rows.items()}}

    def _row(self, part: str, row: Mapping[str, Any], code: bool = False) -> dict[str, Any]:
        """Return every listed part, None where it was not given, so that readers find one shape."""
        out: dict[str, Any] = dict.fromkeys(key for key in self.rules.allowed[part] if key not in _LATER)
        codes = self.rules.codes.get(part, frozenset())
        out.update(
            (key, _code(key, item, self, code or key in codes)) for key, item in self._listed(part, row)
        )
        return out

    def _listed(self, part: str, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
        allowed = self.rules.allowed[part]
        for key in given:
            if key not in allowed:
                shown = mask(str(key), self.instead)
                self.note(say("{where}：“{title}”不公开，已略去", where=self.where, title=shown))
        return [(key, given[key]) for key in allowed if key in given]

    def _denied(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = self.rules.denies(name)
        return known


_PARTS = frozenset({"batch", "plan", "subject", "facts", "items", "draw"})
#: What a fact says of itself to the program alone: its type, and the name of a renamed question in its file.
_NOT_SHOWN = frozenset({"type", "written"})
#: Parts that came later: where a publication has none, its page stays as it was, byte for byte.
_LATER = frozenset({"rows", "basis"})
#: What draws of ssj-draw/1 do not have.
_PUBLIC_ONLY = ("proof", "protocol")
_CODES = frozenset({"commitment_sha256", "commitment_sm3", "roster_sha256", "cutoff", "ticket", "randomness"})


def _code(key: str, value: Any, filtering: Filter, code: bool) -> Any:
    """Return digests and entropy as they are, where they have the shape of one; all else goes through the filter."""
    if key in _CODES and isinstance(value, str) and _HEX.fullmatch(value):
        return value
    if key in ("entropy", "randomness") and isinstance(value, str) and _ENTROPY.fullmatch(value):
        return value
    return filtering.value(value, code)


def _rows(given: Any) -> list[Mapping[str, Any]]:
    return [row for row in given if isinstance(row, Mapping)] if isinstance(given, Sequence) else []


def _smaller(before: Any, after: Any) -> bool:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return len(before) != len(after) or any(
            _smaller(one, other) for one, other in zip(before.values(), after.values(), strict=True)
        )
    if isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return any(_smaller(one, other) for one, other in zip(before, after, strict=True))
    return False
