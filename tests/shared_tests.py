"""Deselects the tests whose function another checkout does not have; for `tests/run_cost.py --shared`.

A plugin of pytest. Functions are known by their name: a test that has moved to another file is still the same.
"""

from __future__ import annotations

import ast
import os
from pathlib import Path

import pytest

#: The environment variable that names the other checkout.
OTHER = "SSJ_TESTS_OF"


def names_of_tests(checkout: Path) -> frozenset[str]:
    """Return the names of the test functions in the folder `tests` of a checkout."""
    return frozenset(
        node.name
        for path in sorted((checkout / "tests").rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests whose function the checkout named in the environment has too."""
    known = names_of_tests(Path(os.environ[OTHER]))
    shared = [item for item in items if getattr(item, "originalname", item.name) in known]
    left = set(items) - set(shared)
    items[:] = shared
    config.hook.pytest_deselected(items=sorted(left, key=lambda item: item.nodeid))
