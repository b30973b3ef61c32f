from __future__ import annotations

from dataclasses import replace

from bureau_factories import Bureau
from visit_bureau import audited_bureau, rows_of

from engine.app.audit.verify import verify_stream
from engine.app.audit.verify_deployment import verify


def found(bureau: Bureau, stream: str = "visit-1") -> list[tuple[int, str, str]]:
    with bureau.look() as transaction:
        return [(one.seq, one.day, str(one.message)) for one in verify_stream(transaction, stream)]


def test_a_whole_history_has_nothing_wrong() -> None:
    bureau = audited_bureau()
    assert found(bureau) == found(bureau, "visit-2") == found(bureau, "absent") == []


def test_a_changed_entry_is_named_with_its_day() -> None:
    bureau = audited_bureau()
    rows = rows_of(bureau, "visit-1")
    rows[1] = replace(rows[1], actor="zoe")
    assert found(bureau) == [(2, "2024-09-03", "内容与哈希不符：该条在写入后被改动")]


def test_a_missing_entry_breaks_the_chain() -> None:
    bureau = audited_bureau()
    del rows_of(bureau, "visit-1")[1]
    assert [one[:2] for one in found(bureau)] == [(3, "2024-09-04"), (3, "2024-09-04")]
    assert found(bureau)[0][2] == "应为第 2 条，实为第 3 条：中间有缺失或次序被改"
    assert found(bureau)[1][2] == "所记前一条的哈希与前一条不符：前一条被改、被删或被插入"


def test_an_end_that_was_cut_off() -> None:
    bureau = audited_bureau()
    rows_of(bureau, "visit-1").pop()
    assert found(bureau) == [(2, "2024-09-03", "案件现状停在第 3 条，历史有 2 条：末尾被删或被加")]


def test_an_entry_that_is_none() -> None:
    bureau = audited_bureau()
    rows = rows_of(bureau, "visit-1")
    rows[0] = replace(rows[0], body={})
    assert [one[0] for one in found(bureau)] == [1]


def test_a_case_that_differs_from_its_history() -> None:
    bureau = audited_bureau()
    with bureau.look() as transaction:
        cases = transaction.cases._cases.rows  # type: ignore[attr-defined]
        cases["visit-1"] = replace(cases["visit-1"], title="另一件", section="south")
    assert found(bureau) == [(3, "2024-09-04", "案件现状与历史不符：title、section")]


def test_a_case_without_history_and_a_history_without_case() -> None:
    bureau = audited_bureau()
    with bureau.look() as transaction:
        del transaction.events._streams["visit-1"]  # type: ignore[attr-defined]
        transaction.cases._cases._set("visit-2", None)  # type: ignore[attr-defined]
    assert found(bureau) == [(0, "2024-09-02", "案件没有任何历史：历史被整体删除")]
    assert found(bureau, "visit-2") == [(1, "2024-09-02", "有历史而没有案件现状：案件的行被删除")]


def test_a_case_that_was_taken_out_whole_leaves_its_number() -> None:
    bureau = audited_bureau()
    with bureau.look() as transaction:
        del transaction.events._streams["visit-1"]  # type: ignore[attr-defined]
        transaction.cases._cases._set("visit-1", None)  # type: ignore[attr-defined]
        every = [(one.stream, one.seq, one.day) for one in verify(transaction)]
    assert every == [("visit-1", 0, "-")]
