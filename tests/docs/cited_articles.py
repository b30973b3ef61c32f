"""Every citation of a shipped definition or template: the law by its full name, the article, the paragraph, and what is claimed of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from engine.definition.reader.citations import citations
from engine.lifecycle.model.articles import ArticleTable
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.source import read_source

ROOT = Path(__file__).resolve().parents[2]
_NUMERAL = "[零〇一二三四五六七八九十百]+"
#: An article with what of it is cited: 第三十条第一款第三项.
_ARTICLE = re.compile(f"(第{_NUMERAL}条(?:之{_NUMERAL})?)((?:第{_NUMERAL}[款项])*)")
#: Articles one behind the other, as a text lists them: 第十一条第三项、第四项、第十二条; 第五条至第十二条.
_LISTED = f"第{_NUMERAL}条[第至条款项之、零〇一二三四五六七八九十百]*"
_MARKED = re.compile(f"《([^》]+)》(?:（[^）]*）)?({_LISTED})")
_TAGS = re.compile(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}")
#: What the claim of a basis is called by, the nearest first.
_CLAIMS = ("points", "else", "title")


@dataclass(frozen=True, slots=True)
class Cited:
    """One article as it is cited in one place. `part` is the paragraph and item, as written; `claim` is what rests on it."""

    file: str
    law: str
    article: str
    part: str
    claim: str


def cited_articles(table: ArticleTable) -> Iterator[Cited]:
    """Yield every citation of the shipped definitions, the made-up items, and the templates of papers."""
    definitions = [*(ROOT / "workflows").glob("*.yaml"), *(ROOT / "forms").glob("*.yaml")]
    for path in sorted([*definitions, ROOT / "engine/synthetic/samples/items.yaml"]):
        root = read_source(path.name, path.read_text("utf-8")).root
        for claim, basis in claims(root) if root is not None else ():
            yield from _of_basis(path.name, claim, basis, table)
    for path in sorted((ROOT / "forms/templates").iterdir()):
        for line in path.read_text("utf-8").split("\n") if path.suffix in (".html", ".txt") else ():
            for name, listed in _MARKED.findall(line):
                yield from _of_basis(path.name, _TAGS.sub("", line).strip(), f"{name} {listed}", table)


def cited_of_duties(table: ArticleTable) -> Iterator[Cited]:
    """Yield every article of the file of duties with what rests on it: the breach, the order, what follows when it is not obeyed."""
    path = ROOT / "forms/templates/duties.yaml"
    for row in yaml.safe_load(path.read_text("utf-8"))["duties"]:
        rests = {"breach": "违反", "order": f"责令改正（{row['breach']}）", "otherwise": "拒不改正"}
        for key, claim in rests.items():
            yield from _of_basis(path.name, claim, str(row.get(key, "")), table)
    for row in yaml.safe_load(path.read_text("utf-8"))["cooperation"]:
        for key in ("power", "assistance"):
            yield from _of_basis(path.name, "配合", row[key], table)


def claims(node: Node, title: str = "") -> Iterator[tuple[str, str]]:
    """Yield what has a basis, as its title, its points or the sentence of its refusal say it, and the basis."""
    if isinstance(node, MappingNode):
        own = _claim(node) or title
        basis = node.get("basis")
        if isinstance(basis, ScalarNode):
            yield own, basis.text
        for _, value in node.entries:
            yield from claims(value, own)
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from claims(item, title)


def _claim(node: MappingNode) -> str:
    """Return what a mapping claims: an item by its name and contents, steps that one person may not take both, or its title."""
    first, then = node.get("first"), node.get("then")
    if isinstance(first, SequenceNode) and isinstance(then, SequenceNode):
        steps = [one.text for one in (*first.items, *then.items) if isinstance(one, ScalarNode)]
        return f"不得由一人办：{'、'.join(steps)}"
    told = {
        key: value.text
        for key in (*_CLAIMS, "name", "content")
        if isinstance(value := node.get(key), ScalarNode)
    }
    if "content" in told:
        return f"{told.get('name', '')}：{told['content']}"
    return next((told[key] for key in _CLAIMS if key in told), "")


def _of_basis(file: str, claim: str, basis: str, table: ArticleTable) -> Iterator[Cited]:
    for piece in re.split("[；;]", basis):
        whole = list(citations(piece.strip(), table))
        if not whole or whole[0].law is None or whole[0].article is None:
            continue
        parts: dict[str, list[str]] = {}
        last = ""
        for token in piece.split("、"):
            found = _ARTICLE.search(token)
            if found:
                (one, *_) = citations(f"{whole[0].name} {found.group(1)}", table)
                last = one.article or ""
                parts.setdefault(last, []).append(found.group(2))
            elif token.startswith("第") and last:
                # 第三项 behind 第十一条第二项 is another item of the same article.
                before = re.sub(f"第{_NUMERAL}[款项]$", "", parts[last][-1])
                parts[last].append(before + token.strip())
        for one in whole:
            for part in parts.get(one.article or "", [""]):
                yield Cited(file, one.name, str(one.article), part, claim)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an article may be cited for: the matter, the paragraphs, words of it as read, and what a lawyer is asked."""

    about: str
    parts: tuple[str, ...] = ()
    words: str | None = None
    ask: str | None = None


@cache
def _table() -> dict[tuple[str, str], tuple[Entry, ...]]:
    kept = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))
    return {
        (law, str(number)): tuple(Entry(**{**one, "parts": tuple(one.get("parts", ()))}) for one in rows)
        for law, articles in kept.items()
        for number, rows in articles.items()
    }


def entries(law: str | None = None, number: str | None = None) -> Iterator[tuple[str, str, Entry]]:
    """Yield every entry with its law and article; of one article, where it is named."""
    for (title, article), rows in _table().items():
        if law in (None, title) and number in (None, article):
            for one in rows:
                yield title, article, one


def fitting(cited: Cited) -> list[Entry]:
    """Return the entries a citation fits: the matter is its claim's, and the paragraph, where it names one, is theirs."""
    return [
        entry
        for _, _, entry in entries(cited.law, cited.article)
        if re.search(entry.about, cited.claim) and (not cited.part or cited.part in entry.parts)
    ]
