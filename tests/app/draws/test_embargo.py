"""Profiles, custodians and codes as plans and forms give them."""

from __future__ import annotations

import pytest
from draws_fixtures import CODES, CUSTODIANS, OLDER, Desk

from engine.app.draws.embargo import codes_of, custodians_of, profile_of
from engine.draw.commitment import DrawProfile
from engine.draw.refused import DrawRefused


def test_a_plan_names_its_profile_or_none() -> None:
    assert profile_of(None) is DrawProfile.OPEN
    assert profile_of("embargo") is DrawProfile.EMBARGO
    with pytest.raises(DrawRefused, match="实为“secret”"):
        profile_of("secret")


def test_codes_come_as_a_text_or_as_rows(kept: Desk) -> None:
    commitment = kept.record().parsed
    assert codes_of("\n".join(CODES), commitment) == tuple(CODES)
    assert codes_of([{"code": f" {code} "} for code in CODES], commitment) == tuple(CODES)
    assert codes_of(None, commitment) == ()


def test_an_open_draw_takes_no_codes(desk: Desk) -> None:
    assert codes_of(CODES, desk.committed().record().parsed) == ()


def test_who_gave_a_code_goes_on_one_link_further_back(kept: Desk) -> None:
    assert [one.head for one in custodians_of(CUSTODIANS, None)] == [one["head"] for one in CUSTODIANS]
    unused = custodians_of(CUSTODIANS, kept.record())
    assert [(one.head, one.length) for one in unused] == [(one["head"], 5) for one in CUSTODIANS]
    spent = custodians_of(CUSTODIANS, kept.drawn_under_embargo().record())
    assert [(one.head, one.length) for one in spent] == [(code, 4) for code in CODES]
    assert not set(OLDER) & {one.head for one in spent}
