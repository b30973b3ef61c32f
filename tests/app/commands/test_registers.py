"""Changing registers: who may, two at once, requests sent twice, and what stands in the histories."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from register_fixtures import (
    CLERK,
    KEEPER,
    OTHER,
    Interrupted,
    by,
    entries,
    events,
    kept_refusals,
    reasons,
    register_file,
    small_application,
)

from engine.app.commands.application import Application
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.proposals.proposals import confirm
from engine.app.commands.registers import (
    Claimed,
    ImportOutcome,
    ImportSeq,
    Labelled,
    SnapshotSummary,
    Undone,
    claim_entries,
    import_register,
    label_entries,
    take_snapshot,
    undo_import,
)
from engine.app.ports.records import RegisterEntry
from engine.lifecycle.command import SYSTEM
from engine.store.memory import MemoryStore
from engine.store.sql import open_store

BOTH = "人员编号,姓名,股室,执法证号,执法证有效期至,状态\ni-1,示例子,one,示例0001,2027-01-01,有效\n"
RECUSAL = (
    "人员编号,姓名,执法证号,执法证有效期至,回避对象\ni-1,示例子,示例0001,2027-01-01,91990102MA3W55JQ6H\n"
)
TRAINED = "人员编号,姓名,执法证号,执法证有效期至,培训日期\ni-1,示例子,示例0001,2027-01-01,2026-01-15\n"


@pytest.fixture
def application() -> Application:
    return small_application()


def imported(application: Application, folder: Path, kind: str, text: str, who: str = KEEPER) -> object:
    return import_register(application, by(who), kind, register_file(folder, kind, text))


def test_who_keeps_no_register_imports_none_and_the_try_is_kept(
    application: Application, tmp_path: Path
) -> None:
    for who in (CLERK, "gone-1"):
        assert reasons(imported(application, tmp_path, "inspectors", BOTH, who)) == [
            f"“{who}”不能改动这个名录；可由名录库管理员（keeper-1）办理"
        ]
    assert reasons(imported(application, tmp_path, "inspectors", BOTH, "stranger")) == [
        "名录中没有“stranger”这个人"
    ]
    assert "system" in reasons(imported(application, tmp_path, "inspectors", BOTH, SYSTEM))[0]
    assert entries(application, "inspectors") == {}
    assert [who for who, _ in kept_refusals(application)] == [CLERK, "gone-1", "-", SYSTEM]
    assert isinstance(imported(application, tmp_path, "inspectors", BOTH), ImportOutcome)
    assert [(e.kind, e.actor) for e in events(application, "register:inspectors")] == [("imported", KEEPER)]


def test_of_two_imports_at_once_the_second_adds_to_the_first(tmp_path: Path) -> None:
    """Both files were read before either was stored; each speaks of a column the other does not have."""
    store = Interrupted(MemoryStore())
    application = small_application(store)  # passes the rest through
    assert isinstance(imported(application, tmp_path, "inspectors", BOTH), ImportOutcome)
    first = register_file(tmp_path, "inspectors", RECUSAL)
    store.before = lambda: import_register(application, by(), "inspectors", first)
    assert isinstance(imported(application, tmp_path, "inspectors", TRAINED), ImportOutcome)
    found = entries(application, "inspectors")["i-1"].data
    assert (found["recusals"], found["trained_on"]) == (["91990102MA3W55JQ6H"], "2026-01-15")


def test_imports_side_by_side_lose_nothing_in_a_database(tmp_path: Path) -> None:
    application = small_application(open_store(str(tmp_path / "ssj.db"), create=True, synchronous="NORMAL"))
    assert isinstance(imported(application, tmp_path, "inspectors", BOTH), ImportOutcome)
    files = [register_file(tmp_path, "inspectors", text) for text in (RECUSAL, TRAINED)]
    start, outcomes = threading.Barrier(2), list[object]()

    def run(number: int) -> None:
        start.wait()
        outcomes.append(import_register(application, by(), "inspectors", files[number]))

    running = [threading.Thread(target=run, args=(number,)) for number in (0, 1)]
    for one in running:
        one.start()
    for one in running:
        one.join()
    assert all(isinstance(outcome, ImportOutcome) for outcome in outcomes)
    found = entries(application, "inspectors")["i-1"].data
    assert (found["recusals"], found["trained_on"]) == (["91990102MA3W55JQ6H"], "2026-01-15")
    application.store.close()


def test_people_of_whom_nobody_could_go_on_are_judged_in_the_transaction(tmp_path: Path) -> None:
    """Each of two keepers lets the other go, at the same time: one of them must be refused."""
    store = Interrupted(MemoryStore())
    application = small_application(store)  # passes the rest through
    second = "人员编号,姓名,角色\nkeeper-2,管理员02,roster_admin\n"
    assert isinstance(imported(application, tmp_path, "people", second), ImportOutcome)
    gone = [f"人员编号,姓名,状态\n{who},管理员,离岗\n" for who in (KEEPER, "keeper-2")]
    first = register_file(tmp_path, "people", gone[0])
    store.before = lambda: import_register(application, by("keeper-2"), "people", first)
    outcome = imported(application, tmp_path, "people", gone[1], "keeper-2")
    assert reasons(outcome)[0].startswith("这样一来，没有一个在岗人员能再改动工作人员名录")
    assert entries(application, "people")["keeper-2"].data["status"] == "active"


def test_an_import_is_made_once_for_each_request(application: Application, tmp_path: Path) -> None:
    file = register_file(tmp_path, "inspectors", BOTH)
    once = import_register(application, by(request_id="r-1"), "inspectors", file)
    again = import_register(application, by(request_id="r-1"), "inspectors", file)
    assert isinstance(once, ImportOutcome)
    assert isinstance(again, ImportOutcome)
    assert (once.added, once.repeated, again.added, again.repeated) == (1, False, 1, True)
    assert len(events(application, "register:inspectors")) == 1
    other = register_file(tmp_path, "inspectors", RECUSAL)
    assert (
        "已用于另一条命令"
        in reasons(import_register(application, by(request_id="r-1"), "inspectors", other))[0]
    )


def test_a_dry_run_keeps_nothing(application: Application, tmp_path: Path) -> None:
    file = register_file(tmp_path, "inspectors", BOTH)
    assert isinstance(import_register(application, by(dry_run=True), "inspectors", file), ImportOutcome)
    reasons(import_register(application, by(CLERK, dry_run=True), "inspectors", file))
    assert entries(application, "inspectors") == {}
    assert kept_refusals(application) == []


def test_a_file_of_one_register_does_not_go_into_another(application: Application, tmp_path: Path) -> None:
    people = register_file(tmp_path, "people", "人员编号,姓名,角色\nx,示例,clerk\n")
    assert "没有导入" in reasons(import_register(application, by(), "objects", people))[0]
    assert set(entries(application, "people")) == {KEEPER, CLERK, OTHER, "gone-1"}


def test_a_bad_file_removes_nothing(application: Application, tmp_path: Path) -> None:
    imported(application, tmp_path, "inspectors", BOTH)
    for text, how in (
        ("人员编号,姓名\ni-2,\n", {}),
        ("人员编号,姓名\ni-2,\n", {"skip_bad": True}),
        ("人员编号,姓名\n", {}),
    ):
        file = register_file(tmp_path, "inspectors", text, remove_missing=True, **how)
        assert "没有导入任何内容" in reasons(import_register(application, by(), "inspectors", file))[0]
    assert set(entries(application, "inspectors")) == {"i-1"}


def test_nothing_is_removed_that_nobody_agreed_to(application: Application, tmp_path: Path) -> None:
    imported(application, tmp_path, "inspectors", BOTH)
    text = "人员编号,姓名,执法证号,执法证有效期至\ni-9,示例酉,示例0009,2027-01-01\n"
    unasked = register_file(tmp_path, "inspectors", text, remove_missing=True, agreed_removals=frozenset())
    assert "i-1" in reasons(import_register(application, by(), "inspectors", unasked))[0]
    agreed = register_file(
        tmp_path, "inspectors", text, remove_missing=True, agreed_removals=frozenset({"i-1"})
    )
    outcome = import_register(application, by(), "inspectors", agreed)
    assert isinstance(outcome, ImportOutcome)
    assert (outcome.removed, outcome.missing) == (1, ("i-1",))


def test_an_import_is_taken_back_by_whom_may_and_only_the_one_agreed_to(
    application: Application, tmp_path: Path
) -> None:
    imported(application, tmp_path, "inspectors", BOTH)
    reasons(undo_import(application, by(CLERK), "inspectors"))
    assert "又有新的导入" in reasons(undo_import(application, by(), "inspectors", ImportSeq(7)))[0]
    once = undo_import(application, by(request_id="u"), "inspectors", ImportSeq(1))
    again = undo_import(application, by(request_id="u"), "inspectors")
    assert isinstance(once, Undone)
    assert isinstance(again, Undone)
    assert (once.removed, once.repeated, again.removed, again.repeated) == (1, False, 1, True)
    assert entries(application, "inspectors") == {}
    assert reasons(undo_import(application, by(), "inspectors")) == ["名录“inspectors”没有可以撤销的导入"]


def items(application: Application, **sections: str | None) -> None:
    with application.store.write() as transaction:
        transaction.registers.put(
            [RegisterEntry("items", one, one, section) for one, section in sections.items()],
            application.clock.now(),
        )


def test_a_section_claims_for_itself_and_nobody_for_another(application: Application) -> None:
    items(application, A=None, B="two")
    assert reasons(claim_entries(application, by(CLERK), "items", ["A"], "two")) == [
        "“clerk-1”不属于股室“two”，不能代它认领或退回"
    ]
    assert reasons(claim_entries(application, by(CLERK), "items", ["A", "B"], "one")) == [
        "“B”（B）已由股室“two”认领，须由该股室先退回"
    ]
    reasons(claim_entries(application, by(OTHER), "items", ["B"], "one", release=True))
    reasons(claim_entries(application, by("gone-1"), "items", ["A"], "one"))
    assert len(kept_refusals(application)) == 4
    outcome = claim_entries(application, by(CLERK), "items", ["A"], "one")
    assert outcome == Claimed(("A",), ())
    assert claim_entries(application, by(CLERK), "items", ["A"], "one") == Claimed((), ("A",))
    assert [e.kind for e in events(application, "register:items")] == ["claimed"]
    # Whoever keeps the register does it for any section.
    assert claim_entries(application, by(), "items", ["B"], "two", release=True) == Claimed(("B",), ())
    assert entries(application, "items")["B"].section is None


def test_people_are_claimed_by_no_section(application: Application) -> None:
    assert "不由股室认领" in reasons(claim_entries(application, by(OTHER), "people", [CLERK], "two"))[0]
    assert entries(application, "people")[CLERK].section == "one"
    assert "没有股室“three”" in reasons(claim_entries(application, by(), "items", ["A"], "three"))[0]


def test_labels_are_for_whoever_keeps_the_register(application: Application) -> None:
    items(application, A=None)
    reasons(label_entries(application, by(CLERK), "items", ["A"], ["x"], []))
    assert reasons(label_entries(application, by(), "items", ["A", "Z"], ["x"], [])) == [
        "名录“items”中没有：Z"
    ]
    assert "labels" not in entries(application, "items")["A"].data
    assert label_entries(application, by(), "items", ["A"], ["x"], []) == Labelled(("A",), ())
    assert label_entries(application, by(), "items", ["A"], ["x"], []) == Labelled((), ("A",))
    assert [e.kind for e in events(application, "register:items")] == ["labelled"]


def test_a_copy_is_frozen_once_for_each_request(application: Application) -> None:
    reasons(take_snapshot(application, by(CLERK), "people"))
    once = take_snapshot(application, by(request_id="s"), "people")
    assert isinstance(once, SnapshotSummary)
    assert take_snapshot(application, by(request_id="s"), "people") == once
    with application.store.read() as transaction:
        assert [one.id for one in transaction.registers.snapshots("people")] == [once.id]


def test_roles_are_given_and_taken_back_by_two_where_there_are_two(
    application: Application, tmp_path: Path
) -> None:
    moved = "人员编号,姓名,角色\nkeeper-1,管理员01,roster_admin\nclerk-1,经办人01,roster_admin\nclerk-2,经办人02,clerk\n"
    assert isinstance(imported(application, tmp_path, "people", moved), ImportOutcome)
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []

    def proposed() -> dict[str, list[str]]:
        with application.store.read() as transaction:
            people: dict[str, list[str]] = transaction.proposals.all()[-1].summary["rights"]["people"]
            return people

    reasons(undo_import(application, by(), "people"))
    assert proposed() == {"clerk-1": ["+role:clerk", "-role:roster_admin"]}
    reasons(imported(application, tmp_path, "people", moved.replace("02,clerk", "02,roster_admin")))
    assert proposed() == {"clerk-2": ["+role:roster_admin", "-role:clerk"]}
    reasons(imported(application, tmp_path, "inspectors", BOTH))
    assert set(proposed()) == {"i-1"}


def test_a_new_list_of_inspectors_is_one_proposal_confirmed_once(
    application: Application, tmp_path: Path
) -> None:
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    head, _, row = BOTH.strip().partition("\n")
    rows = [row.replace("i-1", f"i-{n}").replace("示例0001", f"示例{n:04}") for n in range(1, 251)]
    year = "\n".join([head, *rows, ""])
    assert "待clerk-2确认" in reasons(imported(application, tmp_path, "inspectors", year))[0]
    assert entries(application, "inspectors") == {}
    with application.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    rights = proposal.summary["rights"]
    assert (rights["count"], len(rights["people"])) == (250, 200)
    assert "250 人的权限有变动" in str(proposal.summary["title"])
    assert confirm(application, by(OTHER), proposal.id) == KEEPER
    assert isinstance(imported(application, tmp_path, "inspectors", year), ImportOutcome)
    assert len(entries(application, "inspectors")) == 250
    # What gives nobody anything is the keeper's alone: new days of certificates, leave.
    later = year.replace("2027-01-01", "2028-01-01").replace(
        "i-2,示例子,one,示例0002", "i-2,示例丑,one,示例0002"
    )
    assert isinstance(imported(application, tmp_path, "inspectors", later), ImportOutcome)
    leave = later.replace("有效\n", "请假\n", 1)
    assert isinstance(imported(application, tmp_path, "inspectors", leave), ImportOutcome)
    assert "待clerk-2确认" in reasons(imported(application, tmp_path, "inspectors", later))[0]


def test_nobody_moves_to_another_section_or_becomes_an_inspector_by_one(
    application: Application, tmp_path: Path
) -> None:
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    section = "人员编号,姓名,股室\nclerk-1,经办人01,two\n"
    assert "proposal-2" in reasons(imported(application, tmp_path, "people", section))[0]
    inspector = BOTH.replace("i-1", KEEPER)
    assert "proposal-3" in reasons(imported(application, tmp_path, "inspectors", inspector))[0]
    assert entries(application, "people")[CLERK].section == "one"
    assert entries(application, "inspectors") == {}


def test_done_by_one_it_is_marked_and_whose_rights_it_changes_are_told(
    application: Application, tmp_path: Path
) -> None:
    section = "人员编号,姓名,股室\nclerk-1,经办人01,two\n"
    assert isinstance(imported(application, tmp_path, "people", section), ImportOutcome)
    assert events(application, "register:people")[-1].body["single_handed"] is True
    with application.store.read() as transaction:
        texts = [one.text for who in (CLERK, KEEPER) for one in transaction.inbox.of(who)]
    assert len(texts) == 2
    assert all("单人办理" in text and "clerk-1（+section:two、-section:one）" in text for text in texts)


def test_what_was_agreed_to_is_the_change_and_not_the_command(
    application: Application, tmp_path: Path
) -> None:
    """Taking an import back is the same command whatever import it is: the agreement is to one change of rights."""
    first = "人员编号,姓名,股室\nclerk-1,经办人01,two\n"
    assert isinstance(imported(application, tmp_path, "people", first), ImportOutcome)
    assert set_administrators(application, by(), (KEEPER, OTHER)) == []
    reasons(undo_import(application, by(), "people"))
    assert confirm(application, by(OTHER), "proposal-3") == KEEPER
    # An inspector's leave, entered by one, becomes the last import in between: of people it is another's section.
    second = "人员编号,姓名,股室\nclerk-2,经办人02,\n"
    reasons(imported(application, tmp_path, "people", second))
    assert confirm(application, by(OTHER), "proposal-4") == KEEPER
    assert isinstance(imported(application, tmp_path, "people", second), ImportOutcome)
    assert "proposal-5" in reasons(undo_import(application, by(), "people"))[0]


def test_the_second_person_cannot_be_sent_on_leave(application: Application, tmp_path: Path) -> None:
    two = "".join(
        [
            BOTH.split("\n", maxsplit=1)[0] + "\n",
            "insp-8,示例子,one,示例0008,2027-01-01,有效\ninsp-9,示例丑,one,示例0009,2027-01-01,有效\n",
        ]
    )
    assert isinstance(imported(application, tmp_path, "inspectors", two), ImportOutcome)
    assert set_administrators(application, by(), ("insp-8", "insp-9")) == []
    away = two.replace("有效\n", "请假\n")
    assert "在岗的管理员不足 2 人" in reasons(imported(application, tmp_path, "inspectors", away))[0]
    one = two.replace("有效\n", "请假\n", 1)
    assert "在岗的管理员不足 2 人" in reasons(imported(application, tmp_path, "inspectors", one))[0]
    gone = register_file(tmp_path, "inspectors", BOTH, remove_missing=True)
    assert "在岗的管理员不足 2 人" in reasons(import_register(application, by(), "inspectors", gone))[0]
    assert all(one.data["status"] == "active" for one in entries(application, "inspectors").values())
