"""The environment templates of documents run in: no code, no files, no endless work.

Templates are written by sections, so they are data. They get values and a short list of filters. What could grow
without bound inside one step (repeating, joining, macros, assigned blocks) is refused when the template is read or
capped while it runs; everything that loops, searches or compares is counted by `engine.documents.steps`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from jinja2 import StrictUndefined, nodes, pass_context
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.filters import FILTERS
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import missing
from markupsafe import Markup, escape

from engine.documents.duties import Duties
from engine.documents.missing_answers import asked_whether_there, default_of
from engine.documents.steps import (
    BEGIN,
    CALLED,
    COMPARED,
    COPIED,
    ENTER,
    HASHED,
    LEAVE,
    MAX_LENGTH,
    PASSES,
    READ,
    SLICED,
    budget,
    looked_at,
    parts_of,
    with_counts,
)
from engine.kernel.plain_text import find_forbidden, visible
from engine.language import say
from engine.language.filling import FillingError, FillingTooLongError, places
from engine.lifecycle.model.articles import with_title_marks
from engine.value import Later

#: Steps of a call, besides what it is given: a sentence has to be found in the catalogue and filled in.
_CALL = 14
#: Steps of a filter, and of a test, besides what they are given.
_FILTER, _TEST = 9, 9
#: The longest sentence `say` takes, before values are filled in; numbers written in a template, or made of a text.
_SENTENCE, _DIGITS = 2_000, 300
#: Filters of Jinja that neither reach into values nor grow texts.
_KEPT = (
    *("abs", "count", "dictsort", "first", "groupby", "items", "last", "length"),
    *("list", "map", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"),
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


class _TemplateContext(Context):
    """The values of a template; what is made later is made where the template asks for it."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name; `missing` where there is none."""
        found = super().resolve_or_missing(key)
        return found.value if type(found) is Later else found


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, narrowed."""

    intercepted_binops = frozenset({"+"})
    context_class = _TemplateContext

    def _generate(self, source: nodes.Template, *args: Any, **options: Any) -> str:
        """Compile a template with the places that count its steps."""
        made: str = super()._generate(with_counts(source), *args, **options)
        return made

    def call(self, context: Context, obj: Any, /, *args: Any, **named: Any) -> Any:
        """Call what may be called; what it is given is looked at, so it counts."""
        if not self.is_safe_callable(obj):
            # Jinja2 would write down the whole of what was called.
            raise SecurityError(
                say("模板里只能调用 {names}", names=["range", "say", *sorted(_METHODS)]).render()
            )
        budget().take(_CALL + budget().weigh((args, named)))
        found = super().call(context, obj, *args, **named)
        budget().make(found)
        return found

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look up a name: of a mapping what it holds, whatever its methods are called; a method where it is called."""
        called = attribute.endswith(CALLED)
        name = attribute.removesuffix(CALLED)
        if not isinstance(obj, Mapping):
            return super().getattr(obj, name)
        if called and (name in _METHODS or (name not in obj and hasattr(obj, name))):
            return super().getattr(obj, name)
        try:
            # Whoever counts what a template asks for is asked for what is not there, too.
            return obj[name]
        except KeyError:
            return self.undefined(obj=obj, name=name)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up a part of a value; to look up a long key costs steps."""
        if not isinstance(argument, int | str):
            budget().take(budget().weigh(argument))
        return super().getitem(obj, argument)

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


class AbsentError(UndefinedError):
    """A value that is not there was used: its `name`, and what it was `looked_in` (`missing`: among all values)."""

    def __init__(self, looked_in: Any, name: Any, message: str | None = None) -> None:
        super().__init__(message)
        self.looked_in, self.name = looked_in, name


class _Absent(StrictUndefined):
    """A value that is not there; whoever uses it learns its name and where it was looked for."""

    __slots__ = ()

    def __init__(
        self, hint: str | None = None, obj: Any = missing, name: str | None = None, exc: Any = UndefinedError
    ) -> None:
        # What is raised is called with the message alone. What may not be looked at is another error.
        raised: Any = partial(AbsentError, obj, name) if exc is UndefinedError else exc
        super().__init__(hint, obj, name, raised)


def make_sandbox(loader: Any, language: str) -> Sandbox:
    """Return a sandbox that loads templates through `loader`."""
    sandbox = Sandbox(
        loader=loader,
        autoescape=True,
        undefined=_Absent,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finalized,
        cache_size=100,
    )

    def sentence(text: str, /, **values: Any) -> str:
        return _sentence(text, values, language)

    reach = sandbox.globals["range"]
    sandbox.globals = {"say": sentence, "range": reach}
    _put_filters(sandbox)
    return sandbox


#: Filters and tests are kept a second time under a name no template can write; the counting ones call those.
_PLAIN = "- plain "


def _put_filters(sandbox: Sandbox) -> None:
    """Give a sandbox the filters and tests, each counting what it looks at."""
    kept = {name: FILTERS[name] for name in _KEPT} | dict(_FILTERS)
    sandbox.filters = {_PLAIN + name: kept[name] for name in kept}
    sandbox.filters |= {name: _counting_filter(name) for name in kept}
    sandbox.filters |= {
        SLICED: _sliced,
        HASHED: _hashed,
        PASSES: _passes,
        BEGIN: _begin,
        ENTER: _enter,
        LEAVE: _leave,
        COMPARED: _compared,
        COPIED: _copied,
    }
    sandbox.tests = {_PLAIN + name: test for name, test in TESTS.items()}
    sandbox.tests |= {name: _counting_test(name) for name in TESTS}


def _counting_filter(name: str) -> Callable[..., Any]:
    @pass_context
    def counting(context: Context, value: Any, *args: Any, **named: Any) -> Any:
        left = budget()
        left.take(_FILTER)
        value = looked_at(name, value, parts_of((*args, *named.values())))
        made = context.environment.call_filter(_PLAIN + name, value, args, named, context=context)
        if isinstance(made, str) and isinstance(value, str):
            # Every character that is written as several is replaced for itself.
            left.take(max(0, len(made) - len(value)))
        if name not in _GIVEN:
            left.make(made)
        return made

    return counting


#: Filters that give back what they were given, or a part of it.
_GIVEN = frozenset({"abs", "count", "d", "default", "first", "items", "last", "length"})


def _counting_test(name: str) -> Callable[..., Any]:
    @pass_context
    def counting(context: Context, value: Any, *args: Any, **named: Any) -> Any:
        left = budget()
        left.take(_TEST)
        for other in (*args, *named.values()):
            left.contain(value, other) if name == "in" else left.compare(value, other)
        if name in {"defined", "undefined"}:
            asked_whether_there(value)
        if name in {"filter", "lower", "test", "upper"}:
            left.take(left.weigh(value))
            if isinstance(value, str):
                left.take(len(value) // READ)
        return context.environment.call_test(_PLAIN + name, value, args, named, context=context)

    return counting


# The counting filters take the context only so that the compiler does not run them itself, as it does with constants.


@pass_context
def _passes(_context: Context, values: Any, each: int) -> Any:
    return budget().passes(iter(values), each)


@pass_context
def _begin(_context: Context, steps: int) -> None:
    budget().take(steps)


@pass_context
def _enter(_context: Context, included: int) -> None:
    if included:
        budget().enter()
    else:
        budget().deeper()


@pass_context
def _leave(_context: Context, _number: int) -> None:
    budget().leave()


@pass_context
def _copied(_context: Context, value: Any) -> Any:
    budget().take(budget().sized(value))
    return value


@pass_context
def _sliced(_context: Context, value: Any) -> Any:
    budget().make(value)
    return value


@pass_context
def _hashed(_context: Context, value: Any) -> Any:
    budget().take(budget().weigh(value))
    return value


_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gteq": operator.ge,
    "lt": operator.lt,
    "lteq": operator.le,
    "in": lambda one, others: one in others,
    "notin": lambda one, others: one not in others,
}


@pass_context
def _compared(_context: Context, value: Any, *words: Any) -> Any:
    """Compare as `a < b == c` does; what is compared counts."""
    left, found = budget(), True
    for name, other in zip(words[::2], words[1::2], strict=True):
        if name in {"in", "notin"}:
            left.contain(value, other)
        else:
            left.compare(value, other)
        found = _COMPARISONS[name](value, other)
        if not found:
            break
        value = other
    return found


def wrong_sentence(tree: nodes.Template) -> tuple[int, str] | None:
    """Return (line, what is wrong) of the first sentence given to `say` that has a place no value can stand in."""
    for call in tree.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args and call.kwargs):
            continue
        text = call.args[0]
        if isinstance(text, nodes.Const) and isinstance(text.value, str):
            try:
                places(text.value)
            except FillingError as problem:
                return call.lineno, _wrong_place(problem)
    return None


def refused_node(tree: nodes.Template) -> tuple[int, str] | None:
    """Return (line, what was written) of the first thing a template may not hold."""
    for kind, written in _REFUSED_NODES.items():
        found = tree.find(kind)
        if found is not None:
            return found.lineno, written
    for data in tree.find_all(nodes.TemplateData):
        if forbidden := find_forbidden(data.data, lines=True):
            line = data.lineno + data.data.count("\n", 0, forbidden[0])
            return line, visible(forbidden[1])
    for constant in tree.find_all(nodes.Const):
        if isinstance(constant.value, int) and abs(constant.value) >= 10**_DIGITS:
            return constant.lineno, say("超过 {most} 位的数", most=_DIGITS).render()
    return None


def _printable(value: Any) -> Any:
    """Let texts, numbers and dates be printed; lists are printed item by item, so that none can explode.

    Characters no text may hold are shown: a text may have been kept before they were refused.
    """
    if type(value) is str:
        return visible(value, lines=True)
    if value is None:
        return ""
    if value is True or value is False:
        return say("是") if value else say("否")
    if isinstance(value, str | int | date | StrictUndefined) or hasattr(value, "__html__"):
        return value
    raise SecurityError(say("一整个列表或字典不能直接写进文书，请逐项写出").render())


@pass_context
def _finalized(_context: Context, value: Any) -> Any:
    # It takes the context only so that the compiler does not make texts of constants before they are looked at.
    return _printable(value)


def _sentence(text: str, values: Mapping[str, Any], language: str) -> str:
    """Return a sentence of a template: of the author, so only names stand in its places, and only what may be printed."""
    if len(text) > _SENTENCE:
        # Sentences are kept once they are taken apart.
        raise SecurityError(say("一步里拼出的文字太长").render())
    shown = {name: _printable_parts(value) for name, value in values.items()}
    try:
        return say(text, **shown).render(language, MAX_LENGTH)
    except FillingError as problem:
        raise SecurityError(_wrong_place(problem)) from None
    except FillingTooLongError:
        raise SecurityError(say("一步里拼出的文字太长").render()) from None


def _wrong_place(problem: FillingError) -> str:
    if problem.known:
        return say("句子里的“{place}”没有给出值", place=problem.place).render()
    return say(
        "句子里的“{place}”不能用；花括号里只能写名称，如 {example}，不能写属性、下标、转换或宽度；花括号本身写两遍",
        place=problem.place,
        example="{name}",
    ).render()


def _printable_parts(value: Any) -> Any:
    return [_printable(item) for item in value] if isinstance(value, list | tuple) else _printable(value)


def _of_printable(name: str) -> Callable[..., Any]:
    """Return a filter of Jinja that makes a text of whatever it is given, for what may be printed only."""
    plain = FILTERS[name]

    def filtering(value: Any, *args: Any, **named: Any) -> Any:
        return plain(_printable(value), *args, **named)

    return filtering


def _join(values: Iterable[Any], between: str = "、") -> Markup:
    parts: list[Markup] = []
    length = 0
    between = _printable(between)
    for value in values:
        parts.append(escape(_printable(value)))
        length += len(parts[-1]) + len(between)
        if length - len(between) > MAX_LENGTH:
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


def _int(value: Any, *args: Any, **named: Any) -> Any:
    if isinstance(value, str) and len(value) > _DIGITS:
        raise SecurityError(say("超过 {most} 位的数", most=_DIGITS).render())
    return FILTERS["int"](value, *args, **named)


def _groups(text: Any, size: int = 8) -> list[str]:
    whole = str(_printable(text))[:MAX_LENGTH]
    step = max(1, int(size))
    return [whole[at : at + step] for at in range(0, len(whole), step)]


def _paragraphs(text: Any) -> list[str]:
    return [line.strip() for line in str(_printable(text)).splitlines() if line.strip()]


def _cited(text: Any) -> str:
    return with_title_marks(str(_printable(text)))


def _of_duties(look: Callable[[Duties, Any], Any]) -> Callable[..., Any]:
    """Return a filter that asks what the templates' file of duties says; without such a file there are none."""

    @pass_context
    def filtering(context: Context, value: Any) -> Any:
        return look(context.get("duties") or Duties(), value)

    return filtering


def _texts(values: Any) -> list[str]:
    return [str(_printable(value)) for value in values]


_FILTERS: Mapping[str, Callable[..., Any]] = {
    "d": default_of,
    "default": default_of,
    **{name: _of_printable(name) for name in ("e", "escape", "lower", "trim", "upper")},
    "int": _int,
    "join": _join,
    "assistance": _of_duties(lambda duties, bases: duties.assistance(_texts(bases))),
    "cited": _cited,
    "day": _day,
    "elsewhere": _of_duties(lambda duties, bases: duties.elsewhere(_texts(bases))),
    "groups": _groups,
    "order": _of_duties(lambda duties, bases: duties.order(_texts(bases))),
    "otherwise": _of_duties(lambda duties, bases: duties.otherwise(_texts(bases))),
    "owed": _of_duties(lambda duties, basis: duties.owed(str(_printable(basis)))),
    "paragraphs": _paragraphs,
}
