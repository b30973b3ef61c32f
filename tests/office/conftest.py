"""An office for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from bureau_factories import Bureau


@pytest.fixture
def bureau_at() -> Iterator[Callable[..., Bureau]]:
    """Return what opens a bureau with these definitions; at the end its histories must be whole."""
    opened: list[Bureau] = []

    def open_bureau(*definitions: str, **how: object) -> Bureau:
        bureau = Bureau(*definitions, **how)  # type: ignore[arg-type] # passed on
        opened.append(bureau)
        return bureau

    yield open_bureau
    for bureau in opened:
        assert bureau.findings() == []
