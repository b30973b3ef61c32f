"""Codes: sixteen signs of eighty random bits, read as people type them, kept as digests of one case."""

from __future__ import annotations

from rectification_fixtures import FIRM_CODE, rectification_desk

from engine.app.rectification.firm_code import CODE_BYTES, case_of_code, code_digest, code_text, is_open


def test_a_code_is_sixteen_signs_without_letters_read_as_others() -> None:
    assert code_text(bytes(CODE_BYTES)) == "0000-0000-0000-0000"
    assert code_text(b"\xff" * CODE_BYTES) == "ZZZZ-ZZZZ-ZZZZ-ZZZZ"
    codes = {code_text(number.to_bytes(CODE_BYTES)) for number in range(2000)}
    assert len(codes) == 2000
    assert not set("ILOU") & {sign for code in codes for sign in code}


def test_what_is_read_as_another_sign_is_the_same_code_of_one_case_alone() -> None:
    printed = "01AB-CDEF-GHJK-MNPQ"
    for typed in (
        printed.lower(),
        "OIab cdef ghjk mnpq",
        "olAB-CDEF-GHJK-MNPQ",
        "０１ＡＢ－CDEF－GHJK－MNPQ",
    ):
        assert code_digest("a-1", typed) == code_digest("a-1", printed)
    assert code_digest("a-2", printed) != code_digest("a-1", printed)


def test_the_page_is_open_unless_the_bureau_closes_it() -> None:
    assert is_open({})
    assert is_open({"firm_page": "open"})
    assert not is_open({"firm_page": "closed"})


def test_a_code_opens_the_case_of_its_firm_until_it_ends() -> None:
    desk = rectification_desk()
    issued = desk.issued()
    with desk.application.store.read() as transaction:
        now = desk.clock.now()
        found = case_of_code(transaction, FIRM_CODE, issued.code.lower(), now)
        assert found == (desk.case, code_digest(desk.case, issued.code))
        assert case_of_code(transaction, FIRM_CODE, issued.code[:-1] + "!", now) is None
        assert case_of_code(transaction, "91130100MA00000016", issued.code, now) is None
        assert case_of_code(transaction, FIRM_CODE, issued.code, issued.ends_at) is None
