"""The place of a case in its list: before, after, and on to the next when it is done."""

from __future__ import annotations

import re

from page_visits import visit_of
from workbench_fixtures import GOOD, Desk

from engine.web.pages.lists.place import list_address, neighbours, place_query


def links(text: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'class="row" href="([^"]+)"', text)]


def test_one_goes_on_to_the_next_when_one_is_done(signed_in: Desk) -> None:
    cases = [signed_in.bureau.start() for _ in range(3)]
    rows = links(signed_in.get("/?tab=all&text=示例").text)
    page = signed_in.get(rows[0]).text
    assert 'rel="next"' in page
    assert 'rel="prev"' not in page
    step = re.search(r'href="(/cases/visit-1/steps/report\?[^"]+)"', page)
    assert step is not None
    at = step[1].replace("&amp;", "&")
    answer = signed_in.post(at, do="confirm-next", **GOOD)
    assert answer.status_code == 303
    address = answer.headers["location"]
    assert address.startswith(f"/cases/{cases[1]}?")
    assert "上一件已办理" in signed_in.get(address).text
    assert "visit-1-2" in signed_in.get(address).text
    last = signed_in.get(rows[2]).text
    assert 'rel="prev"' in last
    assert 'rel="next"' not in last


def test_an_address_without_a_place(desk: Desk) -> None:
    visit = visit_of(desk, "/cases/visit-1?tab=week&other=1")
    assert neighbours(visit) == (None, None)
    assert place_query(visit, number="2") == "tab=week&number=2"
    assert list_address(visit) == "/?tab=week"
    assert list_address(visit_of(desk, "/cases/visit-1")) == "/"
