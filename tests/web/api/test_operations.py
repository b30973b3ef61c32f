"""The table of operations."""

from __future__ import annotations

from engine.web.api import operations


def test_each_route_is_one_operation() -> None:
    assert len(operations.BY_ROUTE) == len(operations.OPERATIONS)
    assert operations.ApiOperation is type(operations.OPERATIONS[0])
    assert not operations.OPERATIONS[0].writes
