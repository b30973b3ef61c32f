"""An insider with the database, the folder, the program and every role but one, around who can be drawn: what is refused, and who notices."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, ZONE, Said
from public_fixtures import public_copy
from register_keeper import Keeper

from engine.app.delivery.deliver import Retry
from engine.app.draws.registers.register_changes import heads_of_registers
from engine.app.draws.registers.register_history import entries_at
from engine.app.draws.registers.register_roster import (
    STREAM,
    is_commitment,
    last_commitment,
    made_up_commitments,
)
from engine.app.history.journal import add_entry
from engine.app.incidents.incident import incidents_in
from engine.app.ports.records import RegisterEntry
from engine.deployment.daemon_tasks import DeploymentTasks
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.draw.v2.rosters import parse_objects


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
    said = keeper.desk.ssj("audit", "verify", "--as", "leading")
    (text,) = night(keeper)
    # Whoever has no daemon learns the same by the check of everything.
    assert (said.code, text in said.out) == (1, True)
    assert f"与历史在承诺时的内容不符 {len(changed)} 处" in text
    assert what in text
    assert next(iter(changed)) in text


@contextmanager
def other_rows(keeper: Keeper, kind: str, statement: str, *given: Any) -> Iterator[None]:
    """Change the rows of a register by SQL, and put all of them back."""
    with database(keeper) as base:
        before = base.execute("SELECT * FROM register_entry WHERE kind = ?", (kind,)).fetchall()
        base.execute(statement, given)
    yield
    with database(keeper) as base:
        base.execute("DELETE FROM register_entry WHERE kind = ?", (kind,))
        base.executemany("INSERT INTO register_entry VALUES (?, ?, ?, ?, ?, ?)", before)


def of(keeper: Keeper, kind: str) -> list[RegisterEntry]:
    with keeper.desk.look() as transaction:
        return transaction.registers.all(kind)


#: What is changed for the moment of all of some entries but two, of which register, and what the incident calls it.
MOMENTS: Mapping[str, tuple[str, Mapping[str, Any], str]] = {
    "cap": ("objects", {"frequency_cap": 0}, "检查次数上限"),
    "kind": ("objects", {"pools": ["agency"]}, "专项库"),
    "class": ("objects", {"ratings": [{"class": "A", "date": "2026-01-01", "scheme": "credit", "source": "x"}]}, "类别"),
    "name": ("objects", {}, "名称"),
    "certificate": ("inspectors", {"cert_no": ""}, "执法证"),
    "valid": ("inspectors", {"cert_valid_to": "2020-01-01"}, "执法证有效期至"),
    "labels": ("inspectors", {"labels": ["别的"]}, "标签"),
    "recusals": ("inspectors", {"recusals": ["91990102MA3000010X"]}, "回避对象"),
    "section": ("inspectors", {}, "股室"),
    "deleted": ("inspectors", {}, "新增或移出名录"),
    "inserted": ("inspectors", {}, "新增或移出名录"),
}  # fmt: skip
_BY_SQL = {
    "name": "UPDATE register_entry SET name = name || '甲' WHERE kind = ? AND id = ?",
    "section": "UPDATE register_entry SET section = 'office' WHERE kind = ? AND id = ?",
    "deleted": "DELETE FROM register_entry WHERE kind = ? AND id = ?",
}


@pytest.mark.parametrize("what", MOMENTS)
def test_whatever_decides_the_draw_is_found_where_it_was_changed_for_the_commitment(
    keeper: Keeper, what: str
) -> None:
    named(keeper, "head", "deputy")
    kind, columns, word = MOMENTS[what]
    entries = keeper.of_class("D") if kind == "objects" else of(keeper, kind)
    one = entries[0]
    if columns:
        before = written(keeper, kind, {one.id: columns})
        assert commit(keeper).code == 0
        put_back(keeper, kind, before)
    elif what == "inserted":
        one = replace(one, id="friend-1")
        row = "INSERT INTO register_entry SELECT kind, 'friend-1', name, section, data, changed_at FROM register_entry WHERE kind = ? AND id = ?"
        with other_rows(keeper, kind, row, kind, entries[0].id):
            assert commit(keeper).code == 0
    else:
        with other_rows(keeper, kind, _BY_SQL[what], kind, one.id):
            assert commit(keeper).code == 0
    said = keeper.desk.ssj("audit", "verify", "--as", "leading")
    (text,) = night(keeper)
    # Whoever has no daemon learns the same by the check of everything.
    assert (said.code, text in said.out) == (1, True)
    assert f"{one.id} {word}" in text


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"exclude": lambda keeper: [{"object": keeper.of_class("D")[0].id, "reason": "under_case", "evidence": "x"}]}, "是否列在方案的排除名单里"),
        ({"sections": lambda _: ["relations"]}, "方案的人员要求"),
        ({"team_size": lambda _: 3}, "方案的人员要求"),
        ({"ratios": lambda _: [{"class": one, "ratio": "7%"} for one in "ABCD"]}, "方案的各层比例"),
        ({"item_codes": lambda _: ["LD-02"]}, "所查事项"),
    ],
    ids=["exclude", "sections", "team", "ratios", "items"],
)  # fmt: skip
def test_a_plan_changed_by_sql_for_the_commitment_is_found_by_what_was_approved(
    keeper: Keeper, changed: Mapping[str, Any], word: str
) -> None:
    """The case is put back and stated anew by a harmless verb: no row is wrong any more, the history has the approved plan."""
    named(keeper, "head", "deputy")
    with database(keeper) as base:
        (before,) = base.execute('SELECT body FROM "case" WHERE id = ?', (BATCH,)).fetchone()
        body = json.loads(before)
        body["forms"]["batch_plan"] |= {name: made(keeper) for name, made in changed.items()}
        new = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        base.execute('UPDATE "case" SET body = ? WHERE id = ?', (new, BATCH))
    done = commit(keeper)
    assert done.code == 0, done.err
    plan = json.loads(before)["forms"]["batch_plan"]
    with database(keeper) as base:
        (now,) = base.execute('SELECT body FROM "case" WHERE id = ?', (BATCH,)).fetchone()
        body = json.loads(now)
        body["forms"]["batch_plan"] = plan
        new = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        base.execute('UPDATE "case" SET body = ? WHERE id = ?', (new, BATCH))
    keeper.desk.done("task", "urge", BATCH, "--reason", "催一下", "--as", "leading")
    (text,) = night(keeper)
    assert word in text


@pytest.mark.parametrize(
    "plan",
    [
        {"match": "any", "item_codes": ["LD-01"]},
        {"exclude": "cancelled"},
        {"exclude": "moved_out"},
        {"exclude": "under_case"},
    ],
    ids=["match", "cancelled", "moved_out", "under_case"],
)
def test_no_honest_plan_is_a_difference(
    shipped_home: Path,
    keeper: Keeper,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    plan: dict[str, Any],
) -> None:
    """The items of a plan stand beside the labels of people, and an exclusion may be called as a status is."""
    if "exclude" in plan:
        firm = keeper.of_class("D")[0].id
        plan = {"exclude": [{"object": firm, "reason": plan["exclude"], "evidence": "登记机关公告"}]}
    folder = tmp_path / "again"
    folder.mkdir()
    desk = public_copy(shipped_home, folder, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
    desk.planned(**plan)
    again = Keeper(desk, tmp_path)
    named(again, "head", "deputy")
    assert commit(again).code == 0
    assert night(again) == []


def test_what_is_changed_in_the_registers_after_an_honest_commitment_is_no_difference(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    keeper.rated(keeper.of_class("D")[:1], "A", "2026-03-01")
    confirm(keeper, keeper.asked()[0], "head")
    assert commit(keeper).code == 0
    with keeper.desk.look() as transaction:
        entered = last_commitment(transaction)
        assert entered is not None
        at_commitment = entries_at(transaction, "objects", entered.body["registers"]["objects"])
    keeper.rated(keeper.of_class("C")[:2], "B", "2026-03-02")
    keeper.status(keeper.of_class("A")[:1], "注销")
    with keeper.desk.look() as transaction:
        assert entries_at(transaction, "objects", entered.body["registers"]["objects"]) == at_commitment
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


@pytest.mark.parametrize("column", ["body", "actor"])
def test_an_entry_of_a_register_changed_by_sql_for_the_commitment_and_put_back_is_agreed_to_by_nobody(
    keeper: Keeper, column: str
) -> None:
    """Emptied, nothing is there to agree to; under another name, whoever entered it may agree. The history has it as it was."""
    named(keeper, "head", "registrar")
    keeper.status(keeper.of_class("D")[:-1], "注销")
    assert commit(keeper).code == 1
    newest = "SELECT max(seq) FROM event WHERE stream = 'register:objects'"
    with database(keeper) as base:
        (before,) = base.execute(
            f"SELECT {column} FROM event WHERE stream = 'register:objects' AND seq = ({newest})"  # noqa: S608 - names of columns
        ).fetchone()
        new = json.dumps({**json.loads(before), "changes": {}}) if column == "body" else "head"
        change = f"UPDATE event SET {column} = ? WHERE stream = 'register:objects' AND seq = ({newest})"  # noqa: S608
        base.execute(change, (new,))
    if column == "actor":
        assert commit(keeper).code == 1
        confirm(keeper, keeper.asked()[-1], "registrar")
    assert commit(keeper).code == 0
    with database(keeper) as base:
        base.execute(change, (before,))
    said = keeper.desk.ssj("audit", "verify", "--as", "leading")
    (text,) = night(keeper)
    # Whoever has no daemon learns the same by the check of everything.
    assert (said.code, text in said.out) == (1, True)
    assert f"registrar录入的名录变动有 {len(keeper.of_class('D')) - 1} 处" in text
    assert "没有另一人核对同意" in text


def test_a_commitment_that_rests_on_no_register_is_none_for_the_registers(keeper: Keeper) -> None:
    """A draw of cases enters no commitment: an entry that names one, whatever it says, is made up."""
    store = open_deployment_store(find_home(str(keeper.desk.home)))
    try:
        with store.write() as transaction:
            now, heads = keeper.desk.clock.now(), heads_of_registers(transaction)
            effects = {"effects": {"commitment": {"number": 1, "sha256": "0" * 64}}}
            add_entry(transaction, now, "advanced", "drawer", effects, "supervision-1")
            body = {"case": "supervision-1", "number": 1, "registers": heads, "agreed": []}
            add_entry(transaction, now, "committed", "drawer", body, STREAM)
            assert last_commitment(transaction) is None
            assert made_up_commitments(transaction) == ["supervision-1/1"]
    finally:
        store.close()


def test_a_firm_left_out_of_scope_by_a_plan_counts_in_its_stratum(
    shipped_home: Path, keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm = keeper.of_class("D")[0].id
    listed = []
    for reason in ("out_of_scope", "under_case"):
        folder = tmp_path / reason
        folder.mkdir()
        desk = public_copy(shipped_home, folder, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
        desk.planned(exclude=[{"object": firm, "reason": reason, "evidence": "批文"}])
        assert commit(Keeper(desk, tmp_path)).code == 0
        draw = desk.draw()
        (row,) = [one for one in parse_objects(draw.objects) if one.object_id == firm]
        assert (row.eligible, row.stratum) == (False, "D")
        listed.append(next(one["listed"] for one in draw.commitment["quotas"] if one["stratum"] == "D"))
    assert listed[0] == listed[1] == len(keeper.of_class("D"))


def test_an_agreement_to_another_list_of_the_same_people_is_none(keeper: Keeper) -> None:
    """One entry emptied for the moment, another left: what was agreed to is less than what the history has."""
    named(keeper, "head", "deputy")
    keeper.status(keeper.of_class("A")[:1], "注销")
    keeper.status(keeper.of_class("D")[:-1], "注销")
    last = "FROM event WHERE stream = 'register:objects' ORDER BY seq DESC LIMIT 1"
    with database(keeper) as base:
        seq, before = base.execute(f"SELECT seq, body {last}").fetchone()
        new = json.dumps({**json.loads(before), "changes": {}})
        change = "UPDATE event SET body = ? WHERE stream = 'register:objects' AND seq = ?"
        base.execute(change, (new, seq))
    assert commit(keeper).code == 1
    confirm(keeper, keeper.asked()[-1], "head")
    assert commit(keeper).code == 0
    with database(keeper) as base:
        base.execute(change, (before, seq))
    (text,) = night(keeper)
    assert "没有另一人核对同意" in text


def test_what_a_commitment_says_to_the_public_is_that_of_the_approved_plan(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    place = 'SELECT body FROM "case" WHERE id = ?', 'UPDATE "case" SET body = ? WHERE id = ?'

    def written_plan(**changed: Any) -> None:
        with database(keeper) as base:
            body = json.loads(base.execute(place[0], (BATCH,)).fetchone()[0])
            plan = body["forms"]["batch_plan"]
            body["forms"]["batch_plan"] = {
                name: value for name, value in {**plan, **changed}.items() if value is not None
            }
            text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            base.execute(place[1], (text, BATCH))

    with keeper.desk.look() as transaction:
        case = transaction.cases.get(BATCH)
        assert case is not None
        plan = case.forms["batch_plan"]
    counts = [{"class": name, "count": 1} for name in "ABCD"]
    written_plan(no_anchor=None if plan.get("no_anchor") else "签名方停业", source_counts=counts)
    done = commit(keeper)
    assert done.code == 0, done.err
    written_plan(no_anchor=plan.get("no_anchor"), source_counts=plan.get("source_counts"))
    keeper.desk.done("task", "urge", BATCH, "--reason", "催一下", "--as", "leading")
    (text,) = night(keeper)
    assert "方案的外部凭据" in text
    assert "方案的来源登记数" in text


def test_a_clock_put_back_before_an_honest_commitment_is_no_difference(keeper: Keeper) -> None:
    named(keeper, "head", "deputy")
    with keeper.desk.look() as transaction:
        now = keeper.desk.clock.now()
    store = open_deployment_store(find_home(str(keeper.desk.home)))
    try:
        with store.write() as transaction:
            # The history of agreements was written to by a clock that was ahead.
            effects = {"effects": {"commitment": {"number": 1, "registers": heads_of_registers(transaction)}}}
            add_entry(transaction, now + timedelta(hours=1), "advanced", "drawer", effects, "batch-0")
            body = {
                "case": "batch-0",
                "number": 1,
                "registers": heads_of_registers(transaction),
                "agreed": [],
            }
            add_entry(transaction, now + timedelta(hours=1), "committed", "drawer", body, STREAM)
    finally:
        store.close()
    assert commit(keeper).code == 0
    with keeper.desk.look() as transaction:
        assert made_up_commitments(transaction) == []
    assert night(keeper) == []
