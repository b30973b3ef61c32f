"""The workbench of the tests."""

from __future__ import annotations

import pytest
import workbench_fixtures
from workbench_fixtures import Desk


@pytest.fixture
def desk() -> Desk:
    """Return a workbench nobody has signed in to."""
    return workbench_fixtures.desk()


@pytest.fixture
def signed_in(desk: Desk) -> Desk:
    """Return a workbench clerk-1 has signed in to."""
    desk.sign_in()
    return desk
