"""One workbench with a draw, and one Chromium, for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import chromium
import pytest
from served_workbench import ServedWorkbench, fill, serving, signed_in

from tests.made_once import made_once


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedWorkbench]:
    """Serve a deployment with made-up registers, a plan that waits and a batch that is drawn."""
    folder = made_once(tmp_path_factory, "served", fill)
    with pytest.MonkeyPatch.context() as patched, serving(folder, patched) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Yield the browser."""
    with chromium.opened() as started:
        yield started


@pytest.fixture(scope="module")
def state(served: ServedWorkbench, browser: Any) -> Any:
    """Return the cookies of the leading group's office."""
    return signed_in(browser, served)
