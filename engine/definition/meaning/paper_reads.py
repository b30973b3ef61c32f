"""Which answers, facts and parties the template of a paper reads, on which line, and which of them it cannot do without."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition.meaning.names_read import Fact

#: How deep parts are put into parts.
_DEPTH = 8
_TOKEN = re.compile(r"\{\{(.*?)\}\}|\{%[-+]?(.*?)[-+]?%\}|\{#.*?#\}", re.DOTALL)
#: ``shown["FORM"]`` and not ``shown.FORM``: of a form, or an answer, cases of earlier versions have.
_EARLIER = re.compile(r"""\b(?:shown|forms)\s*\[\s*["'](\w+)["']\s*\]""")
_SUBSCRIPT = re.compile(r"""\[\s*["'](\w+)["']\s*\]""")
_TEXT = re.compile(r'"[^"]*"|' + r"'[^']*'")
_PATH = re.compile(r"(?<![\w.])([a-z]\w*)((?:\.\w+)*)(?!\w)(?!\s*\()")
#: What follows a name that may not be there: a value in its place, or the question whether it is there.
_WITHOUT = re.compile(
    r"\s*\)*(?:\s*\|\s*(?!d\b|default\b)\w+(?:\([^()]*\))?)*\s*(?:\|\s*(?:d|default)\b|is\s+(?:not\s+)?defined\b)"
)
_SET = re.compile(r"set\s+(\w+)\s*=(.*)", re.DOTALL)
_FORM_ALONE = re.compile(r"\s*(shown|forms|earlier)\.(\w+)\s*(?:\|\s*(?:d|default)\b[^|]*)?", re.DOTALL)
_INCLUDED = re.compile(r"""include\s+["']([\w-]+)\.html["']""")
_OPENS, _CLOSES = ("if", "for"), ("endif", "endfor")


@dataclass(frozen=True, slots=True)
class PaperRead:
    """One name a template reads: ``("forms", form)`` with a field, ``("case", field)`` or ``("parties", party)``."""

    #: The template it is written in: a part of others is one of its own.
    template: str
    line: int
    column: int
    fact: Fact
    #: The field of the form; "" where none is named.
    field: str
    #: Without it there is no paper: nothing is said to be written in its place, and nothing asks for it first.
    needed: bool
    #: Read through its form and not through a name the template has given to the answers.
    direct: bool
    #: Said to be of earlier versions.
    earlier: bool = False


@dataclass(slots=True)
class _Scan:
    """One template on its way, with the parts it takes in."""

    templates: Mapping[str, str]
    found: dict[PaperRead, None] = field(default_factory=dict)
    #: Names the template gives to the answers of a form; whether those are said to be of earlier versions.
    called: dict[str, tuple[str, bool]] = field(default_factory=dict)
    #: What the blocks around have asked about.
    asked: list[frozenset[Fact]] = field(default_factory=list)

    def read(self, name: str, depth: int = 0) -> None:
        """Go through one template."""
        text = self.templates.get(name, "")
        for token in _TOKEN.finditer(text):
            shown, said = token[1], (token[2] or "").strip()
            if shown is not None:
                self._names(name, text, token.start(1), shown)
            elif said:
                self._block(name, text, token.start(2), token[2], said, depth)

    def _block(self, name: str, text: str, start: int, raw: str, said: str, depth: int) -> None:
        word = said.split(None, 1)[0]
        if word in _CLOSES:
            if self.asked:
                self.asked.pop()
            return
        if (part := _INCLUDED.match(said)) is not None:
            if depth < _DEPTH:
                self.read(part[1], depth + 1)
            return
        facts = self._names(name, text, start, raw)
        if word in _OPENS:
            self.asked.append(facts)
        elif word == "elif" and self.asked:
            self.asked[-1] |= facts
        elif (given := _SET.fullmatch(said)) is not None:
            self.called.pop(given[1], None)
            if (alone := _FORM_ALONE.fullmatch(_plain(given[2]))) is not None:
                self.called[given[1]] = (alone[2], alone[1] == "earlier")

    def _names(self, name: str, text: str, start: int, written: str) -> frozenset[Fact]:
        """Note what one place reads; return it."""
        if "." not in written and "[" not in written and not (self.called.keys() & set(written.split())):
            return frozenset()
        plain = _plain(written)
        reads: list[tuple[int, Fact, str, bool, str]] = []
        for match in _PATH.finditer(plain):
            meant = self._meant(match[1], match[2].split(".")[1:])
            if meant is not None:
                without = _WITHOUT.match(plain, match.end()) is not None
                reads.append((match.start(), *meant, without, match[1]))
        facts = frozenset(fact for _, fact, *_ in reads)
        around = frozenset[Fact]().union(*self.asked)
        # A place that asks for a form, or for the same answer, in one of its parts may read it in another.
        asks = {(fact, asked) for _, fact, asked, without, _ in reads if without or not asked}
        for at, fact, asked, without, root in reads:
            needed = not (without or fact in around or (fact, asked) in asks or (fact, "") in asks)
            line = text.count("\n", 0, start + at) + 1
            column = start + at - text.rfind("\n", 0, start + at)
            earlier = self.called[root][1] if root in self.called else root == "earlier"
            direct = root not in self.called
            self.found[PaperRead(name, line, column, fact, asked, needed, direct, earlier)] = None
        return facts

    def _meant(self, root: str, rest: list[str]) -> tuple[Fact, str] | None:
        if root in ("forms", "shown", "earlier") and rest:
            return ("forms", rest[0]), rest[1] if len(rest) > 1 else ""
        if root in self.called:
            return ("forms", self.called[root][0]), rest[0] if rest else ""
        if root == "case" and len(rest) > 1 and rest[0] == "fields":
            return ("case", rest[1]), rest[1]
        return (("parties", rest[0]), rest[0]) if root == "parties" and rest else None


def _plain(written: str) -> str:
    """Return an expression with ``["name"]`` as ``.name`` and without the texts in it."""
    if '"' not in written and "'" not in written:
        return written
    named = _SUBSCRIPT.sub(
        lambda match: f".{match[1]}", _EARLIER.sub(lambda match: f"earlier.{match[1]}", written)
    )
    return _TEXT.sub(lambda match: " " * len(match[0]), named)


def reads_of(name: str, templates: Mapping[str, str]) -> tuple[PaperRead, ...]:
    """Return what a template reads, with the parts it takes in, in the order written."""
    scan = _Scan(templates)
    scan.read(name)
    return tuple(scan.found)
