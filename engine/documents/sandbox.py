"""The environment templates of documents run in: no code, no files, no endless work.

Templates are written by sections, so they are data. They get values and a short list of filters. What could grow
without bound inside one step (repeating, joining, macros, assigned blocks) is refused when the template is read or
capped while it runs; everything that loops is stopped by the clock of `engine.documents.render`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from engine.language import say

#: The longest text one step may make, in characters.
LONGEST = 200_000
#: Filters of Jinja that neither reach into values nor grow texts.
_KEPT = (
    *(
        "abs",
        "count",
        "d",
        "default",
        "dictsort",
        "e",
        "escape",
        "first",
        "groupby",
        "int",
        "items",
        "last",
        "length",
    ),
    *(
        "list",
        "lower",
        "map",
        "reject",
        "rejectattr",
        "reverse",
        "select",
        "selectattr",
        "sort",
        "trim",
        "unique",
    ),
    "upper",
)
_REFUSED_NODES: Mapping[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set … endset",
    nodes.Concat: "~",
    nodes.Mul: "*",
    nodes.Pow: "**",
    nodes.Mod: "%",
    nodes.ScopedEvalContextModifier: "autoescape",
    nodes.Import: "import",
    nodes.FromImport: "from",
}


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, narrowed."""

    intercepted_binops = frozenset({"+"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Add numbers and nothing else: texts that are added to themselves double."""
        if not (isinstance(left, int) and isinstance(right, int)):
            raise SecurityError(say("模板里的加号只能用于整数").render())
        return left + right

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Allow plain data only: no methods of texts, and nothing that starts with an underscore."""
        if isinstance(obj, str) or callable(value):
            return attr in _METHODS and isinstance(obj, Mapping)
        return super().is_safe_attribute(obj, attr, value)

    def is_safe_callable(self, obj: Any) -> bool:
        """Allow `range`, `say` and the methods of mappings that only read."""
        if obj in self.globals.values():
            return True
        return getattr(obj, "__name__", "") in _METHODS and isinstance(
            getattr(obj, "__self__", None), Mapping
        )


_METHODS = frozenset({"items", "keys", "values", "get"})


def make_sandbox(loader: Any, language: str) -> Sandbox:
    """Return a sandbox that loads templates through `loader`."""
    sandbox = Sandbox(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
        cache_size=100,
    )

    def sentence(text: str, /, **values: Any) -> str:
        return say(text, **values).render(language)

    reach = sandbox.globals["range"]
    sandbox.globals = {"say": sentence, "range": reach}
    sandbox.filters = {name: FILTERS[name] for name in _KEPT}
    sandbox.filters.update(_FILTERS)
    return sandbox


def refused_node(tree: nodes.Template) -> tuple[int, str] | None:
    """Return (line, what was written) of the first thing a template may not hold."""
    for kind, written in _REFUSED_NODES.items():
        found = tree.find(kind)
        if found is not None:
            return found.lineno, written
    return None


def _printable(value: Any) -> Any:
    """Let texts, numbers and dates be printed; lists are printed item by item, so that none can explode."""
    if value is None:
        return ""
    if value is True or value is False:
        return say("是") if value else say("否")
    if isinstance(value, str | int | date | StrictUndefined) or hasattr(value, "__html__"):
        return value
    raise SecurityError(say("一整个列表或字典不能直接写进文书，请逐项写出").render())


def _join(values: Iterable[Any], between: str = "、") -> Markup:
    parts = [escape(_printable(value)) for value in values]
    if sum(len(part) for part in parts) + len(parts) * len(between) > LONGEST:
        raise SecurityError(say("一步里拼出的文字太长").render())
    return escape(between).join(parts)


def _day(value: Any) -> str:
    """Return a date (or ISO text) as 2024年9月14日; anything else as it is."""
    day = value
    if isinstance(value, str):
        try:
            day = datetime.fromisoformat(value).date() if "T" in value else date.fromisoformat(value)
        except ValueError:
            return value
    if isinstance(day, date):
        return f"{day.year}年{day.month}月{day.day}日"
    return str(_printable(value))


def _groups(text: Any, size: int = 8) -> list[str]:
    whole = str(text)[:LONGEST]
    step = max(1, int(size))
    return [whole[at : at + step] for at in range(0, len(whole), step)]


def _paragraphs(text: Any) -> list[str]:
    return [line.strip() for line in str(_printable(text)).splitlines() if line.strip()]


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "join": _join,
    "day": _day,
    "groups": _groups,
    "paragraphs": _paragraphs,
}
