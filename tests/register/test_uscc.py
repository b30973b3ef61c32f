"""The credit code's check digit and what is said of a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.register import uscc

ALPHABET = st.sampled_from(uscc.ALPHABET)


@st.composite
def codes(draw: st.DrawFn) -> str:
    """Return a valid code with a valid organisation code inside."""
    region = draw(st.text("0123456789", min_size=6, max_size=6))
    organisation = draw(st.text(uscc.ALPHABET, min_size=8, max_size=8))
    body = "91" + region + organisation + uscc.organisation_check_digit(organisation)
    return body + uscc.check_digit(body)


def said(code: str) -> str:
    return " | ".join(map(str, uscc.what_is_wrong(code)))


def test_known_vector() -> None:
    # Worked by hand from the standard's formula: only the first character counts, 1 * 3**0, so 31 - 1 = 30 -> Y.
    assert uscc.check_digit("1" + "0" * 16) == "Y"
    assert uscc.check_digit("0" * 17) == "0"
    assert uscc.is_valid("1" + "0" * 16 + "Y")


@given(codes())
def test_a_valid_code_has_nothing_wrong(code: str) -> None:
    assert uscc.is_valid(code)
    assert uscc.what_is_wrong(code) == ()


@given(codes(), st.integers(0, 17), ALPHABET)
def test_one_wrong_character_is_always_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert uscc.is_valid(wrong) is (wrong == code)
    assert bool(uscc.what_is_wrong(wrong)) is (wrong != code)


@given(codes(), st.integers(0, 16))
def test_two_swapped_neighbours_are_always_found(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert uscc.is_valid(wrong) is (wrong == code)


def test_swapped_neighbours_are_named() -> None:
    body = "91990102" + "MA000D1C" + uscc.organisation_check_digit("MA000D1C")
    code = body + uscc.check_digit(body)
    wrong = code[:12] + code[13] + code[12] + code[14:]
    assert "第 13、14 位可能颠倒了" in said(wrong)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("1" + "0" * 15, "应为 18 位，实为 16 位"),
        ("1" + "0" * 16 + "X", "应为“Y”，实为“X”"),
        ("1" + "0" * 16 + "y", "字母应为大写"),
        ("1" + "0" * 10 + "O" + "0" * 5 + "Y", "第 12 位是字母“O”，代码不使用 I、O、S、V、Z，可能是“0”"),
        ("10000A0000000000" + "0Y", "第 3 至 8 位（行政区划）应为数字"),
        ("9.11301E+17", "末几位已经丢失"),
        ("1" + "0" * 15 + "А" + "Y", "西里尔字母"),
        ("１" + "0" * 16 + "Y", "第 1 位的“１”是全角字符"),
        ("1" + "0" * 5 + "\u200b" + "0" * 11 + "Y", "看不见的字符"),
        ("1000000000 0000000Y", "空格"),
    ],
)
def test_what_is_wrong_is_said(wrong: str, sentence: str) -> None:
    assert sentence in said(wrong)


def test_identity_numbers_are_told_apart() -> None:
    # Made up: an area, a day, a serial, the check digit by GB 11643. The first has a credit code's digit as well.
    assert uscc.is_valid("11010119900307803X")
    assert uscc.is_citizen_number("11010119900307803X")
    assert uscc.is_citizen_number("11010119900307803x")
    assert not uscc.is_citizen_number("110101199003078031")
    assert not uscc.is_citizen_number("11010119901307803X")
    assert not uscc.is_citizen_number("1" + "0" * 16 + "Y")


@pytest.mark.parametrize(
    ("text", "beside_firms", "alone"),
    [
        ("110105491231002", False, True),  # and here: one in ten has it
        ("650103000229117", False, False),  # there was no 29 February 1900
        ("810102991130301", False, True),  # the check digit of a registration number is right by chance
        ("821201010101015", True, True),
        ("160105491231002", False, False),
        ("110105491331002", False, False),
        ("11010549123100", False, False),
        ("１10105491231002", False, False),
    ],
)
def test_an_identity_number_of_before_1999(text: str, beside_firms: bool, alone: bool) -> None:
    assert uscc.is_citizen_number(text) is beside_firms
    assert uscc.is_citizen_number(text, beside_firms=False) is alone


@pytest.mark.parametrize("text", ["440301103448669", "110108002734659"])
def test_a_registration_number_has_its_check_digit(text: str) -> None:
    assert uscc.is_registration_number(text)
    assert not uscc.is_registration_number(text[:-1] + str((int(text[-1]) + 3) % 10))
    assert not uscc.is_registration_number(text[:-1])


PERSON = "130102199001011237"


@pytest.mark.parametrize(
    "text",
    [
        PERSON,
        f"张三{PERSON}",
        "张三 130102-1990 0101-1237 电话 13012345678",
        f"13012345678 {PERSON}",
        "１３０１０２１９９００１０１１２３７",
        f"（{PERSON}）",
    ],
)
def test_an_identity_number_is_found_in_a_text_however_it_is_written(text: str) -> None:
    assert uscc.is_citizen_number(PERSON)
    assert uscc.holds_citizen_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "示例区清河路8号",
        "130102199001011238",
        f"A{PERSON}",
        f"{PERSON}9",
        "91990102MA3000010X 示例商贸有限公司",
        "0311-86000000；13012345678；13012345679",
        "130102900101123",
    ],
)
def test_other_numbers_in_a_text_are_no_identity_numbers(text: str) -> None:
    assert not uscc.holds_citizen_number(text)
