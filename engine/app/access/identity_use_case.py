"""Use cases that come before anybody is known: finding out who looks, and proving who acts."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from engine.app.access.table import ANYONE, access_row

P = ParamSpec("P")
R = TypeVar("R")


def before_access(use_case: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a function as the use case `use_case`, which is open to anyone; its row in the access table says so.

    Raises ValueError where the row says otherwise.
    """
    if ANYONE not in access_row(use_case).words:
        raise ValueError(use_case)

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        function.use_case = use_case  # type: ignore[attr-defined] # read by the test that walks all use cases
        return function

    return decorate
