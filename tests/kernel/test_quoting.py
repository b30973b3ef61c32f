"""Words of somebody are said again cut, on one line, and with what nobody sees named."""

from __future__ import annotations

import pytest

from engine.kernel.quoting import (
    MAX_QUOTED,
    explain_unseen,
    not_as_it_seems,
    quoted,
    quoted_text,
    unseen_at,
    wide_at,
    words_not_as_they_seem,
)
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say, term


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("annual_plan", "annual_plan"),
        ("年度计划（2026）", "年度计划（2026）"),
        ("annual_plan\u200b", "annual_plan\\u200b"),
        ("a\nb\tc", "a\\u000ab\\u0009c"),
        ("\x1b[31m", "\\u001b[31m"),
        ("葛\U000e0100", "葛\U000e0100"),
        ("a\ufe0f\u2800", "a\\ufe0f\\u2800"),
        ("\ud800", "\\ud800"),
        ("a" * 100_000, "a" * (MAX_QUOTED - 1) + "…"),
        ("e" + "\u0301" * 190, "e" + "\u0301" * 190),
    ],
)
def test_a_word_said_again(text: str, again: str) -> None:
    assert quoted_text(text) == again


def test_a_word_of_the_product_stays_one() -> None:
    word = term("经办人")
    assert quoted_text(word) is word


def test_a_sentence_within_a_sentence() -> None:
    inner = say("“{word}”", word="a\nb")
    message = say("{inner} {many} {count}", inner=inner, many=["x\u200b", "y"], count=3)
    assert str(quoted(message)) == "“a\\u000ab” x\\u200b、y 3"
    plain = say("“{word}”", word="a")
    assert quoted(plain) is plain


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("annual_plan", None),
        ("示例（集团）公司", None),
        ("示例１", None),
        ("annual_plan\u200b", "“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去"),
        ("示\u2060例", "“示\\u2060例”第 2 位是看不见的字符（U+2060），请删去"),
        ("ａnnual_plan", "“ａnnual_plan”第 1 位的“ａ”是全角字符，请改为半角“a”"),
        ("insp－01", "“insp－01”第 5 位的“－”是全角字符，请改为半角“-”"),
    ],
)
def test_an_id_that_is_not_what_it_seems(text: str, wrong: str | None) -> None:
    found = not_as_it_seems(text)
    assert (None if found is None else str(found)) == wrong
    whole = words_not_as_they_seem(say("没有“{word}”", word=text))
    assert (None if whole is None else str(whole)) == wrong


def test_signs_are_named_by_their_place() -> None:
    assert [str(one) for one in explain_unseen("a\u200bb\r\n\u00ad")] == [
        "第 2 位是看不见的字符（U+200B），请删去",
        "第 6 位是看不见的字符（U+00AD），请删去",
    ]
    assert explain_unseen("甲乙") == ()
    assert str(unseen_at(3, "\ufeff")) == "第 3 位是看不见的字符（U+FEFF），请删去"
    assert str(wide_at(3, "７")) == "第 3 位的“７”是全角字符，请改为半角“7”"


def test_every_refusal_says_so() -> None:
    reason = RefusalReason("workflow", say("没有已发布的流程“{workflow}”", workflow="annual_plan\u200b"))
    refusal = Refusal(None, "annual\nplan", (reason,))
    said = str(refusal)
    assert "“annual\\u000aplan”" in said
    assert said.endswith("“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去")
    assert reason.as_json()["hint"] == "“annual_plan\\u200b”第 12 位是看不见的字符（U+200B），请删去"
    long = RefusalReason("case", say("案件 {case} 不存在", case="a" * 100_000))
    assert len(str(long)) < 250
