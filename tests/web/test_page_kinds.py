"""Every kind of page, walked: signed out, by who may not, small, with its headers, and with nothing inline."""

from __future__ import annotations

import re

import pytest
from page_addresses import address
from workbench_fixtures import Desk

from engine.web.guards import HEADERS
from engine.web.page_kinds import PAGE_KINDS

KINDS = {kind.name: kind for kind in PAGE_KINDS}
MAX_BYTES = 100_000
#: Written into a page, it would run or paint against the policy.
INLINE = re.compile(r"<script(?! src=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
#: Kinds whose query says of a case there is not that it has no draw.
ANSWERED_OTHERWISE = {"draw", "ceremony"}


@pytest.mark.parametrize("name", KINDS)
def test_signed_out_a_page_shows_nothing_of_the_bureau(name: str, desk: Desk) -> None:
    kind = KINDS[name]
    path = address(kind, desk.bureau.start())
    for method in kind.methods:
        answer = desk.client.request(method, path)
        assert "示例企业" not in answer.text
        if kind.signed_in:
            assert answer.status_code == 303
            assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("name", KINDS)
def test_signed_in_a_page_is_small_and_whole(name: str, signed_in: Desk) -> None:
    kind = KINDS[name]
    if "GET" not in kind.methods or not kind.page:
        return
    answer = signed_in.get(address(kind, signed_in.bureau.start()))
    # Some pages are for few; their refusal is a page as whole as they are.
    assert answer.status_code in (200, 403, 404, 422), answer.text
    assert {key: answer.headers[key.lower()] for key in HEADERS} == dict(HEADERS)
    assert len(answer.content) <= MAX_BYTES
    assert not INLINE.findall(answer.text)
    assert answer.text.count("<h1") == 1
    assert 'name="viewport"' in answer.text
    ids = re.findall(r'\bid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', answer.text)) <= set(ids)


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if "{case}" in kind.path])
def test_a_case_of_another_section_is_answered_like_one_there_is_not(name: str, desk: Desk) -> None:
    case = desk.bureau.start()
    desk.sign_in("clerk-9")
    kind = KINDS[name]
    hidden, nothing = address(kind, case), address(kind, "visit-999")
    for method in kind.methods:
        form = {"form_token": desk.client.get("/").text.split('name="form_token" value="')[1].split('"')[0]}
        answers = [
            desk.client.request(method, path, data=form if method == "POST" else None)
            for path in (hidden, nothing)
        ]
        assert answers[0].status_code == answers[1].status_code
        assert "示例企业" not in answers[0].text
        if name not in ANSWERED_OTHERWISE:
            assert answers[0].text.replace(case, "visit-999") == answers[1].text


@pytest.mark.parametrize("name", KINDS)
def test_a_form_without_its_token_does_nothing(name: str, signed_in: Desk) -> None:
    kind = KINDS[name]
    if "POST" not in kind.methods:
        return
    path = address(kind, signed_in.bureau.start())
    assert signed_in.client.post(path, data={"form_token": "0" * 64}).status_code == 403
