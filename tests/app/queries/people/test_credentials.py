"""Tokens are listed to people of the bureau, without the tokens themselves."""

from __future__ import annotations

from datetime import timedelta

from register_fixtures import CLERK, KEEPER, OTHER, by, small_application

from engine.app.commands.credentials import IssuedToken, create_token, revoke_token
from engine.app.queries.people.credentials import list_all_tokens, list_tokens
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM


def test_tokens_with_whether_they_are_good() -> None:
    application = small_application()
    made = [create_token(application, by(), person, "导出", 30) for person in (CLERK, OTHER)]
    assert all(isinstance(one, IssuedToken) for one in made)
    for stranger in ("nobody", "gone-1", SYSTEM):
        assert isinstance(list_all_tokens(application, stranger), Refusal)
        assert isinstance(list_tokens(application, stranger, person=CLERK), Refusal)
    revoke_token(application, by(), made[0].id)  # type: ignore[union-attr] # asked above
    found = list_all_tokens(application, KEEPER)
    assert not isinstance(found, Refusal)
    assert {(one.token.person, one.good) for one in found} == {(CLERK, False), (OTHER, True)}
    assert {one.last_day.isoformat() for one in found} == {"2026-04-01"}
    found = list_tokens(application, KEEPER, person=OTHER)
    assert not isinstance(found, Refusal)
    assert [one.token.person for one in found] == [OTHER]
    application.clock.advance(timedelta(days=31))  # type: ignore[attr-defined] # a clock moved by hand
    found = list_tokens(application, KEEPER, person=OTHER)
    assert not isinstance(found, Refusal)
    assert [one.good for one in found] == [False]


def test_people_see_their_own_and_keepers_of_people_all() -> None:
    application = small_application()
    for person in (CLERK, OTHER):
        assert isinstance(create_token(application, by(), person, "导出", 30), IssuedToken)
    own = list_all_tokens(application, CLERK)
    assert not isinstance(own, Refusal)
    assert [one.token.person for one in own] == [CLERK]
    assert list_tokens(application, CLERK, person=CLERK) == own
    refused = list_tokens(application, CLERK, person=OTHER)
    assert isinstance(refused, Refusal)
    assert str(refused) == f"“{CLERK}”不能替他人办理；可由“{OTHER}”本人或名录库管理员（{KEEPER}）办理"
