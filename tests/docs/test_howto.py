"""Every how-to page that shows commands is carried out."""

from __future__ import annotations

from pathlib import Path

import pytest
from running_documents import ROOT, check, steps

PAGES = sorted((ROOT / "docs/howto").glob("*.md"))
RUNNING = [page for page in PAGES if steps(page.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("page", RUNNING, ids=lambda page: page.stem)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    check(page, tmp_path)
