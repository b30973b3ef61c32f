from __future__ import annotations

import pytest

from engine.draw.entropy import (
    compose_entropy,
    entropy_problems,
    hash_times,
    make_chain,
    parse_code,
    reveal_problems,
    same_typing,
    source_problems,
    watermark,
)
from engine.draw.refused import DrawRefused

SOURCES = ("ssq", "dice:6")
GOOD = "ssq:2026001:01.05.09.17.22.30+07/dice:012345/batch:B1"


def test_composed_text_is_canonical() -> None:
    values = {"ssq": "2026001:01.05.09.17.22.30+07", "dice": "012345"}
    assert compose_entropy(SOURCES, values, "B1") == GOOD
    assert compose_entropy(SOURCES, values, "TEST-1") == "TEST-" + GOOD.replace("B1", "TEST-1")
    assert not entropy_problems(GOOD, SOURCES, "B1")
    with pytest.raises(DrawRefused, match="双色球"):
        compose_entropy(SOURCES, {"dice": "012345"}, "B1")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("01.05", "1.05", "前导零要保留"),
        ("01.05", "01.5", "5 写成 05"),
        (".30+", ".34+", "超出范围"),
        ("+07", "+17", "01 至 16"),
        ("+07", "+00", "超出范围"),
        ("01.05", "05.01", "从小到大写：01.05.09.17.22.30"),
        ("01.05", "05.05", "号码重复"),
        ("01.05.", "01.", "应有 6 个号，实有 5 个"),
        ("+07", "", "没有 +"),
        ("2026001", "26001", "7 位数字"),
        ("012345", "12345", "应有 6 位，实有 5 位"),
        ("012345", "01234x", "全是 0-9"),
        ("/dice:012345", "", "来源有 2 个，随机串里有 1 个"),
        (
            "ssq:2026001:01.05.09.17.22.30+07/dice:012345",
            "dice:012345/ssq:2026001:01.05.09.17.22.30+07",
            "此处应为 ssq",
        ),
        ("batch:B1", "batch:B2", "别的批次"),
        ("01.05", "01．05", "全角"),
        ("01.05", "01. 05", "空格"),
        ("012345", "01234５", "全角"),
    ],
)
def test_wrong_texts_are_taught(old: str, new: str, says: str) -> None:
    problems = entropy_problems(GOOD.replace(old, new), SOURCES, "B1")
    assert any(says in str(problem) for problem in problems), [str(problem) for problem in problems]


def test_trial_and_real_draws_never_share_entropy() -> None:
    assert "试抽" in str(entropy_problems("TEST-" + GOOD, SOURCES, "B1")[0])
    trial = GOOD.replace("B1", "TEST-B1")
    assert "TEST-" in str(entropy_problems(trial, SOURCES, "TEST-B1")[0])
    assert not entropy_problems("TEST-" + trial, SOURCES, "TEST-B1")
    assert watermark("TEST-B1")
    assert not watermark("B1")


def test_a_pinned_issue_cannot_be_changed() -> None:
    assert not entropy_problems(GOOD, ("ssq:2026001", "dice:6"), "B1")
    assert "2026002" in str(entropy_problems(GOOD, ("ssq:2026002", "dice:6"), "B1")[0])


def test_sources() -> None:
    assert not source_problems(("ssq:2026001", "dlt", "dice:24"))
    assert len(source_problems(("drand", "dice:0", "ssq:1", "ssq"))) == 4
    assert source_problems(())


def test_the_other_lottery() -> None:
    text = "dlt:2026010:01.05.09.17.35+01.12/batch:B1"
    assert not entropy_problems(text, ("dlt",), "B1")
    assert entropy_problems(text.replace("35", "36"), ("dlt",), "B1")


def test_two_typings() -> None:
    assert not same_typing(GOOD, GOOD)
    (problem,) = same_typing(GOOD, GOOD.replace("09", "08"))
    assert "第 20 个字符" in str(problem)
    assert same_typing("12", "123")


def test_hash_chains() -> None:
    chain = make_chain(b"secret", 4)
    assert chain[-1] == hash_times(b"secret", 4)
    heads = [("甲", chain[-1].hex()), ("乙", make_chain(b"other", 3)[-1].hex())]
    codes = [chain[-2].hex(), make_chain(b"other", 3)[-2].hex()]
    assert not reveal_problems(heads, codes)
    assert not reveal_problems(heads[:1], [chain[-3].hex()], step=2)
    assert "乙" in str(reveal_problems(heads, [codes[0], codes[0]])[0])
    assert reveal_problems(heads, [codes[0].upper(), codes[1]])
    assert "作废" in str(reveal_problems(heads, codes[:1])[0])
    assert len(reveal_problems(heads, ["zz", ""])) == 2
    with pytest.raises(ValueError, match="at least two"):
        make_chain(b"secret", 1)
    with pytest.raises(DrawRefused, match="64 个 0"):
        parse_code("abc")
