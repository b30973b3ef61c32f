"""Who confirms, rejects and withdraws a proposal, and who never does."""

from __future__ import annotations

import pytest
from register_fixtures import CLERK, KEEPER, OTHER, by, events, reasons, small_application

from engine.app.commands.application import Application
from engine.app.commands.credentials import create_token
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm, reject, withdraw
from engine.app.history.credential import proven


@pytest.fixture
def proposed() -> tuple[Application, str]:
    application = small_application()
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    reasons(create_token(application, by(), CLERK))
    with application.store.read() as transaction:
        return application, transaction.proposals.all()[-1].id


def test_nobody_agrees_to_their_own(proposed: tuple[Application, str]) -> None:
    application, made = proposed
    assert reasons(confirm(application, by(), made)) == ["提请的人不能自己确认或驳回；须由另一人办理"]
    assert "不能自己确认" in reasons(reject(application, by(), made, "不"))[0]
    with proven(CLERK, "0badcafe"):
        assert "凭令牌不能" in reasons(confirm(application, by(CLERK), made))[0]
    reasons(confirm(application, by("gone-1"), made))
    assert reasons(confirm(application, by(CLERK), "proposal-99")) == ["没有提请“proposal-99”"]


def test_those_who_are_no_keepers_and_not_concerned(proposed: tuple[Application, str]) -> None:
    application, _ = proposed
    assert set_administrators(application, by(), (KEEPER, CLERK)) is not None
    reasons(create_token(application, by(), OTHER))
    with application.store.read() as transaction:
        made = transaction.proposals.all()[-1].id
    assert confirm(application, by(OTHER), made) == KEEPER
    with application.store.read() as transaction:
        of_keepers = transaction.proposals.all()[-2]
    assert of_keepers.use_case == "administrator.change"
    assert "不能确认或驳回" in reasons(confirm(application, by(CLERK), of_keepers.id))[0]


def test_a_proposal_is_settled_once(proposed: tuple[Application, str]) -> None:
    application, made = proposed
    for empty in (" ", "\u200b\u3164"):
        assert reasons(reject(application, by(CLERK), made, empty)) == ["驳回须说明理由"]
    assert reject(application, by(CLERK), made, "不需要") == KEEPER
    for again in (confirm(application, by(OTHER), made), reject(application, by(OTHER), made, "不")):
        assert reasons(again) == [f"“{made}”已经办结或撤回，不能再办"]
    assert "不能再办" in reasons(withdraw(application, by(), made))[0]
    # It is proposed anew.
    reasons(create_token(application, by(), CLERK))
    assert [event.kind for event in events(application, "proposals")][-2:] == ["rejected", "proposed"]


def test_what_was_confirmed_can_be_withdrawn_before_it_is_done(proposed: tuple[Application, str]) -> None:
    application, made = proposed
    assert reasons(withdraw(application, by(CLERK), made)) == [f"没有提请“{made}”"]
    confirm(application, by(CLERK), made)
    assert withdraw(application, by(), made) == KEEPER
    assert "已提请" in reasons(create_token(application, by(), CLERK))[0]
