"""A file of paper tests -> values: for each template what its paper must say and where, and the made-up case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.language import Message, say
from engine.yamltext.nodes import MappingNode, Node, ScalarNode
from engine.yamltext.plain import plain_value
from engine.yamltext.problem import as_text
from engine.yamltext.source import read_source

#: The folder beside the templates' folder in which they stand, and the name of the file.
FOLDER, NAME = "tests", "papers.yaml"


class Place(StrEnum):
    """The places on a paper."""

    TITLE = "title"
    NUMBER = "number"
    ADDRESSEE = "to"
    BODY = "body"
    SEAL = "seal"
    SIGNATURES = "signatures"
    FOOT = "foot"
    CODE = "code"

    @property
    def words(self) -> Message:
        """Return the place in words."""
        return {
            Place.TITLE: say("标题"),
            Place.NUMBER: say("文号"),
            Place.ADDRESSEE: say("主送"),
            Place.BODY: say("正文"),
            Place.SEAL: say("落款"),
            Place.SIGNATURES: say("签名处"),
            Place.FOOT: say("页脚"),
            Place.CODE: say("二维码"),
        }[self]


@dataclass(frozen=True, slots=True)
class ObligatoryPart:
    """One obligatory part: every one of `texts` is in one of the places; `basis` is what asks for it."""

    name: str
    line: int
    texts: tuple[tuple[Place, tuple[str, ...]], ...]
    basis: str = ""


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper: its template, the process whose case it is made of, its obligatory parts, other answers."""

    template: str
    line: int
    workflow: str
    parts: tuple[ObligatoryPart, ...]
    answers: Mapping[str, Any]
    papers: tuple[str, ...] = ()
    #: Papers of the made-up case that were made void after they were served.
    void: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaperTests:
    """All kinds, what no paper may say, and the made-up case."""

    file: str
    kinds: Mapping[str, PaperKind]
    never: tuple[str, ...]
    day: date
    example: Mapping[str, Any]


class PaperTestError(ValueError):
    """A file of paper tests that cannot be read; `message` says where and why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def find_paper_tests(folders: tuple[Path, ...]) -> PaperTests | None:
    """Return the paper tests of the first of some folders of forms that has them. Raises PaperTestError."""
    for folder in folders:
        file = folder / FOLDER / NAME
        if file.is_file():
            return _read_once(file, file.stat().st_mtime_ns)
    return None


@lru_cache(maxsize=4)
def _read_once(file: Path, _stamp: int) -> PaperTests:
    try:
        return read_paper_tests(str(file), read_file(file, TEXT, ""))
    except BudgetExceededError as problem:
        raise PaperTestError(problem.message) from None


def read_paper_tests(file: str, content: bytes) -> PaperTests:
    """Read a file of paper tests. Raises PaperTestError, with the place, for what cannot be understood."""
    source = read_source(file, content)
    root = source.root
    if source.problems:
        raise PaperTestError(say("{problems}", problems=as_text(source.problems, {file: source.text})))
    top = _keys(file, root, {"papers", "never", "example", "kinds"})
    if "kinds" not in top or "example" not in top:
        raise PaperTestError(say("{file}：请写 kinds（文书）和 example（样例）", file=file))
    kinds = {
        name.text: _kind(file, name.text, node, name.line) for name, node in _entries(file, top["kinds"])
    }
    example = _values(file, top["example"])
    try:
        day = date.fromisoformat(str(example["day"]))
    except (KeyError, ValueError):
        raise PaperTestError(
            say("{file}:{line}：example 里的 day 应是日期", file=file, line=top["example"].line)
        ) from None
    never = _texts(file, top["never"]) if "never" in top else ()
    return PaperTests(file, kinds, never, day, example)


def _kind(file: str, template: str, node: Node, line: int) -> PaperKind:
    keys = _keys(file, node, {"workflow", "parts", "answers", "papers", "void"})
    workflow = plain_value(keys["workflow"]) if "workflow" in keys else None
    if workflow is None or "parts" not in keys:
        raise PaperTestError(
            say("{file}:{line}：文书“{kind}”请写 workflow 和 parts", file=file, line=line, kind=template)
        )
    parts = tuple(_part(file, name, value) for name, value in _entries(file, keys["parts"]))
    answers = _values(file, keys["answers"]) if "answers" in keys else {}
    papers = _texts(file, keys["papers"]) if "papers" in keys else ()
    void = _texts(file, keys["void"]) if "void" in keys else ()
    return PaperKind(template, line, str(workflow), parts, answers, papers, void)


def _part(file: str, name: ScalarNode, node: Node) -> ObligatoryPart:
    texts: list[tuple[Place, tuple[str, ...]]] = []
    basis = ""
    for key, value in _keys(file, node, {"basis", *(place.value for place in Place)}).items():
        found = _texts(file, value)
        if key == "basis":
            basis = "、".join(found)
        else:
            texts.append((Place(key), found))
    return ObligatoryPart(name.text, name.line, tuple(texts), basis)


def _values(file: str, node: Node) -> Mapping[str, Any]:
    _entries(file, node)
    found: Mapping[str, Any] = plain_value(node)
    return found


def _texts(file: str, node: Node) -> tuple[str, ...]:
    """Return one text, or the texts of a list."""
    plain = plain_value(node)
    texts = plain if isinstance(plain, list) else [plain]
    if any(one is None or isinstance(one, (list, Mapping)) for one in texts):
        raise PaperTestError(
            say("{file}:{line}：此处应是一段文字，或几段文字的列表", file=file, line=node.line)
        )
    return tuple(map(str, texts))


def _entries(file: str, node: Node | None) -> list[tuple[ScalarNode, Node]]:
    if not isinstance(node, MappingNode):
        line = node.line if node is not None else 1
        raise PaperTestError(say("{file}:{line}：此处应是一组“键: 值”", file=file, line=line))
    return list(node.texts())


def _keys(file: str, node: Node | None, known: set[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for key, value in _entries(file, node):
        if key.text not in known:
            raise PaperTestError(
                say(
                    "{file}:{line}：此处没有“{key}”这个键；可用：{keys}",
                    file=file,
                    line=key.line,
                    key=key.text,
                    keys=sorted(known),
                )
            )
        found[key.text] = value
    return found
