"""The order in which the questions of a form, or the columns of a row, have to be read."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lifecycle.expressions.expression import Expression
from engine.lifecycle.model.form import Field

#: Orders worked out before, by the identity of the fields: a form is a deep value, its hash costs more than this.
_ORDERS: dict[tuple[int, str], tuple[tuple[Field, ...], tuple[Field, ...]]] = {}
_MAX_ORDERS = 1024


def in_order_of_need(fields: tuple[Field, ...], root: str = "form") -> tuple[Field, ...]:
    """Return the fields so that those a field's ``when``, ``offered`` or ``computed`` looks at come before it.

    `root` is what expressions call the whole of them: ``form``, or ``it`` for the columns of a row.
    """
    known = _ORDERS.get((id(fields), root))
    if known is not None and known[0] is fields:
        return known[1]
    by_name = {asked.name: asked for asked in fields}
    ordered: dict[str, Field] = {}
    begun: set[str] = set()

    def place(asked: Field) -> None:
        if asked.name not in begun:
            begun.add(asked.name)
            for name in _needs(asked, root):
                if name in by_name:
                    place(by_name[name])
            ordered[asked.name] = asked

    for asked in fields:
        place(asked)
    if len(_ORDERS) >= _MAX_ORDERS:
        _ORDERS.clear()
    order = tuple(ordered.values())
    if all(one is asked for one, asked in zip(order, fields, strict=True)):
        order = fields
    _ORDERS[id(fields), root] = (fields, order)
    return order


def _needs(asked: Field, root: str) -> Iterator[str]:
    expressions = [asked.computed] if asked.computed is not None else []
    if asked.relevant is not None:
        expressions += asked.relevant.expressions()
    for offer in asked.offered:
        expressions += offer.when.expressions()
    if root == "form":
        expressions += _of_columns(asked)
    for expression in expressions:
        yield from (path[1] for path in expression.names() if len(path) > 1 and path[0] == root)


def _of_columns(asked: Field) -> Iterator[Expression]:
    """Yield what is looked at where the rows of a list are read: its columns may look at any question of the form."""
    for column in asked.columns:
        if column.computed is not None:
            yield column.computed
        if column.relevant is not None:
            yield from column.relevant.expressions()
        for rule in (*(offer.when for offer in column.offered), *(one.that for one in column.constraints)):
            yield from rule.expressions()
        yield from _of_columns(column)
