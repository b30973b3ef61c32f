"""The running number in the id of a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from engine.lifecycle.case import Case
from engine.synthetic.case_number import number_of

AT = datetime(2024, 9, 2, tzinfo=UTC)
CASE = Case(
    id="visit-2024-0017",
    workflow="visit",
    version=1,
    state="open",
    rev=1,
    head="",
    title="件",
    section=None,
    opened_at=AT,
    entered_at=AT,
)


@pytest.mark.parametrize(("case_id", "number"), [("visit-2024-0017", 17), ("visit-3", 3), ("a-b-120", 120)])
def test_the_number_stands_at_the_end_of_the_id(case_id: str, number: int) -> None:
    assert number_of(replace(CASE, id=case_id)) == number


def test_an_id_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        number_of(replace(CASE, id="visit"))
