"""Words of an English sentence go with the number before them."""

from __future__ import annotations

import re

from engine.language import in_language, say
from engine.language.catalogue import read
from engine.language.plurals import agree, has_marks


def test_a_word_goes_with_the_number_before_it() -> None:
    text = "{cases} case(s), {open} [is|are] open"
    assert agree(text, {"cases": 1, "open": 1}) == "{cases} case, {open} is open"
    assert agree(text, {"cases": 2, "open": "1"}) == "{cases} cases, {open} is open"
    assert agree(text, {"cases": 0, "open": 3}) == "{cases} cases, {open} are open"


def test_a_mark_without_a_number_and_what_a_value_holds_stay() -> None:
    assert agree("case(s) of {name}", {"name": "A"}) == "case(s) of {name}"
    assert (has_marks("row(s)"), has_marks("[a|b]"), has_marks("rows")) == (True, True, False)
    with in_language("en"):
        assert str(say("“{case}”没有“{name}”", case="x(s)", name="1")).count("(s)") in (0, 1)


def test_every_mark_of_the_catalogue_has_a_number_before_it() -> None:
    """A count is said in words that go with it; "(s)" is read by nobody."""
    for english in read().values():
        said = agree(english, dict.fromkeys(re.findall(r"\{(\w+)\}", english), "1"))
        assert "(s)" not in said, english


def test_a_sentence_of_the_program_says_one_and_many() -> None:
    with in_language("en"):
        assert str(say("已过期 {days} 天", days=1)) == "expired 1 day ago"
        assert str(say("已过期 {days} 天", days=2)) == "expired 2 days ago"
