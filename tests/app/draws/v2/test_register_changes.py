"""Tests of what is noticed where the register of firms decides who can be drawn: changed before a commitment, changed back after it."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, CHIEF
from public_fixtures import PublicDesk

from engine.app.delivery.deliver import Retry
from engine.app.draws.v2 import register_changes as registers
from engine.app.draws.v2.register_changes import EligibilityChange, changes_before, counted
from engine.app.draws.v2.register_messages import changed_back_of
from engine.app.history.replay import history
from engine.app.incidents.incident import Incident, incidents_in
from engine.app.ports.records import RegisterEntry
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home

CODE, NAME, STATUS = "统一社会信用代码", "企业名称", "状态"


class Keeper:
    """Whoever keeps the registers, alone."""

    def __init__(self, desk: PublicDesk, folder: Path) -> None:
        self.desk = desk
        self._file = folder / "file.csv"
        with desk.look() as transaction:
            self.firms = list(transaction.registers.all("objects"))

    def of_class(self, name: str) -> list[RegisterEntry]:
        return [
            one
            for one in self.firms
            if any(rating.get("class") == name for rating in one.data.get("ratings") or ())
        ]

    def put(self, head: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "objects") -> None:
        with self._file.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
        self.desk.done("register", "import", kind, self._file, "--as", "registrar", "--yes")

    def status(self, firms: Sequence[RegisterEntry], word: str) -> None:
        self.put((CODE, NAME, STATUS), [(one.id, one.name, word) for one in firms])

    def rated(self, firms: Sequence[RegisterEntry], name: str, on: str) -> None:
        self.put((CODE, NAME, "信用等级", "信用评定日期"), [(one.id, one.name, name, on) for one in firms])

    def visited(self, firms: Sequence[RegisterEntry]) -> None:
        head = ("台账编号", "检查日期", CODE, NAME, "检查结果")
        self.put(
            head, [(f"L-{one.id}", "2026-01-12", one.id, one.name, "未发现问题") for one in firms], "visits"
        )

    def found(self) -> list[EligibilityChange]:
        with self.desk.look() as transaction:
            return changes_before(transaction, self.desk.clock.now())

    def back(self) -> list[EligibilityChange]:
        with self.desk.look() as transaction:
            row = transaction.records.draw(BATCH)
            assert row is not None
            return changed_back_of(transaction, row)

    def commitment(self) -> dict[str, Any]:
        with self.desk.look() as transaction:
            notes = [event.body.get("effects") or {} for event in history(transaction, BATCH)]
        found: dict[str, Any] = next(one["commitment"] for one in notes if "commitment" in one)
        return found


@pytest.fixture
def keeper(public: PublicDesk, tmp_path: Path) -> Keeper:
    return Keeper(public, tmp_path)


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
