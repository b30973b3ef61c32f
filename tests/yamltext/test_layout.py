"""The formatter: gaps and blank lines are made alike, comments and texts stay, what would read otherwise is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.yamltext.layout import formatted

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:   { b: 1,c:  [ x ,y ] } # k\n", "a: {b: 1, c: [x, y]} # k\n"),
        ("a: 1   \n\n\n\nb: 2", "a: 1\n\nb: 2\n"),
        ("#note\na: 1\n", "# note\na: 1\n"),
        ("a:\n  -   x\n", "a:\n  - x\n"),
        ("a: 1\r\nb: 2\r\n", "a: 1\nb: 2\n"),
        ("a: |\n  x   \n\n\n  y\nb: 2\n", "a: |\n  x   \n\n\n  y\nb: 2\n"),
        ("a: 'x  {  y'\n", "a: 'x  {  y'\n"),
        ("a: [x\n", "a: [x\n"),
        ("- \r", "-\n"),
    ],
)
def test_layout(before: str, after: str) -> None:
    assert formatted(before) == after
    assert formatted(after) == after


def test_the_shipped_files_are_laid_out() -> None:
    for path in [*(ROOT / "workflows").rglob("*.yaml"), *(ROOT / "forms").glob("*.yaml")]:
        text = path.read_text(encoding="utf-8")
        assert formatted(text) == text, path.name


def test_a_tab_between_brackets_is_left_alone() -> None:
    # One of the two parsers takes it for a blank, the other for nothing it knows.
    assert formatted("a: {x: 1\t, b: 2}\n") == "a: {x: 1\t, b: 2}\n"
