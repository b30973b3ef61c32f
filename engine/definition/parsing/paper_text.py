"""Pieces of the templates of papers: their places, what is written without its texts, and where a value is only asked about."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

#: What is written between braces, texts in it whole: a brace in a text ends nothing.
_WITHIN = r"""(?:"(?:\\.|[^"\\])*+"|'(?:\\.|[^'\\])*+'|[^"'END]++|END(?!\}))*+"""
TOKEN = re.compile(
    rf"\{{\{{({_WITHIN.replace('END', chr(125))})\}}\}}|\{{%[-+]?({_WITHIN.replace('END', '%')})%\}}|\{{#.*?#\}}",
    re.DOTALL,
)
#: The root of ``shown["FORM"]``, not ``shown.FORM``: of a form, or an answer, cases of earlier versions have.
EARLIER = "earlier__"
_EARLIER = re.compile(r"""\b(?:shown|forms)\s*\[\s*["'](\w+)["']\s*\]""")
_SUBSCRIPT = re.compile(r"""\[\s*["'](\w+)["']\s*\]""")
_TEXT = re.compile(r'"(?:\\.|[^"\\])*"|' + r"'(?:\\.|[^'\\])*'", re.DOTALL)
PATH = re.compile(r"(?<![\w.])([a-z_]\w*)((?:\s*\.\s*\w+)*)(?!\w)(?!\s*\()")
#: A value in the place of one that may not be there.
DEFAULT = r"\|\s*(?:d|default)\b(?:\s*\((?:[^()]|\([^()]*\))*\))?"
_ASKED = re.compile(rf"\s*+\)*+\s*+(?:{DEFAULT})?\s*+is\b")
_NOT = re.compile(r"\bnot\s++\(*+\s*+$")
_CHOICE = re.compile(r"\b(if|else)\b")
_CONDITION = re.compile(r"\bif\b.*?(?=\belse\b|$)", re.DOTALL)
#: What may be written around the answers of forms where one name is given to them.
_ALIAS = re.compile(
    r"(?:\s|[()]|\{\s*\}|\[\s*\]|\b(?:or|and|not|else|true|false|none)\b"
    r"|\|\s*(?:d|default)\s*(?=\()|,\s*true\b|[a-z_][\w.]*(?!\w)(?!\s*[(\[]))*+"
)
_FOLLOWED = re.compile(r"\)\s*\.\s*(\w+)")
_CHOSEN = re.compile(r"\s*(?:TEXT)(?:\s*\belse\b\s*(?:TEXT))*\s*")


def plain(written: str) -> str:
    """Return an expression with ``["name"]`` as ``.name`` and without the texts in it."""
    if '"' not in written and "'" not in written:
        return written
    named = _SUBSCRIPT.sub(
        lambda found: f".{found[1]}", _EARLIER.sub(lambda found: f"{EARLIER}.{found[1]}", written)
    )
    return _TEXT.sub(lambda found: " " * len(found[0]), named)


def only_asked(written: str, start: int, end: int) -> bool:
    """Tell whether what is there in a plain expression is only asked about: ``not a``, ``a is defined``, ``b if a else c``."""
    choices = _CHOICE.findall(written, 0, start)
    return (
        choices[-1:] == ["if"]
        or _NOT.search(written, 0, start) is not None
        or _ASKED.match(written, end) is not None
    )


def names_alone(written: str) -> bool:
    """Tell whether a plain expression chooses between names and does nothing else with them."""
    return _ALIAS.fullmatch(_CONDITION.sub(" ", written)) is not None


def groups_with_a_name(written: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a parenthesis is of which a name is taken, ``( … ).name``, and the name."""
    for found in _FOLLOWED.finditer(written):
        depth = 0
        for at in range(found.start(), -1, -1):
            depth += (written[at] == ")") - (written[at] == "(")
            if depth == 0:
                if not re.match(r"[\w\])]", written[at - 1 : at]):
                    yield at, found.start(), found[1]
                break


def texts_chosen(written: str) -> tuple[str, ...] | None:
    """Return the texts one of which an expression is, ``"a" if x else "b"``; None where it can be something else."""
    texts = [found[0] for found in _TEXT.finditer(written)]
    bare = _CONDITION.sub(" ", _TEXT.sub("TEXT", written))
    if not _CHOSEN.fullmatch(bare):
        return None
    return tuple(dict.fromkeys(str(ast.literal_eval(one)) for one in texts))


def texts_listed(written: str, names: int) -> tuple[tuple[str, ...] | None, ...]:
    """Return, for each name of a loop, the texts it is one after another; None for a name that can be something else."""
    unknown: tuple[None, ...] = (None,) * names
    if not written.strip().startswith(("[", "(")):
        return unknown
    try:
        rows = ast.literal_eval(written.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return unknown
    if not isinstance(rows, (list, tuple)):
        return unknown
    table = [row if names > 1 else (row,) for row in rows]
    if not all(isinstance(row, (list, tuple)) and len(row) == names for row in table):
        return unknown
    columns = list(zip(*table, strict=True)) or [()] * names
    return tuple(
        tuple(dict.fromkeys(column)) if all(isinstance(one, str) for one in column) else None
        for column in columns
    )
