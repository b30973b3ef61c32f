"""Due dates in words."""

from __future__ import annotations

import pytest

from engine.web.words.due import due_words


@pytest.mark.parametrize(
    ("days", "late", "text", "mark"),
    [
        (None, False, "没有时限", "none"),
        (0, False, "今天到期", "soon"),
        (1, False, "还有 1 个工作日", "soon"),
        (9, False, "还有 9 个工作日", "later"),
        (-2, True, "已逾期 2 个工作日", "late"),
        (0, True, "已逾期 1 个工作日", "late"),
    ],
)
def test_words_and_mark(days: int | None, late: bool, text: str, mark: str) -> None:
    found = due_words(days, late)
    assert (str(found.text), found.mark) == (text, mark)
