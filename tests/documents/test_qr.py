from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from engine.documents.qr import QrCode, check_visit_code, draw_code, paper_address, qr_svg, visit_code

PLAIN = st.text(st.sampled_from("AZaz09-冀"), min_size=1, max_size=6)
LISTS = st.lists(PLAIN, max_size=3, unique=True)


@given(PLAIN, PLAIN, LISTS, LISTS, st.data())
def test_a_code_fits_its_parts_and_no_others(
    case: str, subject: str, items: list[str], certificates: list[str], data: st.DataObject
) -> None:
    code = visit_code(case, subject, items, certificates)
    assert check_visit_code(code)
    assert visit_code(case, subject, items[::-1], certificates[::-1]) == code
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from("AZ09|,"))
    assume(code[place] != other)
    assert not check_visit_code(code[:place] + other + code[place + 1 :])


@given(PLAIN, PLAIN, LISTS, LISTS)
def test_the_address_on_paper_holds_the_code(
    case: str, subject: str, items: list[str], certificates: list[str]
) -> None:
    code = visit_code(case, subject, items, certificates)
    address = paper_address("https://a.example/", code)
    assert address.startswith("https://a.example/check.html#SSJ1%7C")
    assert address.isascii()
    assert check_visit_code(address)
    assert not check_visit_code(address.replace("SSJ1", "SSJ2"))
    assert paper_address("", code) == code


def test_the_text_of_a_visit() -> None:
    code = visit_code("visit-1", "O1", ["L2", "L1"], ["冀A-2", "冀A-1"])
    mark, case, subject, items, certificates, digest = code.split("|")
    assert (mark, case, subject, items, certificates) == ("SSJ1", "visit-1", "O1", "L1,L2", "冀A-1,冀A-2")
    assert len(digest) == 16
    assert set(digest) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    "text", ["", "SSJ1", "SSJ2|a|b|c|d|e", "SSJ1|a|b|c|d|0000000000000000", "SSJ1|a|b|c|d"]
)
def test_other_texts_are_no_code_of_a_visit(text: str) -> None:
    assert not check_visit_code(text)


def test_the_text_under_a_commitment() -> None:
    assert draw_code("batch-1", 2, "5f" * 32) == "SSJ-DRAW1|batch-1|2|" + "5f" * 32
    assert not check_visit_code(draw_code("batch-1", 2, "ab"))


def test_a_code_is_drawn_with_a_title_that_stays_a_text() -> None:
    drawn = qr_svg("SSJ1|a", "<b>任务</b>")
    root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [title.text for title in root.iter("{http://www.w3.org/2000/svg}title")] == ["<b>任务</b>"]
    assert isinstance(drawn, Markup)
    assert qr_svg("SSJ1|a", "<b>任务</b>") is drawn
    assert qr_svg("SSJ1|b", "<b>任务</b>") != drawn


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr_svg("x" * 5_000, "任务")


def test_a_code_in_a_template_is_drawn_where_it_is_shown() -> None:
    code = QrCode("SSJ1|a", "任务")
    assert str(code) == qr_svg("SSJ1|a", "任务")
    assert escape(code) == qr_svg("SSJ1|a", "任务")
    too_long = QrCode("x" * 5_000, "任务")
    with pytest.raises(ValueError, match="Data too large"):
        str(too_long)
