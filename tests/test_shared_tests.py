"""Which tests two checkouts share."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.run_cost import environment_of
from tests.shared_tests import names_of_tests


def test_functions_are_known_by_name_wherever_they_have_moved(tmp_path: Path) -> None:
    for checkout, place, text in (
        (
            "other",
            "tests/old/test_a.py",
            "def test_kept(): pass\nclass TestIn:\n    def test_in(self): pass\n",
        ),
        ("here", "tests/new/test_b.py", "def test_kept(): pass\ndef test_new(): assert False\n"),
        (
            "here",
            "tests/new/test_c.py",
            "import pytest\n@pytest.mark.parametrize('x', [1, 2])\ndef test_in(x): pass\n",
        ),
    ):
        path = tmp_path / checkout / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert names_of_tests(tmp_path / "other") == {"test_kept", "test_in"}

    environment = environment_of(tmp_path / "here", os.environ, tmp_path / "other")
    words = [sys.executable, "-m", "pytest", "-q", "-p", "shared_tests", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(
        words, cwd=tmp_path / "here", env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed, 1 deselected" in done.stdout
