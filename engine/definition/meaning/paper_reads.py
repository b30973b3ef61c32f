"""Which answers, facts and parties the template of a paper reads, on which line, and which of them it cannot do without.

Names worked out while a paper is made are followed where they can only be texts the template itself writes (a list that is
looped over, a name given to a text); all others are refused, so that nothing is read that was not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.definition.meaning.names_read import Fact
from engine.definition.parsing.paper_text import (
    DEFAULT,
    EARLIER,
    PATH,
    TOKEN,
    groups_with_a_name,
    names_alone,
    only_asked,
    plain,
    texts_chosen,
    texts_listed,
)

#: How deep parts are put into parts.
_DEPTH = 8
_FORMS = ("forms", "shown", EARLIER)
_TRACKED = frozenset({*_FORMS, "case", "parties"})
_ROOTS = re.compile(r"\b(?:forms|shown|case|parties)\b")
#: What follows a name that may not be there: a value in its place, or the question whether it is there.
_WITHOUT = re.compile(
    r"\s*+\)*+(?:\s*+\|\s*+(?!d\b|default\b)\w++(?:\([^()]*+\))?)*\s*+(?:\|\s*(?:d|default)\b|is\s+(?:not\s+)?defined\b)"
)
_SET = re.compile(r"set\s++([\w\s,.]++)=(?!=)(.*)", re.DOTALL)
_FOR = re.compile(r"for\s++((?:(?!\sin\b)[\w\s,()])++)\sin\b(.*)", re.DOTALL)
_FORM_ALONE = re.compile(rf"\s*(?:{'|'.join(_FORMS)})\.\w+\s*(?:{DEFAULT})?\s*")
_PART = re.compile(r"""(?:include|extends)\s+["']([\w-]+)\.html["']\s*(?:ignore\s+missing)?\s*""")
_SUBSCRIPT = re.compile(r"\s*\[\s*([A-Za-z_]\w*)\s*\]((?:\s*\.\s*\w+)*)(?!\w)(?!\s*\()")
_ARGUMENT = re.compile(r"\s*=(?!=)")
_FILTER = re.compile(r"(?:\||\bis(?:\s+not)?)\s*$")
#: A filter that is not a value in the place of another.
_FILTERED = re.compile(r"\|\s*(?!(?:d|default)\b)")
_CLOSES = ("endif", "endfor")
#: The other words a statement may begin with.
_KNOWN = frozenset(
    {"else", "elif", "set", "with", "endwith", "block", "endblock", "raw", "endraw", "include", "extends"}
)
#: What was written that is not followed.
COMPUTED, WHOLE, STATEMENT = "computed", "whole", "statement"


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
    #: The forms one of which the name given to the answers is of, where they are several.
    among: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotFollowed:
    """What a template does with answers so that nobody can say which it reads."""

    template: str
    line: int
    column: int
    #: `COMPUTED`, `WHOLE` or `STATEMENT`.
    why: str
    written: str


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a template calls by one name: the answers of one of some forms; whether those are said to be of earlier versions."""

    forms: tuple[tuple[str, bool], ...]
    #: They are always those of a form, whether it was filled in or not.
    surely: bool = True


@dataclass(slots=True)
class _Block:
    """A block that is open: what it has asked about, and what names meant around it."""

    word: str
    asked: frozenset[Fact]
    called: dict[str, _Answers]
    words: dict[str, tuple[str, ...] | None]


@dataclass(frozen=True, slots=True)
class _NameRead:
    at: int
    fact: Fact
    field: str
    without: bool
    earlier: bool
    direct: bool = True
    surely: bool = True
    among: tuple[str, ...] = ()


@dataclass(slots=True)
class _Scan:
    """One template on its way, with the parts it takes in."""

    templates: Mapping[str, str]
    found: dict[PaperRead, None] = field(default_factory=dict)
    refused: dict[NotFollowed, None] = field(default_factory=dict)
    #: Names the template gives to answers.
    called: dict[str, _Answers] = field(default_factory=dict)
    #: Names the template gives to texts; None: to something that is not known.
    words: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    blocks: list[_Block] = field(default_factory=list)
    #: The template that is read now, its text, and where in it the place that is looked at begins.
    _name: str = ""
    _text: str = ""
    _start: int = 0

    def read(self, name: str, depth: int = 0) -> None:
        """Go through one template."""
        around = self._name, self._text
        self._name, self._text = name, self.templates.get(name, "")
        for token in TOKEN.finditer(self._text):
            if token[1] is not None:
                self._start = token.start(1)
                self._names(token[1])
            elif token[2] is not None and token[2].strip():
                self._start = token.start(2) + len(token[2]) - len(token[2].lstrip())
                self._statement(token[2].rstrip("-+").strip(), depth)
        self._name, self._text = around

    def _statement(self, said: str, depth: int) -> None:
        word = said.split(None, 1)[0]
        if word in _CLOSES:
            if self.blocks and (block := self.blocks.pop()).word == "for":
                # What is given a name in a loop is forgotten behind it.
                self.called, self.words = block.called, block.words
        elif word in ("include", "extends"):
            self._take_in(said, depth)
        elif word == "for":
            self._loop(said)
        elif word == "set":
            self._set(said)
        elif word == "with":
            self._names(said)
            for name in re.findall(r"\b(\w++)\s*+=(?!=)", plain(said)):
                self._forget(name)
        elif word in ("if", "elif"):
            self._ask(word, said)
        elif word not in _KNOWN:
            self._refuse(0, STATEMENT, word)

    def _take_in(self, said: str, depth: int) -> None:
        if (part := _PART.fullmatch(said)) is None:
            self._refuse(0, COMPUTED, said)
        elif depth < _DEPTH:
            self.read(part[1], depth + 1)

    def _ask(self, word: str, said: str) -> None:
        facts = self._names(said, asking=True)
        if word == "if":
            self.blocks.append(_Block("if", facts, self.called, self.words))
        elif self.blocks:
            self.blocks[-1].asked |= facts

    def _loop(self, said: str) -> None:
        parts = _FOR.fullmatch(said)
        if parts is None:
            self.blocks.append(_Block("for", self._names(said), dict(self.called), dict(self.words)))
            return
        self._start += parts.start(2)
        facts = self._names(parts[2])
        self.blocks.append(_Block("for", facts, dict(self.called), dict(self.words)))
        names = re.findall(r"\w+", parts[1])
        for name, texts in zip(names, texts_listed(parts[2], len(names)), strict=True):
            self._forget(name)
            self.words[name] = texts

    def _set(self, said: str) -> None:
        given = _SET.fullmatch(said)
        if given is None:
            for name in re.findall(r"\w+", said)[1:2]:
                self._forget(name)
            return
        self._start += given.start(2)
        names = re.findall(r"\w+", given[1])
        texts = texts_chosen(given[2])
        answers = self._alias(plain(given[2])) if len(names) == 1 else None
        self._names(given[2], alias=answers is not None)
        # Within a block it may be left out, and the name means what it meant before.
        maybe = any(block.word == "if" for block in self.blocks)
        for name in names:
            before, before_texts = self.called.get(name), self.words.get(name, ())
            self._forget(name)
            if maybe and before is not None:
                forms = (
                    before.forms if answers is None else tuple(dict.fromkeys((*before.forms, *answers.forms)))
                )
                self.called[name] = _Answers(forms, before.surely and answers is not None and answers.surely)
            elif answers is not None:
                self.called[name] = answers
            if texts is not None and (not maybe or before_texts is not None):
                self.words[name] = tuple(dict.fromkeys((*(before_texts or ()), *texts))) if maybe else texts

    def _forget(self, name: str) -> None:
        self.called.pop(name, None)
        self.words[name] = None

    def _alias(self, written: str) -> _Answers | None:
        """Return the answers a name is given to; None where it is given to something else."""
        forms: list[tuple[str, bool]] = []
        surely = True
        for match in PATH.finditer(written):
            root, rest = match[1], _parts(match[2])
            if only_asked(written, match.start(), match.end()):
                continue
            if root in _FORMS and len(rest) == 1:
                forms.append((rest[0], root == EARLIER))
            elif root in self.called and not rest:
                forms += self.called[root].forms
                surely = surely and self.called[root].surely
        if not forms or not names_alone(written):
            return None
        alone = _FORM_ALONE.fullmatch(written) is not None or written.strip() in self.called
        return _Answers(tuple(dict.fromkeys(forms)), surely and alone)

    def _names(self, written: str, *, asking: bool = False, alias: bool = False) -> frozenset[Fact]:
        """Note what one place reads; return it. `asking`: it is the condition of a block; `alias`: a name is given to answers."""
        if not _ROOTS.search(written) and not (
            self.called and any(name in self.called for name in re.findall(r"\w+", written))
        ):
            return frozenset()
        bare = plain(written)
        groups = [one for one in groups_with_a_name(bare) if names_alone(bare[one[0] : one[1]])]
        reads: list[_NameRead] = []
        for match in PATH.finditer(bare):
            if match[1] not in _TRACKED and match[1] not in self.called:
                continue
            path = (match[1], *_parts(match[2]))
            if not match[2] and (
                _ARGUMENT.match(bare, match.end()) or _FILTER.search(bare, 0, match.start())
            ):
                # The name of an argument, a filter or a test.
                continue
            reads += self._of_path(bare, match.start(), match.end(), path, groups, asking=asking, alias=alias)
        facts = frozenset(one.fact for one in reads)
        around = frozenset[Fact]().union(*(block.asked for block in self.blocks))
        # A place that asks for a form, or for the same answer, in one of its parts may read it in another.
        asks = {(one.fact, one.field) for one in reads if one.without or not one.field}
        for one in reads:
            needed = one.surely and not (
                one.without or one.fact in around or (one.fact, one.field) in asks or (one.fact, "") in asks
            )
            line, column = self._place(one.at)
            read = PaperRead(
                self._name, line, column, one.fact, one.field, needed, one.direct, one.earlier, one.among
            )
            self.found[read] = None
        return facts

    def _of_path(
        self,
        bare: str,
        start: int,
        end: int,
        path: tuple[str, ...],
        groups: list[tuple[int, int, str]],
        *,
        asking: bool,
        alias: bool,
    ) -> Iterator[_NameRead]:
        """Yield what a name reads; refuse what nobody can follow."""
        meant = list(self._meant(start, path, _WITHOUT.match(bare, end) is not None))
        after = bare[end:].lstrip()
        if not self._holds_names(path):
            yield from meant
            return
        if after.startswith("["):
            subscript = _SUBSCRIPT.match(bare, end)
            texts = self.words.get(subscript[1]) if subscript is not None else None
            if subscript is None or texts is None:
                self._refuse(start, COMPUTED, ".".join(path))
                return
            for text in texts:
                yield from self._of_path(
                    bare,
                    start,
                    subscript.end(),
                    (*path, text, *_parts(subscript[2])),
                    groups,
                    asking=asking,
                    alias=alias,
                )
            return
        yield from meant
        group = next((one for one in groups if one[0] < start and end <= one[1]), None)
        if after.startswith("."):
            self._refuse(start, WHOLE, ".".join(path))
        elif only_asked(bare, start, end) or (asking and not _FILTERED.match(after)):
            return
        elif group is not None:
            among = [one for one in meant if one.fact[0] == "forms"]
            for one in among:
                yield _NameRead(start, one.fact, group[2], True, one.earlier, direct=False, surely=False)
            if not among:
                self._refuse(start, WHOLE, ".".join(path))
        elif not alias:
            self._refuse(start, WHOLE, ".".join(path))

    def _holds_names(self, path: tuple[str, ...]) -> bool:
        """Tell whether what a name reads holds answers, facts or parties by their names."""
        root, rest = path[0], path[1:]
        if root in _FORMS:
            return len(rest) < 2
        if root in self.called:
            return not rest
        return (root == "case" and (not rest or rest == ("fields",))) or (root == "parties" and not rest)

    def _meant(self, at: int, path: tuple[str, ...], without: bool) -> Iterator[_NameRead]:
        root, rest = path[0], path[1:]
        asked = rest[0] if rest else ""
        if root in self.called:
            answers = self.called[root]
            among = tuple(form for form, _ in answers.forms) if len(answers.forms) > 1 else ()
            for form, earlier in answers.forms:
                yield _NameRead(at, ("forms", form), asked, without, earlier, False, answers.surely, among)
        elif root in _FORMS and rest:
            field = rest[1] if len(rest) > 1 else ""
            yield _NameRead(at, ("forms", rest[0]), field, without, root == EARLIER)
        elif root == "case" and len(rest) > 1 and rest[0] == "fields":
            yield _NameRead(at, ("case", rest[1]), rest[1], without, earlier=False)
        elif root == "parties" and rest:
            yield _NameRead(at, ("parties", rest[0]), rest[0], without, earlier=False)

    def _place(self, at: int) -> tuple[int, int]:
        place = self._start + at
        return self._text.count("\n", 0, place) + 1, place - self._text.rfind("\n", 0, place)

    def _refuse(self, at: int, why: str, written: str) -> None:
        self.refused[NotFollowed(self._name, *self._place(at), why, written.replace(EARLIER, "shown"))] = None


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in dotted.split(".")[1:])


def scan_of(name: str, templates: Mapping[str, str]) -> tuple[tuple[PaperRead, ...], tuple[NotFollowed, ...]]:
    """Return what a template reads, with the parts it takes in, in the order written; and what it does that nobody can follow."""
    scan = _Scan(templates)
    scan.read(name)
    return tuple(scan.found), tuple(scan.refused)


def reads_of(name: str, templates: Mapping[str, str]) -> tuple[PaperRead, ...]:
    """Return what a template reads, with the parts it takes in, in the order written."""
    return scan_of(name, templates)[0]
