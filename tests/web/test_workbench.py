"""What the pages work with."""

from __future__ import annotations

from dataclasses import replace

import pytest
from workbench_fixtures import Desk


def test_days_and_ids(desk: Desk) -> None:
    assert desk.bench.today().isoformat() == "2024-09-14"
    assert desk.bench.local(desk.bureau.clock.now()) == "2024-09-14 10:00"
    assert desk.bench.request_id() != desk.bench.request_id()
    assert not desk.bench.has_site
    desk.bureau.application.entropy = None
    with pytest.raises(AssertionError):
        replace(desk.bench).request_id()
