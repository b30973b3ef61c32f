"""委托: made by the principal or by whoever keeps the register of people, ended by either of the two."""

from __future__ import annotations

from datetime import date

from register_fixtures import CLERK, KEEPER, OTHER, by, events, kept_refusals, reasons, small_application

from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.ports.records import Delegation

DAYS = (date(2026, 3, 3), date(2026, 3, 13))


def test_nobody_delegates_for_another() -> None:
    application = small_application()
    assert reasons(add_delegation(application, by(OTHER), CLERK, OTHER, *DAYS, "年休假")) == [
        "“clerk-2”不能登记或收回他人的委托；可由“clerk-1”本人或名录库管理员（keeper-1）办理"
    ]
    assert kept_refusals(application) == [(OTHER, "delegation.change")]
    made = add_delegation(application, by(CLERK, request_id="1"), CLERK, OTHER, *DAYS, "年休假")
    assert isinstance(made, Delegation)
    assert add_delegation(application, by(CLERK, request_id="1"), CLERK, OTHER, *DAYS, "年休假") == made
    assert [(e.kind, e.actor) for e in events(application, "delegations")] == [("delegated", CLERK)]


def test_all_that_is_wrong_is_said() -> None:
    application = small_application()
    found = reasons(add_delegation(application, by(), "gone-1", "gone-1", DAYS[1], DAYS[0], " "))
    assert found == [
        "不能委托给自己",
        "名录中没有在岗的“gone-1”",
        "止日 2026-03-03 早于起日 2026-03-13",
        "委托须说明理由，例如“年休假”“借调”",
    ]
    past = date(2026, 2, 1)
    assert reasons(add_delegation(application, by(), CLERK, OTHER, past, past, "年休假")) == [
        "止日 2026-02-01 已过"
    ]


def test_either_of_the_two_ends_it_and_the_keeper_but_nobody_else() -> None:
    application = small_application()
    for who in (CLERK, OTHER, KEEPER):
        made = add_delegation(application, by(), CLERK, OTHER, *DAYS, "年休假")
        assert isinstance(made, Delegation)
        if who == CLERK:
            add_delegation(application, by(), KEEPER, OTHER, *DAYS, "年休假")
            reasons(end_delegation(application, by(CLERK), "delegation-2", "不必"))
        for empty in (" ", "\u200b\u3164"):
            assert reasons(end_delegation(application, by(who), made.id, empty)) == ["收回委托须说明理由"]
        over = end_delegation(application, by(who), made.id, "提前返岗")
        assert isinstance(over, Delegation)
        assert over.ended
        assert "没有在办的委托" in reasons(end_delegation(application, by(who), made.id, "再次"))[0]
    assert events(application, "delegations")[-1].body == {
        "id": "delegation-4",
        "reason": "提前返岗",
        "credential": "machine",
    }
