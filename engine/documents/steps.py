"""The steps a document may cost, counted the same on every machine.

A step is one part of a template's syntax that is run once, one item a filter looks at, or a hundred characters of a
text it looks at. Before a template is compiled its tree is given places that count: the head of every template and
block, every pass of a loop, every part that is included, every comparison, every slice, every key of a dictionary.
Filters, tests and calls count by the size of what they are given and of what they make; what they make is also counted
for itself, for it may be kept. Whoever uses more than there is, is refused; the clock is never asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from jinja2 import nodes
from jinja2.exceptions import TemplateRuntimeError
from jinja2.visitor import NodeTransformer

from engine.language import say

#: Steps one document may cost. A standard form costs some thousands; a list of 20,000 rows under a million.
STEPS = 3_000_000
#: What filters and sentences may make for one document: a character counts one, an item of a list twenty.
MADE = 16_000_000
#: How deep loops may lie in each other, parts may include each other, and the syntax of a template may nest.
LOOPS_DEEP, PARTS_DEEP, SYNTAX_DEEP = 10, 20, 100
#: Parts of the syntax of one template; a standard one has some hundreds. To compile more takes longer than to print it.
SYNTAX = 20_000

#: Steps of looking for a part and beginning it, besides what it holds: the file is looked at every time.
_PART = 500
#: Characters that count as one step: where they are only compared, and where each is looked at for what is made of it.
_CHARACTERS, READ = 100, 10
#: What a value weighs in `MADE` besides its characters.
_ITEM = 20

#: The longest text one step may make, in characters.
MAX_LENGTH = 200_000
#: Filters that take no longer for a large value, or ask for no more than one item of it.
_AT_ONCE = frozenset({"count", "d", "default", "first", "items", "last", "length"})
#: Filters that compare items with each other; they need them all before they give the first.
_COMPARING = frozenset({"dictsort", "groupby", "sort", "unique"})
#: Filters that take one item after the other.
_ONE_BY_ONE = frozenset({"join", "list", "map", "reject", "rejectattr", "select", "selectattr"})
#: Filters that may make a piece of every character.
_CUTTING = frozenset({"groups", "paragraphs"})
#: Filters that look at every character, with what each costs in steps.
_CITING = frozenset({"assistance", "elsewhere", "order", "otherwise", "owed"})
#: Steps of an item of a filter that takes one after the other, besides the first; of those that are not named, two.
_EACH = {"join": 5, "list": 0, "map": 4}

#: Names of the filters that count. No template can write them.
PASSES, BEGIN, ENTER, LEAVE, COMPARED = "- passes", "- begin", "- enter", "- leave", "- compared"
COPIED, SLICED, HASHED = "- copied", "- sliced", "- hashed"


#: What the name of a part that is called ends with in a compiled template: a field may be called as a method is.
CALLED = "()"


class StepBudgetError(TemplateRuntimeError):
    """A document costs more than it may."""


class StepBudget:
    """What is left for one document, and how deep it is in its parts."""

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.left = steps
        self.made = 0
        self.depths = [0]

    def take(self, steps: int) -> None:
        """Use some steps. Raises StepBudgetError where fewer are left."""
        self.left -= steps
        if self.left < 0:
            raise StepBudgetError(
                say(
                    "一份文书最多做 {steps} 步（循环每一遍、排序和筛选的每一项都算），已停止。"
                    "请减少循环的层数或遍数，或先筛选再循环",
                    steps=self.steps,
                ).render()
            )

    def weigh(self, value: Any) -> int:
        """Return the steps of looking at a value to its ends. Raises StepBudgetError for more than are left."""
        if isinstance(value, str):
            return 1 + len(value) // _CHARACTERS
        total = _weight(value, {}) if isinstance(value, _HOLDING) else 1
        if total > self.left:
            self.take(total)
        return total

    def make(self, value: Any) -> None:
        """Count a value that was made: its steps, and what it adds to all that was. Raises StepBudgetError."""
        if isinstance(value, str):
            size = len(value)
            self.take(size // READ)
        elif isinstance(value, list | tuple):
            size = _ITEM * len(value)
            self.take(len(value))
        else:
            return
        self.made += _ITEM + size
        if self.made > MADE:
            raise StepBudgetError(
                say(
                    "一份文书里拼出、切开和列出的内容一共最多 {most} 字（列表的每一项算 {item} 字），已停止。请减少循环的遍数",
                    most=MADE,
                    item=_ITEM,
                ).render()
            )

    def passes(self, values: Iterable[Any], each: int = 1) -> Iterator[Any]:
        """Yield `values`; each costs `each` steps."""
        for value in values:
            self.take(each)
            yield value

    def sized(self, value: Any) -> int:
        """Return the steps of going over a value once, without looking into its items."""
        if isinstance(value, str):
            return 1 + len(value) // _CHARACTERS
        return 1 + len(value) if isinstance(value, Sized) else 1

    def compare(self, left: Any, right: Any) -> None:
        """Use the steps of one comparison: no more of the one side is looked at than there is of the other."""
        for one, other in ((left, right), (right, left)):
            if not isinstance(one, str | list | tuple | Mapping | set | frozenset):
                return
            if len(one) == 0 or not isinstance(other, Sized):
                return
        self.take(min(self.weigh(left), self.weigh(right)))

    def contain(self, item: Any, values: Any) -> None:
        """Use the steps of looking for `item` in `values`: each of them is compared."""
        if isinstance(values, Mapping | set | frozenset):
            self.take(self.weigh(item))
        else:
            self.take(self.sized(values) * self.weigh(item))

    def enter(self) -> None:
        """Go into a part of the document. Raises StepBudgetError where that is too deep."""
        self.depths.append(self.depths[-1])
        self.deeper()

    def deeper(self) -> None:
        """Go into the frame a template extends. Raises StepBudgetError where that is too deep."""
        self.take(_PART)
        self.depths[-1] += 1
        if self.depths[-1] > PARTS_DEEP:
            raise StepBudgetError(
                say("模板互相引用超过 {most} 层；请检查是否引用了自己", most=PARTS_DEEP).render()
            )

    def leave(self) -> None:
        """Come back from a part."""
        self.depths.pop()


_HOLDING = (list, tuple, Mapping, set, frozenset)


def _weight(value: Any, found: dict[int, int]) -> int:
    """Return the steps of looking at what a list or mapping holds to its ends.

    Lists can hold one list many times, so that walk may be longer than memory is large. This one goes into each once;
    `found` are the weights by identity.
    """
    key = id(value)
    if key in found:
        return found[key]
    total = 1
    for one in (*value.keys(), *value.values()) if isinstance(value, Mapping) else value:
        if isinstance(one, str):
            total += 1 + len(one) // _CHARACTERS
        else:
            total += _weight(one, found) if isinstance(one, _HOLDING) else 1
    found[key] = total
    return total


_BUDGET: ContextVar[StepBudget] = ContextVar("steps of a document")


@contextmanager
def counted(steps: int) -> Iterator[None]:
    """Give a document its steps."""
    token = _BUDGET.set(StepBudget(steps))
    try:
        yield
    finally:
        _BUDGET.reset(token)


def budget() -> StepBudget:
    """Return what is left for the document that is being made."""
    return _BUDGET.get()


def parts_of(given: Iterable[Any]) -> int:
    """Return how often each item is looked up: what is written as "a.b,c" is part by part. The texts count."""
    each = 1
    for one in given:
        if isinstance(one, str):
            budget().take(1 + len(one) // READ)
            each += one.count(".") + one.count(",")
    return each


def looked_at(name: str, value: Any, each: int) -> Any:
    """Count that a filter looks at a value, with so many steps for each item; return what it is given."""
    left = budget()
    if name in _COMPARING:
        if isinstance(value, Mapping):
            left.take(len(value) * each)
        else:
            value = list(left.passes(value, each))
            left.make(value)
        left.take(left.weigh(value) * (1 + len(value).bit_length()))
    elif name in _ONE_BY_ONE:
        return left.passes(value, each + _EACH.get(name, 2))
    elif name == "reverse":
        left.take(left.sized(value))
    elif name not in _AT_ONCE:
        left.take(left.weigh(value))
        if name in _CITING:
            for text in [value] if isinstance(value, str) else value:
                left.take(_citing(text))
        elif isinstance(value, str):
            left.take(len(value) // READ)
            if name in _CUTTING:
                left.take(min(len(value), MAX_LENGTH))
    return value


#: Steps of a character of a citation, and of a range of articles, which are looked up one by one.
_CITED, _RANGE = 5, 3_000


def _citing(text: Any) -> int:
    return _CITED * len(text) + _RANGE * text.count("至") if isinstance(text, str) else 1


def too_deep(tree: nodes.Template) -> tuple[int, str] | None:
    """Return (line, what is wrong) of the first place of a template that nests too deep, or where it becomes too long."""
    waiting: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    seen = 0
    while waiting:
        node, depth, loops = waiting.pop()
        seen += 1
        if seen > SYNTAX:
            return node.lineno, say("模板的写法多于 {most} 处，请分成几个模板", most=SYNTAX).render()
        if isinstance(node, nodes.For):
            loops += 1
        if loops > LOOPS_DEEP:
            return node.lineno, say("循环套循环超过 {most} 层", most=LOOPS_DEEP).render()
        if depth > SYNTAX_DEEP:
            return node.lineno, say("写法嵌套超过 {most} 层，请拆开写", most=SYNTAX_DEEP).render()
        waiting.extend((child, depth + 1, loops) for child in node.iter_child_nodes())
    return None


def with_counts(tree: nodes.Template) -> nodes.Template:
    """Return a template's tree with the places that count."""
    environment = tree.environment
    found: nodes.Template = _Counting().visit(tree)
    if environment is not None:
        # The new nodes have none yet; without it the compiler cannot look at constants.
        found.set_environment(environment)
    return found


