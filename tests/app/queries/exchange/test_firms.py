"""One firm, one file: found however it is typed; cases of other sections are counted."""

from __future__ import annotations

import pytest
from bureau_factories import Bureau
from firms_office import NEW, ONE, firms_office

from engine.app.queries.exchange.firms import FirmFile, search_firms, show_firm
from engine.kernel.refusal import Refusal


@pytest.fixture
def office() -> Bureau:
    return firms_office()


@pytest.mark.parametrize(
    "text", ["示例一", "示 例\u200b一 厂", ONE, "ｍａ６ｕｆ９９ｔ６ｔ", "1234567", "１２３４５６７"]
)
def test_a_firm_is_found_however_it_is_typed(office: Bureau, text: str) -> None:
    found = search_firms(office.application, "anna", text)
    assert not isinstance(found, Refusal)
    assert [one.id for one in found] == [ONE]


def test_a_telephone_finds_nothing_for_whoever_may_not_read_it(office: Bureau) -> None:
    assert list(search_firms(office.application, "bela", "1234567")) == []  # type: ignore[arg-type]
    assert list(search_firms(office.application, "anna", " \u200b ")) == []  # type: ignore[arg-type]


def test_its_file_holds_all_cases_and_the_old_ledger(office: Bureau) -> None:
    found = show_firm(office.application, "anna", ONE)
    assert isinstance(found, FirmFile)
    assert [(one.case, one.state, list(one.found)) for one in found.cases] == [
        ("visit-1", "办结", [("结果", ["不合格"])])
    ]
    assert [one.id for one in found.ledger] == ["L-2", "L-1"]
    assert found.as_json()["cases"][0]["found"] == {"结果": ["不合格"]}
    other = show_firm(office.application, "bela", ONE)
    assert isinstance(other, FirmFile)
    assert (list(other.cases), other.hidden) == ([], 1)
    assert isinstance(show_firm(office.application, "anna", NEW), Refusal)
