"""An insider with the database, the folder, the program and every role but one, around who can be drawn: what is refused, and who notices."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import pytest
from draws_fixtures import BATCH, Said
from register_keeper import Keeper

from engine.app.delivery.deliver import Retry
from engine.app.draws.registers.register_changes import heads_of_registers, state_at
from engine.app.draws.registers.register_roster import (
    STREAM,
    is_commitment,
    last_commitment,
    made_up_commitments,
)
from engine.app.history.journal import add_entry
from engine.app.incidents.incident import incidents_in
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


@contextmanager
def database(keeper: Keeper) -> Iterator[sqlite3.Connection]:
    (file,) = (keeper.desk.home / "data").glob("*.db")
    with closing(sqlite3.connect(file)) as found, found:
        yield found


def named(keeper: Keeper, *people: str) -> None:
    keeper.desk.done("user", "administrators", *people, "--as", "leading")


def commit(keeper: Keeper) -> Said:
    return keeper.desk.step("commit_draw", "drawer")


def confirm(keeper: Keeper, proposal: str, person: str) -> Said:
    return keeper.desk.ssj("proposal", "confirm", proposal, "--as", person)


def night(keeper: Keeper) -> list[str]:
    """Let the daemon check for a night; return the texts of the incidents about registers."""
    tasks = DeploymentTasks(find_home(str(keeper.desk.home)), Retry((1, 5), 15))
    try:
        tasks.nightly()
    finally:
        tasks.close()
    with keeper.desk.look() as transaction:
        return [str(one.error) for one in incidents_in(transaction) if one.kind == "register"]


def written(keeper: Keeper, kind: str, changed: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Change data of entries by SQL; return what they were."""
    before = {}
    with database(keeper) as base:
        for one, columns in changed.items():
            where = (kind, one)
            (text,) = base.execute(
                "SELECT data FROM register_entry WHERE kind = ? AND id = ?", where
            ).fetchone()
            before[one] = text
            data = {**json.loads(text), **columns}
            new = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            base.execute("UPDATE register_entry SET data = ? WHERE kind = ? AND id = ?", (new, *where))
    return before


def put_back(keeper: Keeper, kind: str, before: Mapping[str, str]) -> None:
    with database(keeper) as base:
        for one, text in before.items():
            base.execute("UPDATE register_entry SET data = ? WHERE kind = ? AND id = ?", (text, kind, one))


@pytest.mark.parametrize(
    ("kind", "what"), [("objects", "登记状态"), ("inspectors", "人员状态")], ids=["firms", "people"]
)
def test_rows_changed_by_sql_for_the_commitment_and_put_back_are_found_in_its_roster(
    keeper: Keeper, kind: str, what: str
) -> None:
    """No history has it, and the rows are right again: the roster the draw was made from is not what the history says."""
    named(keeper, "head", "deputy")
    if kind == "objects":
        changed = {one.id: {"status": "cancelled"} for one in keeper.of_class("D")[:-1]}
    else:
        with keeper.desk.look() as transaction:
            changed = {one.id: {"status": "on_leave"} for one in list(transaction.registers.all(kind))[:4]}
    before = written(keeper, kind, changed)
    assert commit(keeper).code == 0
    put_back(keeper, kind, before)
    assert keeper.desk.ssj("audit", "verify", "--as", "leading").code == 0
    (text,) = night(keeper)
    assert f"与名录历史在承诺时的内容不符 {len(changed)} 处" in text
    assert what in text
    assert next(iter(changed)) in text


def test_what_is_changed_in_the_registers_after_an_honest_commitment_is_no_difference(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.rated(keeper.of_class("D")[:1], "A", "2026-03-01")
    confirm(keeper, keeper.asked()[0], "head")
    assert commit(keeper).code == 0
    with keeper.desk.look() as transaction:
        entered = last_commitment(transaction)
        assert entered is not None
        at_commitment = state_at(transaction, "objects", entered.body["registers"]["objects"])
    keeper.rated(keeper.of_class("C")[:2], "B", "2026-03-02")
    keeper.status(keeper.of_class("A")[:1], "注销")
    with keeper.desk.look() as transaction:
        assert state_at(transaction, "objects", entered.body["registers"]["objects"]) == at_commitment
    assert night(keeper) == []


def test_an_entry_that_says_all_was_agreed_to_is_none_where_no_case_has_that_commitment(
    keeper: Keeper,
) -> None:
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:-1], "注销")
    store = open_deployment_store(find_home(str(keeper.desk.home)))
    try:
        with store.write() as transaction:
            heads = heads_of_registers(transaction)
            body = {"case": "batch-9", "number": 1, "registers": heads, "agreed": []}
            add_entry(transaction, keeper.desk.clock.now(), "committed", "drawer", body, STREAM)
            made_up = transaction.events.last(STREAM)
            assert made_up is not None
            assert not is_commitment(transaction, made_up)
            assert (last_commitment(transaction), made_up_commitments(transaction)) == (None, ["batch-9/1"])
    finally:
        store.close()
    assert commit(keeper).code == 1
    (text,) = night(keeper)
    assert "batch-9/1" in text
    # Nothing is raised a second time.
    assert night(keeper) == [text]


