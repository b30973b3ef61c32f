"""What a cited article is to a paper: what empowers, what is owed, and by what a breach is ordered to be put right.

A basis as items, check rows and lists of problems write it names articles of all kinds. A file beside the templates says of each
article of the law which it is, so that each is printed at its place whoever the firm is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.definition.reader.citations import article_numbers
from engine.documents.template_folder import Folder, TextFolder, content_of
from engine.kernel.budget import BudgetExceededError
from engine.language import Message, say
from engine.lifecycle.model.articles import with_title_marks
from engine.yamltext.nodes import MappingNode, Node, SequenceNode
from engine.yamltext.plain import plain_value
from engine.yamltext.problem import as_text
from engine.yamltext.source import read_source

#: The file of a folder of templates.
NAME = "duties.yaml"
_KEYS = {"powers", "cooperation", "duties"}
_DUTY_KEYS = {"breach", "order", "otherwise", "refer"}
_NAMED = re.compile(
    r"^(?:[^《》]*《(?P<marked>[^《》]+)》|(?P<plain>[^《》（）\s第]+))(?:（[^）]*）)?\s*(?P<articles>第[零〇一二三四五六七八九十百]+条.*)$"
)
_DIGITS = "零一二三四五六七八九"
#: Where an article of a law begins; what has none behind a comma belongs to the article before it.
_NEXT = re.compile(r"[、，,和及与]\s*(?=第[零〇一二三四五六七八九十百\d]+条)")
#: Where another law begins: behind a semicolon, or before a title in its marks.
_LAWS = re.compile(r"[；;]|[，,、和及与]\s*(?=《)")


class DutyFileError(ValueError):
    """A file of duties that cannot be read; `message` says where and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Cited:
    """One article as it is cited, or several of a range; `law` is empty for a text that cites none."""

    law: str
    numbers: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """What the law has for a breach: by what putting right is ordered, by what is dealt with whoever does not, who else acts."""

    order: str = ""
    otherwise: str = ""
    refer: str = ""


@dataclass(frozen=True, slots=True)
class Duties:
    """What each article is: (law, number) of what empowers; of what is owed, with its answer; of a power, with the duty to assist it."""

    powers: frozenset[tuple[str, str]] = frozenset()
    answers: Mapping[tuple[str, str], Consequence] = field(default_factory=dict)
    assisting: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def owed(self, basis: str) -> str:
        """Return a basis as papers print it without what empowers; where nothing is left, nothing was cited that can be breached."""
        return printed(self._owed(basis))

    def breached(self, basis: str) -> str:
        """Return the article a firm has breached by the basis of a check: where a law has one duty in it; empty where it has none, or several.

        Of several duties nobody but who inspected can say which was breached: some bind not every firm. `owed` prints what an officer
        wrote as it is; this is for what nobody wrote as what was breached.
        """
        owed = [one for one in self._owed(basis) if one.law]
        return printed(owed) if len({key for one in owed for key in _keys(one)}) == 1 else ""

    def empowering(self, basis: str) -> str:
        """Return of a basis what empowers, as papers print it."""
        return printed(one for one in cited(basis) if self._is_power(one))

    def order(self, bases: Iterable[str]) -> str:
        """Return by what putting right these breaches is ordered, each article once; empty where none is known."""
        return _together(answer.order for answer in self._answers(bases))

    def otherwise(self, bases: Iterable[str]) -> str:
        """Return by what is dealt with whoever does not put these breaches right: where nothing more is said, the order's own."""
        return _together(answer.otherwise or answer.order for answer in self._answers(bases))

    def elsewhere(self, bases: Iterable[str]) -> list[str]:
        """Return which other authorities act on these breaches."""
        return list(dict.fromkeys(answer.refer for answer in self._answers(bases) if answer.refer))

    def assistance(self, bases: Iterable[str]) -> str:
        """Return by what a firm has to assist an inspection on these bases."""
        return _together(
            self.assisting[key]
            for basis in bases
            for one in cited(basis)
            for key in _keys(one)
            if key in self.assisting
        )

    def _answers(self, bases: Iterable[str]) -> Iterator[Consequence]:
        for basis in bases:
            for one in cited(basis):
                yield from (self.answers[key] for key in _keys(one) if key in self.answers)

    def _owed(self, basis: str) -> Iterator[Cited]:
        """Yield what a basis cites without what empowers; a range is parted where articles in it do."""
        for one in cited(basis):
            owed = [number for number in one.numbers if (one.law, number) not in self.powers]
            if len(owed) == len(one.numbers):
                yield one
                continue
            for first, last in _runs(int(number) for number in owed if number.isdigit()):
                text = f"第{_in_words(first)}条" + (f"至第{_in_words(last)}条" if last > first else "")
                yield Cited(one.law, tuple(str(each) for each in range(first, last + 1)), text)

    def _is_power(self, one: Cited) -> bool:
        keys = _keys(one)
        return bool(keys) and self.powers.issuperset(keys)


