"""A table of articles -> `ArticleTable`; and every basis of a file held against it."""

from __future__ import annotations

from engine.definition import keywords
from engine.definition.reader.citations import Citation, citations
from engine.definition.reader.diagnostics import Diagnostics
from engine.language import say
from engine.lifecycle.model.articles import Article, ArticleTable, Law, LawMark
from engine.yamltext.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.yamltext.problem import Problem, Severity

#: How the key of a basis is written.
_BASIS = ("basis", *keywords.KEYS["basis"])


def read_articles(file: str, text: str, node: MappingNode) -> tuple[ArticleTable | None, tuple[Problem, ...]]:
    """Read a table of articles; all its problems at once. None where it has errors."""
    diagnostics = Diagnostics(file, text)
    part = diagnostics.open(node, "articles")
    if part is None:
        return None, tuple(diagnostics.problems)
    laws = []
    taken: dict[str, str] = {}
    for name, key, value in diagnostics.entries(part.value("laws")):
        law = _law(diagnostics, name, value)
        if law is None:
            continue
        for called in (law.title, *law.short):
            if called in taken:
                message = say("名称“{name}”已是“{other}”的", name=called, other=taken[called])
                diagnostics.report("duplicate-name", key, message)
            taken.setdefault(called, law.title)
        laws.append(law)
    table = ArticleTable(diagnostics.read_name(part.value("articles"), of_file=True) or "", tuple(laws))
    sound = not any(problem.severity is Severity.ERROR for problem in diagnostics.problems)
    return (table if sound else None), tuple(diagnostics.problems)


def _law(diagnostics: Diagnostics, name: str, node: Node) -> Law | None:
    part = diagnostics.open(node, "law")
    title = diagnostics.read_text(part.value("title")) if part is not None else None
    if part is None or not title:
        return None
    articles = {}
    for number, _, value in diagnostics.entries(part.value("articles"), names=False):
        article = _article(diagnostics, value)
        if article is not None:
            articles[number] = article
    return Law(
        id=name,
        title=title,
        title_en=diagnostics.read_text(part.value("title_en")),
        short=tuple(
            item.text for item in diagnostics.one_or_many(part.value("short")) if isinstance(item, ScalarNode)
        ),
        edition=diagnostics.read_text(part.value("edition")),
        mark=LawMark(diagnostics.read_word(part.value("mark"), keywords.LAW_MARKS) or LawMark.LAW),
        articles=articles,
    )


def _article(diagnostics: Diagnostics, node: Node) -> Article | None:
    part = diagnostics.open(node, "article")
    title = diagnostics.read_text(part.value("title")) if part is not None else None
    if part is None or not title:
        return None
    return Article(
        title=title,
        title_en=diagnostics.read_text(part.value("title_en")),
        words=diagnostics.read_text(part.value("words")),
    )


def check_citations(
    file: str,
    text: str,
    root: Node,
    table: ArticleTable,
    read: dict[str, tuple[Citation, ...]] | None = None,
) -> tuple[Problem, ...]:
    """Return a problem for every basis in a file that cites what the table does not have.

    `read` keeps what a text cites: the same few are written again and again.
    """
    diagnostics = Diagnostics(file, text)
    read = {} if read is None else read
    for node in _bases(root):
        if node.text not in read:
            read[node.text] = tuple(citations(node.text, table))
        for citation in read[node.text]:
            if citation.law is None:
                diagnostics.report(
                    "unknown-article",
                    node,
                    say("条文表里没有《{name}》", name=citation.name),
                    say("请核对全称；确有的，在条文表（articles.yaml）里写明它的全称、版本和所引的条文"),
                )
                break
            if not citation.known:
                message = say(
                    "条文表里没有《{name}》的“{article}”", name=citation.name, article=citation.article or ""
                )
                hint = say(
                    "请核对条号；确有的，在条文表里写明它的内容。表里有：{known}",
                    known=tuple(citation.law.articles),
                )
                diagnostics.report("unknown-article", node, message, hint)
    return tuple(sorted(diagnostics.problems, key=lambda one: (one.line, one.column)))


def _bases(root: Node) -> list[ScalarNode]:
    """Return every value written at a key ``basis``, at any depth, in no order."""
    found: list[ScalarNode] = []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if type(node) is MappingNode:
            for key, value in node.entries:
                if type(value) is not ScalarNode:
                    waiting.append(value)
                elif type(key) is ScalarNode and key.text in _BASIS:
                    found.append(value)
        elif type(node) is SequenceNode:
            waiting += [item for item in node.items if type(item) is not ScalarNode]
    return found