class _Counting(NodeTransformer):
    """Puts the counting filters where something is run."""

    def visit_Template(self, node: nodes.Template) -> nodes.Template:  # noqa: N802 - the visitor's names
        self._begin(node)
        return node

    def visit_Block(self, node: nodes.Block) -> nodes.Block:  # noqa: N802
        self._begin(node)
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        each = 1 + _size(node.body) + (_size([node.test]) if node.test else 0)
        self.generic_visit(node)
        node.iter = _filter(PASSES, node.iter, nodes.Const(each, lineno=node.iter.lineno))
        return node

    def visit_Include(self, node: nodes.Include) -> list[nodes.Node]:  # noqa: N802
        self.generic_visit(node)
        return [_statement(ENTER, node, 1), node, _statement(LEAVE, node, 0)]

    def visit_Extends(self, node: nodes.Extends) -> list[nodes.Node]:  # noqa: N802
        self.generic_visit(node)
        return [_statement(ENTER, node, 0), node]

    def visit_Call(self, node: nodes.Call) -> nodes.Call:  # noqa: N802
        self.generic_visit(node)
        if isinstance(node.node, nodes.Getattr):
            node.node.attr += CALLED
        return node

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Getitem | nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        # Jinja2 compiles a part of a list to Python's own slice, so the sandbox is not asked for it.
        if isinstance(node.arg, nodes.Slice):
            node.node = _filter(COPIED, node.node)
            return _filter(SLICED, node)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Pair:  # noqa: N802
        self.generic_visit(node)
        # Python looks at a key to its ends.
        node.key = _filter(HASHED, node.key)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Filter:  # noqa: N802
        self.generic_visit(node)
        words: list[nodes.Expr] = []
        for operand in node.ops:
            words += [nodes.Const(operand.op, lineno=operand.expr.lineno), operand.expr]
        return _filter(COMPARED, node.expr, *words)

    def _begin(self, node: nodes.Template | nodes.Block) -> None:
        size = _size(node.body)
        self.generic_visit(node)
        node.body.insert(0, _statement(BEGIN, node, size))


def _size(body: Iterable[nodes.Node]) -> int:
    """Return how much syntax there is, without the bodies of loops and blocks: those count for themselves."""
    total, waiting = 0, list(body)
    while waiting:
        node = waiting.pop()
        total += 1
        if isinstance(node, nodes.Block):
            continue
        own = set(map(id, node.body)) if isinstance(node, nodes.For) else ()
        waiting.extend(child for child in node.iter_child_nodes() if id(child) not in own)
    return total


def _filter(name: str, value: Any, *args: nodes.Expr) -> nodes.Filter:
    return nodes.Filter(value, name, list(args), [], None, None, lineno=value.lineno)


def _statement(name: str, node: nodes.Node, number: int) -> nodes.ExprStmt:
    value = nodes.Const(number, lineno=node.lineno)
    return nodes.ExprStmt(_filter(name, value), lineno=node.lineno)
