"""Addresses: of pages, and those a visitor sent."""

from __future__ import annotations

import pytest
from workbench_fixtures import Desk

from engine.web.visit import PageVisit, SignInNeededError, address_of, go_to, local_address


def test_addresses() -> None:
    assert address_of("cases", "a b/c") == "/cases/a%20b%2Fc"
    assert go_to("x", query="a=1").headers["Location"] == "/x?a=1"
    assert local_address("/cases?text=1") == "/cases?text=1"
    assert local_address("//x") == "/"


def test_nobody_signed_in(desk: Desk) -> None:
    visit = PageVisit(
        workbench=desk.bench,
        visitor=None,
        secret="",
        form_token="",
        language="en",
        method="GET",
        path="/",
        address="/",
        origin="",
    )
    with pytest.raises(SignInNeededError):
        assert visit.person