def cited(basis: str) -> tuple[Cited, ...]:
    """Return what a basis cites, in the order written; text that names no article is one entry of its own."""
    found: list[Cited] = []
    for piece in _LAWS.split(basis):
        named = _NAMED.match(piece.strip())
        if named is None:
            found += [Cited("", (), piece.strip())] if piece.strip() else []
            continue
        law = (named["marked"] or named["plain"]).removeprefix("中华人民共和国")
        texts = _NEXT.split(named["articles"].strip())
        found += [Cited(law, tuple(article_numbers(text)), text) for text in texts]
    return tuple(found)


def printed(articles: Iterable[Cited], between: str = "；") -> str:
    """Return articles as papers print them: those of one law together, each once; `between` two laws, inside a sentence another mark."""
    by_law: dict[str, dict[str, None]] = {}
    for one in articles:
        # What cites no law is kept apart under its own words.
        by_law.setdefault(one.law or f"；{one.text}", {})[one.text] = None
    return between.join(
        with_title_marks(next(iter(texts))) if law.startswith("；") else f"《{law}》{'、'.join(texts)}"
        for law, texts in by_law.items()
    )


def read_duties(folders: Sequence[Folder]) -> Duties:
    """Return what the first of some folders of templates that has such a file says; of none, nothing. Raises DutyFileError."""
    for folder in folders:
        try:
            content = content_of(folder, NAME)
        except BudgetExceededError as problem:
            raise DutyFileError(problem.message) from None
        if content is not None:
            return duties_of(NAME if isinstance(folder, TextFolder) else str(folder / NAME), content)
    return Duties()


def duties_of(file: str, content: bytes) -> Duties:
    """Read a file of duties. Raises DutyFileError, with the place, for what cannot be understood."""
    source = read_source(file, content)
    if source.problems:
        raise DutyFileError(say("{problems}", problems=as_text(source.problems, {file: source.text})))
    top = _mapping(file, source.root, _KEYS)
    answers: dict[tuple[str, str], Consequence] = {}
    for node in _list(file, top.get("duties")):
        said = _texts(file, node, _DUTY_KEYS)
        answer = Consequence(said.get("order", ""), said.get("otherwise", ""), said.get("refer", ""))
        for key in _articles(file, node, said.get("breach", "")):
            if key in answers:
                message = say(
                    "{file}:{line}：《{law}》第 {number} 条已经写过",
                    file=file,
                    line=node.line,
                    law=key[0],
                    number=key[1],
                )
                raise DutyFileError(message)
            answers[key] = answer
    assisting = {
        key: said.get("assistance", "")
        for node in _list(file, top.get("cooperation"))
        for said in (_texts(file, node, {"power", "assistance"}),)
        for key in _articles(file, node, said.get("power", ""))
    }
    powers = {
        key
        for node in _list(file, top.get("powers"))
        for key in _articles(file, node, str(plain_value(node) or ""))
    }
    return Duties(frozenset(powers), answers, assisting)


def _together(bases: Iterable[str]) -> str:
    """Return what several bases cite as a sentence of a paper prints it: articles of one law in their order, no part of one that is cited whole."""
    found = [one for basis in bases for one in cited(basis)]
    whole = {(one.law, one.numbers) for one in found if one.text.endswith("条")}
    kept = [
        one for one in found if one.text.endswith("条") or (one.law, one.numbers) not in whole or not one.law
    ]
    in_order = sorted(kept, key=lambda one: [int(part) for part in one.numbers[:1] if part.isdigit()])
    return printed(in_order, "、")


def _runs(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of numbers that follow each other."""
    run: tuple[int, int] | None = None
    for number in numbers:
        if run is not None and number == run[1] + 1:
            run = (run[0], number)
            continue
        if run is not None:
            yield run
        run = (number, number)
    if run is not None:
        yield run


def _in_words(number: int) -> str:
    """Return a number below a thousand as articles are numbered: 34 -> 三十四, 105 -> 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _keys(one: Cited) -> list[tuple[str, str]]:
    return [(one.law, number) for number in one.numbers]


def _articles(file: str, node: Node, basis: str) -> list[tuple[str, str]]:
    found = [key for one in cited(basis) for key in _keys(one)]
    if not found or any(not one.law for one in cited(basis)):
        message = say(
            "{file}:{line}：此处应写法规全称和条号，如 {example}，实为“{seen}”",
            file=file,
            line=node.line,
            example="劳动合同法 第四条",
            seen=basis,
        )
        raise DutyFileError(message)
    return found


def _mapping(file: str, node: Node | None, known: set[str]) -> dict[str, Node]:
    if not isinstance(node, MappingNode):
        line = node.line if node is not None else 1
        raise DutyFileError(say("{file}:{line}：此处应是一组“键: 值”", file=file, line=line))
    found = {key.text: value for key, value in node.texts()}
    if unknown := sorted(found.keys() - known):
        message = say(
            "{file}:{line}：此处没有“{key}”这个键；可用：{keys}",
            file=file,
            line=node.line,
            key=unknown[0],
            keys=sorted(known),
        )
        raise DutyFileError(message)
    return found


def _texts(file: str, node: Node, known: set[str]) -> dict[str, str]:
    return {key: str(plain_value(value)) for key, value in _mapping(file, node, known).items()}


def _list(file: str, node: Node | None) -> Sequence[Node]:
    if node is None:
        return ()
    if not isinstance(node, SequenceNode):
        raise DutyFileError(say("{file}:{line}：此处应是一个列表", file=file, line=node.line))
    return node.items
