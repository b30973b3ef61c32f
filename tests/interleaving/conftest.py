"""Passwords of these tests are cheap to check, and every file may go: what is tried is the order of store calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from touched import eased


@pytest.fixture(autouse=True, scope="module")
def only_the_order_counts() -> Iterator[None]:
    with eased():
        yield
