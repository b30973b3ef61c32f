"""A workbench knows the day and the minute of its zone, its site, and makes ids of chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from small_bureau import SHANGHAI, small_bureau

from engine.web.workbench import Workbench


def test_the_day_is_that_of_the_zone() -> None:
    bureau = small_bureau()
    bureau.clock.advance(timedelta(hours=14))
    here = Workbench(bureau.application, Path("/nonexistent"), SHANGHAI)
    there = Workbench(bureau.application, Path("/nonexistent"), ZoneInfo("UTC"))
    assert (here.today().isoformat(), there.today().isoformat()) == ("2024-09-15", "2024-09-14")
    at = datetime(2024, 12, 31, 16, 5, 59, tzinfo=UTC)
    assert (here.local(at), there.local(at)) == ("2025-01-01 00:05", "2024-12-31 16:05")


def test_a_site_is_there_once_its_first_page_is(tmp_path: Path) -> None:
    application = small_bureau().application
    assert not Workbench(application, tmp_path, SHANGHAI).has_site
    (tmp_path / "index.html").write_text("<p>", encoding="utf-8")
    assert Workbench(application, tmp_path, SHANGHAI).has_site


def test_ids_of_requests_are_made_of_chance() -> None:
    application = small_bureau().application
    bench = Workbench(application, Path("/nonexistent"), SHANGHAI)
    application.entropy = lambda purpose, size: purpose.encode().ljust(size, b"\0")
    assert bench.request_id() == "web-" + b"request".hex().ljust(32, "0")
    application.entropy = None
    with pytest.raises(AssertionError, match="source of chance"):
        bench.request_id()
