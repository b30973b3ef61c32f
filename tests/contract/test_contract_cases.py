from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sample_rows import HARD, IN_BYTES, NAIVE, NOW, SHANGHAI, after, full_case, ids, make_case

from engine.app.ports.records import CaseFilter
from engine.app.ports.store import ConflictError, Store


def test_a_case_comes_back_as_it_was(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([full_case(), make_case()])
    with store.read() as transaction:
        assert transaction.cases.get("inspection-full") == full_case()
        assert transaction.cases.get("inspection-1", lock=True) == make_case()
        assert transaction.cases.get("inspection-2") is None


def test_instants_come_back_in_utc(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add(
            [make_case(opened_at=NOW.astimezone(SHANGHAI), entered_at=NOW.astimezone(SHANGHAI))]
        )
    with store.read() as transaction:
        found = transaction.cases.get("inspection-1")
    assert found is not None
    assert found.opened_at == NOW
    assert found.opened_at.microsecond == 456789
    assert found.opened_at.isoformat().endswith("+00:00")


@pytest.mark.parametrize("name", ["opened_at", "entered_at", "closed_at", "suspended_at"])
def test_naive_instants_are_refused(store: Store, name: str) -> None:
    with pytest.raises(ValueError, match="naive"), store.write() as transaction:
        transaction.cases.add([make_case(**dict[str, Any]({name: NAIVE}))])
    with store.read() as transaction:
        assert transaction.cases.count(CaseFilter()) == 0


def test_values_that_are_not_json_are_refused(store: Store) -> None:
    with pytest.raises(TypeError), store.write() as transaction:
        transaction.cases.add([make_case(fields={"day": NOW.date()})])


def test_what_the_caller_changes_later_does_not_reach_the_store(store: Store) -> None:
    fields = {"list": [1]}
    with store.write() as transaction:
        transaction.cases.add([make_case(fields=fields)])
        fields["list"].append(2)
    with store.read() as transaction:
        found = transaction.cases.get("inspection-1")
    assert found is not None
    assert found.fields == {"list": [1]}


def test_cases_that_stay_where_they_are(store: Store) -> None:
    cases = [make_case(f"c{n}") for n in range(5)]
    with store.write() as transaction:
        transaction.cases.add(cases)
    after_ = [
        replace(
            case, rev=2, head="d" * 64, fields={"n": [1, HARD]}, assignee="p-9", suspended_at=after(days=1)
        )
        for case in cases
    ]
    with store.write() as transaction:
        transaction.cases.save_in_place([])
        transaction.cases.save_in_place([(case, 1) for case in after_[:3]])
        transaction.cases.save_in_place([(after_[3], 1)])
    with store.read() as transaction:
        assert transaction.cases.find(CaseFilter()) == [*after_[:4], cases[4]]
    with pytest.raises(ConflictError) as conflict, store.write() as transaction:
        transaction.cases.save_in_place(
            [(replace(after_[4], rev=3), 1), (replace(after_[3], rev=3, head="e" * 64), 1)]
        )
    assert conflict.value.case == "c3"
    with store.read() as transaction:
        assert transaction.cases.find(CaseFilter()) == [*after_[:4], cases[4]]


def test_a_taken_id_is_a_conflict(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([make_case()])
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.cases.add([make_case("inspection-0"), make_case()])
    with store.read() as transaction:
        assert transaction.cases.count(CaseFilter()) == 1


def test_saving_names_the_revision_that_was_seen(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([make_case()])
    with store.write() as transaction:
        transaction.cases.save(make_case(rev=2, state="inspected", title=HARD), 1)
    with pytest.raises(ConflictError) as conflict, store.write() as transaction:
        transaction.cases.save(make_case(rev=2, state="elsewhere"), 1)
    assert conflict.value.case == "inspection-1"
    with pytest.raises(ConflictError), store.write() as transaction:
        transaction.cases.save(make_case("unknown"), 1)
    with store.read() as transaction:
        assert transaction.cases.get("inspection-1") == make_case(rev=2, state="inspected", title=HARD)


def test_saving_replaces_everything(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([replace(full_case(), rev=1)])
    bare = make_case("inspection-full", rev=2)
    with store.write() as transaction:
        transaction.cases.save(bare, 1)
    with store.read() as transaction:
        assert transaction.cases.get("inspection-full") == bare


def test_saving_many_names_the_one_that_was_overtaken(store: Store) -> None:
    cases = [make_case(f"inspection-{n}") for n in range(5)]
    with store.write() as transaction:
        transaction.cases.add(cases)
    with store.write() as transaction:
        transaction.cases.save_many([(replace(case, rev=2, state="inspected"), 1) for case in cases])
    with store.write() as transaction:
        transaction.cases.save(replace(cases[3], rev=3, head="b" * 64), 2)
    with pytest.raises(ConflictError) as conflict, store.write() as transaction:
        transaction.cases.save_many([(replace(case, rev=3, state="entered"), 2) for case in cases])
    assert conflict.value.case == "inspection-3"
    with store.read() as transaction:
        assert transaction.cases.count(CaseFilter(state="inspected")) == 4
        assert transaction.cases.count(CaseFilter(state="entered")) == 0


def test_many_leaves_out_what_is_unknown(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([make_case(f"inspection-{n}") for n in range(3)])
        found = transaction.cases.many(["inspection-2", "nothing", "inspection-0", "inspection-2"])
        assert set(found) == {"inspection-0", "inspection-2"}
        assert found["inspection-2"] == make_case("inspection-2")
        assert transaction.cases.many([]) == {}


def test_find_is_ordered_by_bytes_and_pages(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([make_case(i) for i in reversed(IN_BYTES)])
    seen: list[str] = []
    with store.read() as transaction:
        assert ids(transaction.cases.find(CaseFilter())) == IN_BYTES
        while page := transaction.cases.find(CaseFilter(), limit=2, after=seen[-1] if seen else None):
            assert len(page) <= 2
            seen += ids(page)
    assert seen == IN_BYTES


def test_filters(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add(
            [
                make_case("a", parent="batch-1", subject={"id": "甲"}, section="labour"),
                make_case("b", parent="batch-1", state="archived", closed_at=after(days=1)),
                make_case("c", parent="batch-2", workflow="follow_up", opened_at=after(days=2)),
                make_case("d", section=None, subject={"id": "甲"}, opened_at=after(microseconds=1)),
            ]
        )
    wanted = {
        "abcd": CaseFilter(),
        "ab": CaseFilter(parent="batch-1"),
        "a": CaseFilter(parent="batch-1", open=True),
        "b": CaseFilter(open=False),
        "c": CaseFilter(workflow="follow_up"),
        "abd": CaseFilter(workflow="inspection"),
        "ad": CaseFilter(subject="甲"),
        "abc": CaseFilter(section="labour"),
        "d": CaseFilter(subject="甲", opened_from=after(microseconds=1)),
        "ab ": CaseFilter(opened_before=after(microseconds=1)),
        "cd": CaseFilter(opened_from=after(microseconds=1).astimezone(SHANGHAI)),
        " b": CaseFilter(workflow="inspection", state="archived", parent="batch-1"),
        "": CaseFilter(state="unknown"),
    }
    with store.read() as transaction:
        for expected, one in wanted.items():
            assert "".join(ids(transaction.cases.find(one))) == expected.strip(), one
            assert transaction.cases.count(one) == len(expected.strip())
        with pytest.raises(ValueError, match="naive"):
            transaction.cases.find(CaseFilter(opened_from=NAIVE))


def test_outstanding_children(store: Store) -> None:
    def asked(*reached: str, workflow: str = "inspection", parent: str = "batch-1") -> bool:
        with store.read() as transaction:
            return transaction.cases.has_open_children_outside(parent, workflow, reached)

    assert not asked("archived")
    with store.write() as transaction:
        transaction.cases.add(
            [
                make_case("c1", parent="batch-1", state="archived", closed_at=NOW),
                make_case("c2", parent="batch-1", state="stopped", closed_at=NOW),
                make_case("c3", parent="batch-1", state="published"),
                make_case("c4", parent="batch-1", state="entered"),
                make_case("c5", parent="batch-1", state="published"),
                make_case("c6", parent="batch-2", state="assigned"),
                make_case("c7", parent="batch-1", workflow="follow_up", state="assigned"),
            ]
        )
    assert asked("archived")
    assert asked()
    assert asked("published", "archived")
    assert asked("entered")
    assert not asked("entered", "published")
    assert not asked("published", "entered", "archived", "assigned", "zzz")
    assert asked("archived", workflow="follow_up")
    assert not asked("assigned", workflow="follow_up")
    assert not asked(parent="batch-3")
    with store.write() as transaction:
        transaction.cases.save(make_case("c4", parent="batch-1", state="archived", closed_at=NOW, rev=2), 1)
    assert not asked("published")


def test_children_are_counted_by_workflow_and_state(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add(
            [
                make_case("c1", parent="batch-1", state="archived", closed_at=NOW),
                make_case("c2", parent="batch-1", state="published"),
                make_case("c3", parent="batch-1", state="published"),
                make_case("c4", parent="batch-2", state="published"),
                make_case("c5", parent="batch-1", workflow="follow_up", state="published"),
            ]
        )
    with store.read() as transaction:
        assert transaction.cases.count_children("batch-1") == [
            ("follow_up", "published", True, 1),
            ("inspection", "archived", False, 1),
            ("inspection", "published", True, 2),
        ]
        assert transaction.cases.count_children("batch-3") == []


def test_running_numbers(store: Store) -> None:
    with store.write() as transaction:
        assert transaction.cases.number("inspection") == 1
        assert transaction.cases.number("inspection", 10) == 2
        assert transaction.cases.number("抽查") == 1
    with store.write() as transaction:
        assert transaction.cases.number("inspection") == 12
    with suppress(RuntimeError), store.write() as transaction:
        assert transaction.cases.number("inspection") == 13
        raise RuntimeError
    with store.write() as transaction:
        assert transaction.cases.number("inspection") == 13


def test_large_batches(store: Store, many: int) -> None:
    cases = [make_case(f"inspection-{n:05}", parent="batch-1") for n in range(many)]
    with store.write() as transaction:
        transaction.cases.add(cases)
    with store.write() as transaction:
        held = transaction.cases.many(ids(cases))
        assert len(held) == many
        transaction.cases.save_many([(replace(case, rev=2, state="inspected"), 1) for case in held.values()])
    with store.read() as transaction:
        assert transaction.cases.count(CaseFilter(parent="batch-1", state="inspected")) == many
        assert not transaction.cases.has_open_children_outside("batch-1", "inspection", ["inspected"])


def test_free_cases_are_those_nobody_holds(store: Store) -> None:
    with store.write() as transaction:
        transaction.cases.add([make_case("a"), make_case("b")])
    with store.write() as transaction:
        assert transaction.cases.lock_available(["b", "a", "unknown"]) == {
            "a": make_case("a"),
            "b": make_case("b"),
        }
