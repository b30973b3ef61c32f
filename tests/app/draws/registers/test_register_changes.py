"""Tests of what is noticed where the register of firms decides who can be drawn: changed before a commitment, changed back after it."""

from __future__ import annotations

from datetime import timedelta

from draws_fixtures import BATCH, CHIEF
from public_fixtures import PublicDesk
from register_keeper import Keeper

from engine.app.delivery.deliver import Retry
from engine.app.draws.registers import register_changes as registers
from engine.app.draws.registers.register_changes import counted
from engine.app.history.journal import add_entry
from engine.app.incidents.incident import Incident, incidents_in
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.register.uscc import what_is_wrong


def night(desk: PublicDesk) -> object:
    tasks = DeploymentTasks(find_home(str(desk.home)), Retry((1, 5), 15))
    try:
        return tasks.nightly()
    finally:
        tasks.close()


def incidents(desk: PublicDesk) -> list[Incident]:
    with desk.look() as transaction:
        return incidents_in(transaction)


def test_all_but_one_struck_before_the_commitment_and_restored_after_it(keeper: Keeper) -> None:
    desk, spared = keeper.desk, keeper.of_class("D")[:-1]
    desk.done("user", "administrators", "head", "deputy", "--as", "leading")
    keeper.status(spared, "注销")
    ahead = desk.ssj("draw", "forecast", BATCH, "--as", "drawer")
    assert f"登记状态 {len(spared)}" in ahead.out + ahead.err
    assert desk.step("commit_draw", "drawer").code == 1
    desk.done("proposal", "confirm", keeper.asked()[0], "--as", "deputy")
    said = desk.step("commit_draw", "drawer")
    assert said.code == 0
    assert "registrar" in said.err
    assert f"按类别占名录：D {len(spared)}/{len(spared) + 1}" in said.err
    assert f"登记状态 {len(spared)}" in said.err
    assert keeper.commitment()["register_changes"] == {"status": len(spared)}
    for person in ("head", "deputy", "witness", CHIEF, "drawer"):
        inbox = desk.done("inbox", "list", "--as", person)
        assert f"登记状态 {len(spared)}" in inbox, person
    keeper.status(spared, "存续")
    night(desk)
    (incident,) = incidents(desk)
    assert (incident.kind, incident.times) == ("register", len(spared))
    for person in ("head", "deputy", "witness", CHIEF, "drawer"):
        assert "承诺以后又改回" in desk.done("inbox", "list", "--as", person), person
    night(desk)
    desk.done("incident", "dismiss", incident.id, "--reason", "企业确已恢复", "--as", "leading")
    night(desk)
    assert incidents(desk) == []
    assert len(keeper.back()) == len(spared)
    assert {one.by for one in keeper.back()} == {"registrar"}
    desk.to_the_day()
    assert desk.type_results().code == 0
    drawn = desk.confirm_results()
    assert drawn.code == 0
    assert "承诺以后又改回" in drawn.err


def test_a_yearly_import_that_gives_the_same_classes_anew_is_no_change(keeper: Keeper) -> None:
    for name in ("A", "D"):
        keeper.rated(keeper.of_class(name), name, "2026-03-01")
    assert keeper.found() == []
    keeper.desk.committed()
    assert "register_changes" not in keeper.commitment()


def test_a_class_that_is_changed_and_given_back(keeper: Keeper) -> None:
    firms = keeper.of_class("D")[:3]
    keeper.rated(firms, "A", "2026-03-01")
    assert counted(keeper.found()) == {"class": 3}
    keeper.desk.committed()
    assert keeper.back() == []
    keeper.rated(firms[:2], "D", "2026-03-02")
    assert [one.what for one in keeper.back()] == [("class",)] * 2


def test_visits_that_are_entered_and_taken_back(keeper: Keeper) -> None:
    firms = keeper.of_class("D")[:2]
    keeper.visited(firms)
    assert [(one.firm, one.what) for one in keeper.found()] == [
        (one.id, ("visits",)) for one in sorted(firms, key=lambda one: one.id)
    ]
    keeper.desk.committed()
    keeper.desk.done("register", "undo", "visits", "--as", "registrar", "--yes")
    assert [one.firm for one in keeper.back()] == sorted(one.id for one in firms)


def test_an_import_taken_back_before_the_commitment_leaves_nothing(keeper: Keeper) -> None:
    keeper.status(keeper.of_class("D")[:2], "注销")
    keeper.desk.done("register", "undo", "objects", "--as", "registrar", "--yes")
    assert keeper.found() == []


def test_labels_count_and_a_change_of_long_ago_does_not(keeper: Keeper) -> None:
    firm = keeper.firms[0]
    keeper.desk.done("register", "label", "objects", firm.id, "--add", "新标签", "--as", "registrar")
    (one,) = keeper.found()
    assert (one.firm, one.what, one.by) == (firm.id, ("labels",), "registrar")
    keeper.desk.clock.set(keeper.desk.clock.now() + timedelta(days=registers.limits()["before_days"] + 1))
    assert keeper.found() == []


def test_labels_given_with_one_that_was_held_and_taken_with_one_that_was_not_are_changes(
    keeper: Keeper,
) -> None:
    """Two commands that together take a label away: of each entry it is kept what it changed."""
    firm = keeper.firms[0]

    def label(*words: str) -> None:
        keeper.desk.done("register", "label", "objects", firm.id, *words, "--as", "registrar")

    label("--add", "重点")
    keeper.desk.clock.set(keeper.desk.clock.now() + timedelta(days=registers.limits()["before_days"] + 1))
    assert keeper.found() == []
    label("--add", "重点", "--add", "甲")
    label("--remove", "重点", "--remove", "甲")
    assert [(one.firm, one.what) for one in keeper.found()] == [(firm.id, ("labels",))]
    label("--remove", "乙", "--add", "重点")
    assert keeper.found() == []


def test_labels_entered_by_an_older_version_may_have_been_any_before(keeper: Keeper) -> None:
    firm = keeper.firms[0]
    store = open_deployment_store(find_home(str(keeper.desk.home)))
    try:
        with store.write() as transaction:
            body = {"ids": [firm.id], "add": ["重点"], "remove": []}
            add_entry(transaction, keeper.desk.clock.now(), "labelled", "registrar", body, "register:objects")
    finally:
        store.close()
    assert [(one.firm, one.what) for one in keeper.found()] == [(firm.id, ("labels",))]


def test_a_new_code_is_no_new_firm_and_hides_nothing(keeper: Keeper) -> None:
    firm, new = keeper.of_class("D")[0], "91990102MA3TTTTT9"
    new += next(
        sign for sign in "0123456789ABCDEFGHJKLMNPQRTUWXY" if not list(what_is_wrong(new + sign) or ())
    )
    keeper.rated([firm], "A", "2026-03-01")
    keeper.desk.done("firm", "change", firm.id, "--code", new, "--reason", "变更登记", "--as", "registrar")
    assert {one.firm: one.what for one in keeper.found()} == {
        firm.id: ("listed",),
        new: ("class", "former_ids"),
    }


def test_the_firm_that_others_are_merged_into_is_named(keeper: Keeper) -> None:
    """It counts their visits from then on, and may be out by them."""
    into, other = keeper.of_class("D")[0], keeper.of_class("A")[0]
    keeper.desk.done("firm", "change", other.id, "--code", into.id, "--reason", "合并", "--as", "registrar")
    assert {one.firm: one.what for one in keeper.found()} == {
        into.id: ("former_ids",),
        other.id: ("listed",),
    }
