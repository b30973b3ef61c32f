"""委托: made by the principal, or by whoever keeps the register of people with a second; ended by either of the two."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from register_fixtures import (
    BUREAU,
    CLERK,
    KEEPER,
    NOTE,
    OTHER,
    by,
    events,
    kept_refusals,
    reasons,
    small_application,
)

from engine.app.commands.application import Application, CommandResult
from engine.app.commands.delegations import add_delegation, end_delegation
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.publish_definitions import Published, publish
from engine.app.ports.records import Delegation, RegisterEntry
from engine.app.queries.people.delegations import list_delegations
from engine.app.queries.people.proposals import list_proposals
from engine.app.registers.import_entries import import_entries
from engine.app.session.new_case import NewCase
from engine.definition.library import load_files
from engine.deployment.clocks import VirtualClock
from engine.kernel.refusal import Refusal
from engine.lifecycle.command import SYSTEM

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


def letters(application: Application, person: str) -> list[str]:
    with application.store.read() as transaction:
        return [one.text for one in transaction.inbox.of(person)]


def named(application: Application, *people: str) -> Application:
    with application.store.write() as transaction:
        transaction.settings.put("administrators", list(people))
    return application


@pytest.mark.parametrize("second", [CLERK, OTHER])
def test_the_keeper_proposes_and_the_principal_or_a_second_administrator_agrees(second: str) -> None:
    application = named(small_application(), KEEPER, OTHER)
    wanted = (CLERK, KEEPER, *DAYS, "年休假")
    assert "尚未办理：已提请（proposal-1）" in reasons(add_delegation(application, by(), *wanted))[0]
    assert list_delegations(application, KEEPER) == []
    for one in (CLERK, OTHER, KEEPER):
        assert "提请：“keeper-1”自 2026-03-03 至 2026-03-13 代“clerk-1”办理" in letters(application, one)[0]
    assert isinstance(confirm(application, by(KEEPER), "proposal-1"), Refusal)
    assert confirm(application, by(second), "proposal-1") == KEEPER
    made = add_delegation(application, by(), *wanted)
    assert isinstance(made, Delegation)
    assert not made.single_handed
    assert events(application, "delegations")[-1].body["confirmed_by"] == second
    # Once for each agreement.
    assert isinstance(end_delegation(application, by(), made.id, "收回"), Delegation)
    assert "尚未办理" in reasons(add_delegation(application, by(), *wanted))[0]


def test_without_a_second_administrator_it_is_done_and_marked_and_the_principal_is_sent_a_message() -> None:
    application = small_application()
    made = add_delegation(application, by(), CLERK, KEEPER, *DAYS, "年休假")
    assert isinstance(made, Delegation)
    assert made.single_handed
    assert events(application, "delegations")[-1].body["single_handed"] is True
    listed = list_delegations(application, CLERK)
    assert not isinstance(listed, Refusal)
    (shown,) = listed
    assert (shown, shown.as_json()["single_handed"]) == (made, True)
    assert Delegation.from_json(made.as_json()) == made
    proposals = list_proposals(application, CLERK, everything=True)
    assert not isinstance(proposals, Refusal)
    assert [one.status for one in proposals] == ["single-handed"]
    assert any("（单人办理）" in text for text in letters(application, CLERK))
    # What one gives oneself needs nobody.
    assert isinstance(application.clock, VirtualClock)
    application.clock.advance(timedelta(days=30))
    own = add_delegation(application, by(CLERK), CLERK, OTHER, date(2026, 5, 1), date(2026, 5, 2), "年休假")
    assert isinstance(own, Delegation)
    assert not own.single_handed


def test_both_are_sent_a_message_when_it_is_given_and_when_it_is_taken_back() -> None:
    application = small_application()
    made = add_delegation(application, by(CLERK), CLERK, OTHER, *DAYS, "年休假")
    assert isinstance(made, Delegation)
    assert isinstance(end_delegation(application, by(KEEPER), made.id, "提前返岗"), Delegation)
    for one in (CLERK, OTHER):
        what = "“clerk-2”自 2026-03-03 至 2026-03-13 代“clerk-1”办理（delegation-1）"
        assert set(letters(application, one)) == {
            f"“clerk-1”登记委托：{what}；理由：年休假",
            f"“keeper-1”收回委托：{what}；理由：提前返岗",
        }


EXCLUDED = """\
  drawer: {title: 抽取操作员, scope: bureau}
  witness: {title: 监督见证人, scope: bureau}
incompatible_roles:
  - {witness: [drawer, roster_admin]}
"""


def draws() -> Application:
    application = small_application()
    loaded = load_files({"bureau.yaml": BUREAU + EXCLUDED, "errand.yaml": NOTE.replace("差事", "办事")})
    assert isinstance(publish(application, by(), loaded), Published), loaded.problems
    staff = [
        RegisterEntry("people", name, name, "one", {"roles": [role], "status": "active"})
        for name, role in (("w", "witness"), ("d", "drawer"))
    ]
    import_entries(application, "people", staff, SYSTEM, source="x")
    return application


def test_what_excludes_each_other_is_asked_of_the_delegate_and_of_all_they_act_for() -> None:
    application = draws()
    for principal, delegate in (("w", "d"), ("d", "w"), ("w", KEEPER)):
        found = reasons(add_delegation(application, by(principal), principal, delegate, *DAYS, "休假"))
        assert "不能代" in found[0], (principal, delegate)
    assert isinstance(add_delegation(application, by("w"), "w", OTHER, *DAYS, "休假"), Delegation)
    found = reasons(add_delegation(application, by("d"), "d", OTHER, DAYS[1], date(2026, 4, 1), "休假"))
    assert found == ["“clerk-2”不能代“d”办理：会兼任抽取操作员（“d”）和监督见证人（“w”）（依据：本局规定）"]
    # On other days the one does not meet the other.
    later = (date(2026, 3, 14), date(2026, 3, 20))
    assert isinstance(add_delegation(application, by("d"), "d", OTHER, *later, "休假"), Delegation)


def test_nobody_hands_on_what_was_given_to_them_or_hands_it_back() -> None:
    application = small_application()
    assert isinstance(add_delegation(application, by(CLERK), CLERK, OTHER, *DAYS, "休假"), Delegation)
    assert "不得转委托" in reasons(add_delegation(application, by(OTHER), OTHER, KEEPER, *DAYS, "休假"))[0]
    back = reasons(add_delegation(application, by(OTHER), OTHER, CLERK, *DAYS, "休假"))
    assert any("不能再受托" in one for one in back)
    assert any("不得转委托" in one for one in back)


def test_acts_under_what_one_person_gave_are_marked() -> None:
    application = small_application()
    today = (date(2026, 3, 2), date(2026, 3, 13))
    assert isinstance(add_delegation(application, by(), CLERK, KEEPER, *today, "年休假"), Delegation)
    assert isinstance(application.start("errand", CLERK, NewCase(title="x", section="one")), CommandResult)
    assert isinstance(application.advance("errand-1", "finish", KEEPER), CommandResult)
    last = events(application, "errand-1")[-1]
    assert (last.actor, last.body["for"], last.body["single_handed"]) == (KEEPER, CLERK, True)
