"""``draw`` of a bureau file."""

from __future__ import annotations

from datetime import date

import pytest
from parts import book_of, said, value_of

from engine.definition.reader.draw_policy import read_draw_policy
from engine.lifecycle.model.draw_policy import DrawPolicy, SigningParty

KEY = "ab" * 32


def read(text: str) -> tuple[DrawPolicy, list[str]]:
    diagnostics = book_of(text)
    return read_draw_policy(diagnostics, value_of(text)), said(diagnostics)


def test_a_policy_is_read() -> None:
    found, problems = read(
        f"{{parties: [{{title: 公证处, key: '{KEY}'}}, {{名称: 示例, 公钥: '{KEY}', 虚构: true}}],"
        " lead_days: 2, 失效天数: 10, closed_days: [2026-02-14..2026-02-23]}"
    )
    assert problems == []
    assert found == DrawPolicy(
        parties=(SigningParty("公证处", KEY), SigningParty("示例", KEY, True)),
        lead_days=2,
        lapse_days=10,
        closed=((date(2026, 2, 14), date(2026, 2, 23)),),
    )
    assert read_draw_policy(book_of(""), None) == DrawPolicy()


@pytest.mark.parametrize(
    "text",
    [
        "{parties: [{title: 公证处, key: AB}]}",
        "{lead_days: 0}",
        "{lapse_days: 91}",
        "{closed_days: [2026-02-23..2026-02-14]}",
        "{closed_days: [2026-02-30..2026-03-01]}",
        "{closed_days: [spring]}",
    ],
)
def test_what_cannot_be_is_reported(text: str) -> None:
    assert len(read(text)[1]) == 1
