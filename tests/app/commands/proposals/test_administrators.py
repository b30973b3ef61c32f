"""Naming the administrators."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, by, reasons, small_application

from engine.app.commands.proposals.administrators import set_administrators
from engine.lifecycle.command import SYSTEM


def test_two_different_people_who_work_here() -> None:
    application = small_application()
    assert reasons(set_administrators(application, by(), (KEEPER, KEEPER))) == [
        "管理员至少要有 2 人，各不相同"
    ]
    assert reasons(set_administrators(application, by(), (KEEPER, "gone-1"))) == ["名录中没有在岗的“gone-1”"]
    assert "不能办理此事" in reasons(set_administrators(application, by(CLERK), (CLERK, OTHER)))[0]
    assert "system" in reasons(set_administrators(application, by(SYSTEM), (CLERK, OTHER)))[0]
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []


def test_the_system_names_them_before_anybody_is_entered() -> None:
    application = small_application(people=False)
    assert set_administrators(application, by(SYSTEM), ("first", "second")) == []


def test_every_later_change_is_agreed_to_by_a_second_person() -> None:
    application = small_application()
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    reasons(set_administrators(application, by(), (KEEPER, CLERK)))
    with application.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    assert proposal.summary["administrators"] == [KEEPER, CLERK]
