"""Reads the HTML a template made into the blocks of a paper.

Templates use a small part of HTML, written down in ``docs/howto/write-papers.md``. What is outside it has no counterpart
in Word and PDF and is refused by name and line, so that nothing is left out of a paper in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.documents.paper.blocks import (
    Block,
    Code,
    Heading,
    Inline,
    Items,
    LineBreak,
    Look,
    Paper,
    Paragraph,
    Role,
    Run,
    Seal,
    Signatures,
    Title,
)
from engine.documents.paper.lines import closed_line, inline_parts, read_lines
from engine.documents.paper.table_reading import read_table
from engine.documents.paper.tree import Element, PaperError, collapsed, read_tree
from engine.kernel.did_you_mean import did_you_mean
from engine.language import say

#: Class of a paragraph -> what it is. A paragraph of two classes is what comes first here.
_ROLES = {
    "head": Role.HEAD,
    "foot": Role.FOOT,
    "number": Role.NUMBER,
    "right": Role.RIGHT,
    "flat": Role.FLAT,
}
#: Tags a template may use in its body, and the classes of each.
USABLE: dict[str, frozenset[str]] = {
    "body": frozenset({"dense", "official"}),
    "h1": frozenset(),
    "h2": frozenset({"page"}),
    "small": frozenset(),
    "p": frozenset(_ROLES),
    "br": frozenset(),
    "strong": frozenset(),
    "b": frozenset(),
    "span": frozenset({"line", "short", "box", "hex", "opt"}),
    "div": frozenset({"sign", "seal", "qr", "digest", "small"}),
    "ol": frozenset(),
    "ul": frozenset(),
    "li": frozenset(),
    "table": frozenset(),
    "thead": frozenset(),
    "tbody": frozenset(),
    "tr": frozenset({"tall"}),
    "th": frozenset({"tall", "wide"}),
    "td": frozenset({"c", "hand", "tall", "wide"}),
    "svg": frozenset({"segno"}),
}
#: Digests are printed in groups of this many columns.
_GROUPS = 4


def read_paper(html: str) -> Paper:
    """Return the paper of a rendered template. Raises PaperError for what Word and PDF have no counterpart of."""
    whole = read_tree(html)
    body = whole.found("body")
    if body is None:
        raise PaperError(say("文书没有 <body>。请对照随产品提供的模板改正。"))
    _check(body)
    named = whole.found("title")
    root = whole.found("html")
    blocks: list[Block] = []
    for child in _blocks(body):
        blocks.extend([read_table(child)] if child.tag == "table" else _block(child))
    named_at = [number for number, block in enumerate(blocks) if isinstance(block, Title)]
    if len(named_at) != 1 or not all(map(_goes_first, blocks[: named_at[0]])):
        raise PaperError(
            say("文书要以一个 <h1> 开头，写明文书名称，并且只有这一个；它上面只能有发文机关和文号。")
        )
    return Paper(
        title=named.text() if named else "",
        language=(root.attributes.get("lang") if root else None) or "zh-CN",
        blocks=tuple(blocks),
        look=next((look for look in Look if look.value in body.classes), Look.PLAIN),
    )


def _goes_first(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.role in (Role.HEAD, Role.NUMBER)


def _check(element: Element) -> None:
    for child in element.elements():
        known = USABLE.get(child.tag)
        if known is None:
            raise PaperError(
                say(
                    "文书第 {line} 行的标签 <{tag}> 不能写成 Word 或 PDF。可以用：{known}。",
                    line=child.line,
                    tag=child.tag,
                    known=sorted(USABLE),
                )
            )
        for name in sorted(child.classes - known):
            hint = did_you_mean(name, known)
            raise PaperError(
                say(
                    "文书第 {line} 行的 <{tag}> 用了样式“{name}”，Word 和 PDF 里没有。{hint}",
                    line=child.line,
                    tag=child.tag,
                    name=name,
                    hint=hint or "",
                )
            )
        if child.tag != "svg":
            if child.attributes.get("style"):
                raise PaperError(
                    say(
                        "文书第 {line} 行的 <{tag}> 写了 style。请改用 class，各种格式才会一样。",
                        line=child.line,
                        tag=child.tag,
                    )
                )
            _check(child)


def _blocks(body: Element) -> Iterator[Element]:
    for child in body.children:
        if isinstance(child, Element):
            yield child
        elif child.strip():
            raise PaperError(
                say("文书里“{text}”不在任何段落里。请放进 <p>。", text=collapsed(child).strip()[:20])
            )


def _block(element: Element) -> Iterable[Block]:
    match element.tag:
        case "h1":
            over = [child for child in element.elements() if child.tag == "small"]
            rest = Element("h1", element.line, {}, [c for c in element.children if c not in over])
            above = tuple(part for child in over for part in inline_parts(child))
            yield Title(closed_line(inline_parts(rest)), closed_line(above))
        case "h2":
            yield Heading(closed_line(inline_parts(element)), page="page" in element.classes)
        case "p":
            role = next((role for name, role in _ROLES.items() if name in element.classes), Role.BODY)
            line = closed_line(inline_parts(element))
            if line:
                yield Paragraph(line, role)
        case "ol" | "ul":
            items = tuple(
                closed_line(inline_parts(child)) for child in element.elements() if child.tag == "li"
            )
            if items:
                yield Items(items, ordered=element.tag == "ol")
        case "div":
            yield _group(element)
        case other:
            raise PaperError(
                say(
                    "文书第 {line} 行的 <{tag}> 不能直接放在正文里。请放进段落、表格或列表。",
                    line=element.line,
                    tag=other,
                )
            )


def _group(element: Element) -> Block:
    if "sign" in element.classes:
        return Signatures(read_lines(element))
    if "seal" in element.classes:
        return Seal(read_lines(element))
    if "qr" in element.classes:
        drawn = element.found("svg")
        said = drawn.found("desc") if drawn else None
        if drawn is None or said is None:
            raise PaperError(say("文书第 {line} 行的二维码没有内容。请用 qr 这个值。", line=element.line))
        named = drawn.found("title")
        rest = Element("div", element.line, {}, [c for c in element.children if c is not drawn])
        return Code(said.text(), named.text() if named else "", read_lines(rest))
    if "digest" in element.classes:
        groups = [child.text() for child in element.elements() if child.tag == "span"]
        parts: list[Inline] = []
        for number, group in enumerate(groups):
            if number:
                parts.append(Run(" ", mono=True) if number % _GROUPS else LineBreak())
            parts.append(Run(group, mono=True))
        return Paragraph(tuple(parts), Role.DIGEST)
    raise PaperError(
        say(
            "文书第 {line} 行的 <div> 没有写明是什么。可以用的 class：{known}。",
            line=element.line,
            known=sorted(USABLE["div"]),
        )
    )
