from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.register import uscc
from engine.register.profile import built_in
from engine.register.values import Context, reader_for
from engine.site.masking import mask, mask_identity_numbers

#: Made up: digits of a real shape, of nobody.
PHONE = "13800000000"


@pytest.mark.parametrize(
    "written",
    [
        PHONE,
        "138-0000-0000",
        "138 0000 0000",
        "138\u00ad0000\u00ad0000",
        "138\u20620000\u31640000",
        "138,0000,0000",
        "138_0000_0000",
        "138.0000.0000",
        "138/0000/0000",
        "+86 13800000000",
        "008613800000000",
        "（138）00000000",
        "1 3 8 0 0 0 0 0 0 0 0",
        "１３８００００００００",
        "一三八〇〇〇〇〇〇〇〇",
        "幺三八零零零零零零零零",
        "138\u200b0000\u200b0000",
        "0311-86000000",
        "(010)86000000",
        "400-800-1234",
        "8008001234",
        "110105199001011234",
        "110105 19900101 123X",
        "11010519900101123x",
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert mask(written, "▇").strip("+()（") == "▇"
    assert mask(f"联系人甲，{written}，乙", "▇").replace("（", "") == "联系人甲，▇，乙"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话：12345678", "电话：▇"),
        ("微信 13800000", "微信 ▇"),
        ("QQ: 123456789", "QQ: ▇"),
        ("Tel:+123 456-789", "Tel:▇"),
        ("身份证号码 1234567", "身份证号码 ▇"),
        (f"甲{PHONE}乙{PHONE}", "甲▇乙▇"),
    ],
)
def test_what_a_text_itself_calls_a_number_goes(text: str, masked: str) -> None:
    assert mask(text, "▇") == masked


BODY = "91110105MA01234567"[:17]
CODE = BODY + uscc.check_digit(BODY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12345",
        "2024年9月14日",
        "示人社抽〔2024〕17号",
        "抽查1203户，比例3%",
        "2024-09-14 10:30:00",
        "ab" * 32,
        "13800000000" + "a" * 40,
        CODE,
        f"代码{CODE}有效",
        "没有数字的一句话",
        "第123456789012345678901号",
    ],
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert mask(text, "▇") == text


def test_a_credit_code_beside_a_number_stays_and_a_wrong_one_is_looked_at() -> None:
    assert mask(f"{CODE}，{PHONE}", "▇") == f"{CODE}，▇"
    wrong = BODY + ("A" if CODE[-1] != "A" else "B")
    assert uscc.is_valid(CODE)
    assert not uscc.is_valid(wrong)
    assert mask(wrong, "▇") == wrong


def test_digits_inside_a_credit_code_are_nobodys_telephone() -> None:
    body = f"9A{PHONE}ABCD"
    code = body + uscc.check_digit(body)
    assert uscc.is_valid(code)
    assert mask(code, "▇") == code
    wrong = body + ("A" if code[-1] != "A" else "B")
    assert mask(wrong, "▇") == f"9A▇{wrong[13:]}"


def identity(region: int, serial: int) -> str:
    """Return a number of the shape of an identity number, with the right last sign."""
    body = f"{region:06d}19900101{serial:03d}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


@given(st.integers(100_000, 999_999), st.integers(0, 999))
def test_what_is_an_identity_number_is_asked_of_the_register(region: int, serial: int) -> None:
    number = identity(region, serial)
    code = uscc.is_valid(number) and not uscc.is_citizen_number(number)
    assert mask(f"甲 {number} 乙", "▇") == (f"甲 {number} 乙" if code else "甲 ▇ 乙")


def test_an_identity_number_goes_also_where_it_passes_as_a_credit_code() -> None:
    both = [
        number
        for region in (110105, 130102, 440305, 510104)
        for serial in range(1_000)
        if uscc.is_valid(number := identity(region, serial))
    ]
    assert len(both) > 50  # about one in 31
    assert {mask(number, "▇") for number in both} == {"▇"}


