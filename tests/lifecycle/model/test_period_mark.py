"""What is written behind a period."""

from __future__ import annotations

import pytest

from engine.language import say
from engine.lifecycle.model.period_mark import PeriodMark, join_messages, mark_text


@pytest.mark.parametrize(
    ("mark", "text"),
    [(PeriodMark.STATUTORY, ""), (PeriodMark.SUGGESTED, "（建议值）"), (PeriodMark.LOCAL, "（本地规定）")],
)
def test_a_statutory_period_has_nothing_behind_it_and_others_say_what_they_are(
    mark: PeriodMark, text: str
) -> None:
    assert str(mark_text(mark)) == text
    assert PeriodMark(mark.value) is mark


def test_texts_are_joined_where_both_are_there() -> None:
    five = say("{n} 个工作日", n=5)
    assert join_messages(five, "") is five
    assert join_messages("", five) is five
    assert join_messages("", "") == ""
    assert str(join_messages(five, mark_text(PeriodMark.LOCAL))) == "5 个工作日（本地规定）"
