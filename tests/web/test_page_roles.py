"""Every kind of page, opened by everybody: each role, the other section, nobody signed in. What they get is in a table; a new kind fails until it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
import workbench_fixtures
import yaml
from page_addresses import address
from workbench_fixtures import Desk

from engine.web.page_kinds import PAGE_KINDS

#: Kind -> who opens a page of it -> the status.
TABLE = Path(__file__).with_name("who_opens_what.yaml")
#: Who opens: a role of the section of the case, the same role of another section, its head, the head of the bureau.
PEOPLE = {"clerk": "clerk-1", "other-section": "clerk-9", "chief": "chief-1", "head": "head-1"}
KINDS = {kind.name: kind for kind in PAGE_KINDS if "GET" in kind.methods}


@pytest.fixture(scope="module")
def desks() -> dict[str, Desk]:
    """Return one workbench and a browser for each of them, signed in."""
    found: dict[str, Desk] = {}
    whole = workbench_fixtures.desk()
    for who in (*PEOPLE, "signed-out"):
        browser = type(whole.client)(
            whole.client.app, base_url=workbench_fixtures.BASE, follow_redirects=False
        )
        found[who] = Desk(whole.bureau, whole.bench, browser)
        if who in PEOPLE:
            found[who].sign_in(PEOPLE[who])
    return found


def opened(name: str, desks: dict[str, Desk]) -> dict[str, int]:
    """Return the status everybody gets."""
    case = desks["clerk"].bureau.start()
    return {who: desk.get(address(KINDS[name], case)).status_code for who, desk in desks.items()}


def test_the_table_has_every_kind() -> None:
    assert set(yaml.safe_load(TABLE.read_text(encoding="utf-8"))) == set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_who_gets_a_page(name: str, desks: dict[str, Desk]) -> None:
    table = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    found = opened(name, desks)
    assert found == table[name]
    # Of a case of another section nobody learns whether there is one. A receipt says a number of the address, and nothing of the case.
    if "{case}" in KINDS[name].path and KINDS[name].signed_in and name != "receipt":
        assert found["other-section"] in (403, 404)
    if KINDS[name].signed_in:
        assert found["signed-out"] == 303