def test_numbers_of_files_are_looked_through_for_identity_numbers_alone() -> None:
    person = identity(110105, 12)
    assert mask_identity_numbers(f"WJ-{PHONE}", "▇") == f"WJ-{PHONE}"
    assert mask_identity_numbers(f"一 {person[:6]} {person[6:14]} {person[14:]} 二", "▇") == "一 ▇ 二"
    assert mask_identity_numbers(person[:17] + ("1" if person[17] != "1" else "2"), "▇") != "▇"
    assert mask_identity_numbers(CODE, "▇") == CODE


@given(
    st.from_regex(
        r"(\+?86-?)?1[3-9][0-9]{9}|0[1-9][0-9]{1,2}-?[2-9][0-9]{6,7}|[48]00-?[0-9]{3}-?[0-9]{4}",
        fullmatch=True,
    )
)
def test_what_the_register_takes_for_a_telephone_is_found_in_a_text(number: str) -> None:
    read = reader_for(
        built_in("objects").columns["phone"], Context(built_in("objects").words, {}, "联系电话")
    )
    assert read(number)[1] is None
    assert number not in mask(f"请与{number}联系", "▇")


@given(st.text(max_size=30))
def test_what_was_masked_holds_nothing_more(text: str) -> None:
    once = mask(text, "▇")
    assert mask(once, "▇") == once


@pytest.mark.parametrize(
    "text",
    [
        "示人社罚〔2024〕13812345678号",
        "示人社抽[2024]第13800000000号",
        "文号：13912345678，已归档",
        "受理号 １３９１２３４５６７８",
        "第13812345678号通知书",
    ],
)
def test_the_number_of_a_file_is_nobodys_telephone(text: str) -> None:
    assert mask(text, "▇") == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("〔2024〕5号，电话13812345678", "〔2024〕5号，电话▇"),
        ("文号5，13812345678", "文号5，▇"),
        ("第13812345678", "第▇"),
        ("13812345678号机", "▇号机"),
        ("编号110105199001011234", "编号▇"),
    ],
)
def test_a_telephone_beside_the_number_of_a_file_is_not_kept(text: str, masked: str) -> None:
    assert mask(text, "▇") == masked


def test_a_code_of_before_2016_with_another_last_sign_is_a_code() -> None:
    # Eleven digits after a letter: in a sentence they would be a telephone.
    start = f"9A{PHONE}"
    body = next(
        f"{start}AB{last}{uscc.organisation_check_digit(start[8:] + 'AB' + last)}"
        for last in "CDEFGHJKLM"
        if uscc.organisation_check_digit(start[8:] + "AB" + last) in uscc.ALPHABET
    )
    legacy = body + ("A" if uscc.check_digit(body) != "A" else "B")
    assert uscc.only_check_digit_wrong(legacy)
    assert mask(f"代码{legacy}的企业", "▇") == f"代码{legacy}的企业"
    # Another character inside the organisation code: no code, and what looks like a telephone goes.
    assert "▇" in mask(f"{body[:16]}{'1' if body[16] != '1' else '2'}{legacy[17:]}", "▇")
    # Digits alone, in the shape of an identity card.
    inside = "90010112"
    digits = f"91110119{inside}{uscc.organisation_check_digit(inside)}"
    wrong = digits + ("1" if uscc.check_digit(digits) != "1" else "2")
    assert mask(wrong, "▇") == "▇"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("经营者身份号420106520601336已核对", "经营者身份号*已核对"),
        ("４２０１０６ 520601 336", "*"),
        ("注册号110108002734659", "注册号110108002734659"),
        ("流水420106529901336", "流水420106529901336"),
    ],
)
def test_an_identity_number_of_15_digits(text: str, shown: str) -> None:
    assert mask(text, "*") == shown
    assert mask_identity_numbers(text, "*") == shown
