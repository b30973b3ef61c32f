"""Texts are filled at one place: nothing else of the product formats a text it does not hold itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import engine

ROOT = Path(engine.__file__).parent

#: Reads attributes, indexes, conversions and widths of whatever text it is given.
FORMATTING = {"format", "format_map", "vformat", "safe_substitute", "substitute", "from_string"}
#: Names by which the standard library and Jinja2 hand out a formatter of texts.
FORMATTERS = {"Formatter", "Template"}
#: Calls that take one of these words for something else.
OTHERWISE = {
    "super().format(record)": "the formatter of the log hands over a record",
}
#: Left sides of ``%`` that are numbers.
NUMBERS = {
    "at", "count", "digest", "look", "number", "place", "row", "self.every", "self.first", "total", "variant", "n", "seconds",
    "abs(hundredths)", "number_of(case)", "hundredths", "x", "tens",
}  # fmt: skip


#: What stands in the text of every module that formats one: a word, a sign, or a place with a format in a text.
SIGNS = re.compile(rf"{'|'.join(sorted(FORMATTING | FORMATTERS))}|%|:\{{")
#: The kinds of nodes that format.
KINDS = (ast.Call, ast.Attribute, ast.ImportFrom, ast.BinOp, ast.FormattedValue)


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if SIGNS.search(source):
            yield path.relative_to(ROOT).as_posix(), ast.parse(source)


def formatted(tree: ast.Module) -> Iterator[str]:
    """Yield every expression that formats a text which does not stand where it is formatted."""
    for node in ast.walk(tree):
        if not isinstance(node, KINDS):
            continue
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr=word)) if (
                word in FORMATTING
            ):
                continue
            case ast.Call(func=ast.Attribute(value=ast.Name(id="acts"), attr="substitute")):
                continue  # the act of a draw, not the method of `string.Template`
            case ast.Call(func=ast.Attribute(attr=word)) if word in FORMATTING:
                yield ast.unparse(node)
            case ast.Attribute(value=ast.Name(id="str"), attr=word) if word in FORMATTING:
                yield ast.unparse(node)
            case ast.ImportFrom(module="string", names=names) if {one.name for one in names} & FORMATTERS:
                yield ast.unparse(node)
            case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
                continue
            case ast.BinOp(left=left, op=ast.Mod()) if not is_number(left):
                yield ast.unparse(node)
            case ast.Call(func=ast.Name(id="format"), args=[_, spec]) if not isinstance(spec, ast.Constant):
                yield ast.unparse(node)
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=parts)) if not all(
                isinstance(part, ast.Constant) for part in parts
            ):
                yield ast.unparse(node)


def is_number(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=int()):
            return True
        case ast.BinOp(left=left, right=right):
            return not any(
                isinstance(one, ast.Constant) and isinstance(one.value, str) for one in (left, right)
            )
        case ast.UnaryOp():
            return True
        case ast.Call(func=ast.Name(id="sum" | "len" | "int" | "abs" | "ord" | "hash_mod")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Name(id="int"), attr="from_bytes")):
            return True
    return ast.unparse(node) in NUMBERS


def test_nothing_else_formats_a_text_it_is_given() -> None:
    found = {f"{name}: {one}" for name, tree in trees() for one in formatted(tree) if one not in OTHERWISE}
    assert not found


def test_the_walk_sees_each_way() -> None:
    ways = [
        "text.format(a=1)", "text.format_map(a)", "str.format(text, a)", "map(str.format, texts)", "text % value",
        "row['id'] % value", "Template(text).substitute(a=1)", "format(value, spec)", "f'{value:{spec}}'",
        "from string import Template", "from string import Formatter", "environment.from_string(text)",
        "Formatter().vformat(text, (), {})", "('%s' + text) % value", "self.text.format(**values)",
    ]  # fmt: skip
    for way in ways:
        assert SIGNS.search(way), way
        assert list(formatted(ast.parse(way))), way
    for sound in ("'{}'.format(a)", "'%s' % a", "f'{a:>9}'", "format(a, '>9')", "number % 7", "(a + b) % c"):
        assert not list(formatted(ast.parse(sound))), sound