def test_an_agreement_whose_salt_was_taken_out_is_asked_for_anew(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:2], "注销")
    (proposal,) = keeper.asked()
    confirm(keeper, proposal, "head")
    with database(keeper) as base:
        base.execute("DELETE FROM personal_value WHERE subject LIKE 'proposals/%'")
    assert commit(keeper).code == 1
    assert "personal_value" in keeper.desk.ssj("audit", "verify", "--as", "leading").out


def test_another_import_in_the_place_of_the_agreed_one_is_not_agreed_to(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    firms = keeper.of_class("D")
    keeper.status(firms[:2], "注销")
    confirm(keeper, keeper.asked()[0], "head")
    keeper.desk.done("register", "undo", "objects", "--as", "registrar", "--yes")
    keeper.status(firms[2:4], "注销")
    assert commit(keeper).code == 1


def test_whoever_entered_it_confirms_it_by_no_delegation_and_imports_under_no_other_name(
    keeper: Keeper,
) -> None:
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("D")[:2], "注销")
    (proposal,) = keeper.asked()
    period = ("--from", "2026-03-01", "--to", "2026-03-30", "--reason", "出差")
    keeper.desk.done("delegation", "add", "head", "registrar", *period, "--as", "head")
    assert confirm(keeper, proposal, "registrar").code == 1
    for name in ("system", "engine"):
        firm = keeper.firms[0]
        with pytest.raises(AssertionError):
            keeper.desk.done("register", "label", "objects", firm.id, "--add", "甲", "--as", name)


def test_a_firm_that_takes_the_code_of_another_is_agreed_to(keeper: Keeper) -> None:
    """A merger takes a firm out of the roster without an import."""
    named(keeper, "head", "deputy")
    friend, other = keeper.of_class("D")[0], keeper.of_class("A")[0]
    keeper.desk.done("firm", "change", friend.id, "--code", other.id, "--reason", "合并", "--as", "registrar")
    (proposal,) = keeper.asked()
    assert friend.id in keeper.desk.done("proposal", "show", proposal, "--as", "head")
    assert commit(keeper).code == 1


def test_who_looks_at_telephones_by_the_preview_of_an_import_is_recorded(keeper: Keeper) -> None:
    """An import that would change every number shows the numbers that are there."""
    with keeper.desk.look() as transaction:
        people = list(transaction.registers.all("inspectors"))
    keeper.put(("人员编号", "姓名", "执法证号", "执法证有效期至"), [(one.id, one.name, one.data["cert_no"], one.data["cert_valid_to"]) for one in people], "inspectors")  # fmt: skip
    with keeper.desk.look() as transaction:
        # The same values are no reading.
        assert transaction.readings.newest("registrar") == []
    text = (
        "人员编号,姓名,执法证号,执法证有效期至,联系电话\n"
        f"{people[0].id},{people[0].name},{people[0].data['cert_no']},{people[0].data['cert_valid_to']},13900000000\n"
    )
    file = keeper.desk.home.parent / "preview.csv"
    file.write_text(text, encoding="utf-8")
    seen = keeper.desk.done("register", "import", "inspectors", file, "--as", "registrar", "--preview")
    assert str(people[0].data["phone"]) in seen
    with keeper.desk.look() as transaction:
        (one,) = transaction.readings.newest("registrar")
    assert (one.about, one.rows) == ("inspectors/preview", 1)


def test_a_mark_taken_out_of_the_settings_is_on_the_case_all_the_same(keeper: Keeper) -> None:
    keeper.status(keeper.of_class("D")[:1], "注销")
    assert commit(keeper).code == 0
    with database(keeper) as base:
        base.execute("UPDATE setting SET body = '[]' WHERE name = 'single_handed'")
    assert "单人办理" in keeper.desk.done("case", "show", BATCH, "--as", "leading")
    said = keeper.desk.ssj("audit", "verify", "--as", "leading")
    assert (said.code, "single_handed" in said.out) == (1, True)
