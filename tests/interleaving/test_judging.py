"""Pairs of which no order is the whole answer, and what they leave all the same; and that the judgement can fail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from judging import PART_BY_PART, agrees, check

#: Work in many transactions, and what is prepared in one order alone.
PAIRS = [
    pair
    for one, other in (
        *(sorted(pair) for pair in PART_BY_PART),
        *(("confirm the clock", name) for name in ("confirm", "reject", "withdraw")),
    )
    for pair in ((one, other), (other, one))
]


@pytest.mark.parametrize("names", PAIRS, ids="+".join)
@pytest.mark.parametrize("kind", ["in_memory", "on_sqlite", "on_postgres"])
def test_at_whatever_call_the_second_begins(
    kind: str, names: tuple[str, str], request: pytest.FixtureRequest, soak: bool
) -> None:
    every = 1 if soak or kind == "in_memory" else 5
    assert check(request.getfixturevalue(kind), names, every) > (10 if every == 1 else 2)


def row(*words: Any) -> str:
    return json.dumps(words)


def seen(histories: dict[str, list[str]], *answers: str) -> tuple[dict[str, Any], list[str]]:
    return {"tasks": ["one"], "histories": histories}, list(answers)


def test_each_case_is_held_against_both_orders_and_each_as_a_whole() -> None:
    names = ("migrate", "sweep")
    first, second = (
        seen({"matter-1": [row("a", order)], "matter-2": [row("b", order)]}, row("done", "str", "0"))
        for order in (1, 2)
    )
    mixed = seen({"matter-1": [row("a", 1)], "matter-2": [row("b", 2)]}, row("done", "str", "0"))
    assert agrees(names, first, [first, second])
    assert agrees(names, mixed, [first, second])
    assert not agrees(("sweep", "start"), mixed, [first, second])
    for wrong in (
        seen({"matter-1": [row("a", 1)]}, row("done", "str", "0")),
        seen({"matter-1": [row("a", 1), row("a", 2)], "matter-2": [row("b", 2)]}, row("done", "str", "0")),
        seen({"matter-1": [row("a", 1)], "matter-2": [row("b", 2)]}, row("done", "str", "1")),
        seen({**mixed[0]["histories"], "office": [row("x")]}, row("done", "str", "0")),
        ({**mixed[0], "tasks": []}, mixed[1]),
    ):
        assert not agrees(names, wrong, [first, second])


def test_a_head_may_end_between_two_orders_and_nowhere_else() -> None:
    names = ("deliver", "sign_head")

    def signed(size: int, day: str = "1") -> tuple[dict[str, Any], list[str]]:
        body = {"size": size, "signature": f"s{size}", "day": day}
        return seen({"head": [row("head", "lena", body)]}, row("done", "dict", body))

    orders = [signed(4), signed(6)]
    assert all(agrees(names, signed(size), orders) for size in (4, 5, 6))
    assert not any(agrees(names, wrong, orders) for wrong in (signed(3), signed(7), signed(5, "2")))
