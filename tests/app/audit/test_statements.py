"""Statements in order say what each row must be now; a statement that is missing, moved or changed shows."""

from __future__ import annotations

import json
from typing import Any

from engine.app.audit.statements import OVERWRITTEN, REMOVABLE, FoldedStatements
from engine.app.ports.audit.statements import MAX_STATED, WAS, Coverage, RowStatement, statement_hash
from engine.store.row_parts import PART, PARTS

ONE, TWO = "1" * 64, "2" * 64


def statement(position: int, rows: list[Any], events: list[Any], kind: str = "written") -> RowStatement:
    texts = json.dumps(events), json.dumps(rows)
    return RowStatement(position, kind, *texts, statement_hash(kind, *texts))


def folded(*statements: RowStatement) -> tuple[FoldedStatements, list[str]]:
    made = FoldedStatements(Coverage(PARTS, {}, {}))
    return made, [str(found.message) for one in statements for found in made.add(one)]


def test_the_last_statement_of_a_row_counts_and_a_removal_takes_all_its_parts() -> None:
    entered = [["sign-in", 1, 1, ONE]]
    made, wrong = folded(
        statement(1, [["token", ["a"], ONE], ["token.revoked", ["a"], ONE], ["token", ["b"], ONE]], entered),
        statement(2, [["token", ["b"], TWO], ["token", ["a"], None]], [], "taken_over"),
    )
    assert wrong == []
    assert made.digest(PART["token"], ("a",)) is None
    assert made.digest(PART["token.revoked"], ("a",)) is None
    assert list(made.digests(PART["token"])) == [(("b",), TWO)]
    assert (made.count(PART["token"]), made.taken_over, made.position) == (1, 2, 2)


def test_a_key_without_its_last_value_removes_all_that_share_the_rest() -> None:
    rows = [
        ["task", ["c", "k"], ONE],
        ["task", ["c", "l"], ONE],
        ["task", ["d", "k"], ONE],
        ["task", ["c"], None],
    ]
    made, _ = folded(statement(1, rows, []))
    assert list(made.digests(PART["task"])) == [(("d", "k"), ONE)]


def test_events_are_stated_without_a_gap() -> None:
    good = [statement(1, [], [["s", 1, 2, ONE]]), statement(2, [], [["s", 3, 3, TWO]])]
    made, wrong = folded(*good)
    assert wrong == []
    assert made.heads == {"s": (3, TWO)}
    assert len(folded(good[1])[1]) == 1
    assert len(folded(*reversed(good))[1]) == 2


def test_a_statement_that_was_changed_shows() -> None:
    one = statement(1, [], [])
    changed = RowStatement(1, one.kind, one.events, '[["task",["a"],null]]', one.hash)
    unreadable = RowStatement(2, one.kind, one.events, "x", statement_hash(one.kind, one.events, "x"))
    assert len(folded(changed, unreadable)[1]) == 2
    assert len(folded(statement(1, [], [], "other"))[1]) == 1


def test_parts_of_a_newer_program_are_passed_over() -> None:
    assert folded(statement(1, [["later", ["a"], ONE]], []))[1] == []


def test_a_row_that_is_in_no_entry_of_its_history_shows() -> None:
    person, token, entered = (
        ["register_entry", ["people", "a"], ONE],
        ["token", ["a"], ONE],
        "register:people",
    )
    good = statement(1, [person, token], [[entered, 1, 1, ONE], ["sign-in", 1, 1, ONE]])
    assert folded(good)[1] == []
    _, wrong = folded(good, statement(2, [["register_entry", ["people", "b"], TWO]], []))
    assert ["register:people" in one for one in wrong] == [True]
    _, wrong = folded(good, statement(2, [["token.revoked", ["a"], TWO]], [[entered, 2, 2, ONE]]))
    assert ["sign-in" in one for one in wrong] == [True]
    # A transaction of many rows says in its last statement in which history it stands.
    many = [["register_entry", ["people", str(number)], ONE] for number in range(MAX_STATED)]
    assert folded(good, statement(2, many, []))[1] == []


def test_a_row_written_over_that_was_not_as_it_is_stated_shows() -> None:
    entered = [["register:people", 1, 1, ONE]], [["register:people", 2, 2, TWO]]
    first = statement(1, [["register_entry", ["people", "a"], ONE]], entered[0])
    for seen, count in ((ONE, 0), (TWO, 1)):
        rows = [[f"{WAS}register_entry", ["people", "a"], seen], ["register_entry", ["people", "a"], TWO]]
        made, wrong = folded(first, statement(2, rows, entered[1]))
        assert wrong == [str(OVERWRITTEN)] * count
        assert made.digest(PART["register_entry"], ("people", "a")) == TWO


def test_rows_taken_over_without_the_others_of_their_table_show() -> None:
    written = statement(1, [["task", ["c", "k"], ONE], ["task", ["d", "k"], ONE]], [])
    whole = statement(2, [["task", ["c", "k"], TWO], ["task", ["d", "k"], TWO]], [], "taken_over")
    one = statement(2, [["task", ["c", "k"], TWO]], [], "taken_over")
    for taken, count in ((whole, 0), (one, 1)):
        made, wrong = folded(written, taken, statement(3, [["setting", ["a"], ONE]], []))
        assert len(wrong) == count
        assert list(made.taken_whole()) == []
        made, wrong = folded(written, taken)
        assert wrong == []
        assert len(list(made.taken_whole())) == count


def test_a_setting_that_decides_rights_is_entered_in_its_history() -> None:
    begun = statement(1, [["setting", ["sign_in"], ONE]], [])
    assert folded(begun)[1] == []
    published = statement(2, [["setting", ["joins"], ONE]], [["definitions", 1, 1, ONE]])
    for name, history in (("administrators", "proposals"), ("sign_in", "sign-in")):
        by_sql = statement(3, [["setting", [name], TWO]], [])
        entered = statement(3, [["setting", [name], TWO]], [[history, 1, 1, ONE]])
        assert len(folded(begun, published, by_sql)[1]) == 1
        assert folded(begun, published, entered)[1] == []


def test_a_paper_a_publication_and_the_record_of_a_file_are_written_with_an_entry() -> None:
    for part, key, right, wrong in (
        ("retention", ["visit-1"], "visit-1", "visit-2"),
        ("publication", ["p-1"], "visit-1", None),
        ("paper", ["n-1"], "office", None),
        ("signature", ["s-1"], "visit-1", None),
    ):
        entered = statement(1, [[part, key, ONE]], [[right, 1, 1, ONE]])
        elsewhere = [[wrong, 1, 1, ONE]] if wrong else []
        assert folded(entered)[1] == []
        assert len(folded(statement(1, [[part, key, ONE]], elsewhere))[1]) == 1


def test_a_statement_made_long_does_not_hide_a_row() -> None:
    padded = [["setting", [str(number)], ONE] for number in range(MAX_STATED)] + [["token", ["t"], ONE]]
    made, wrong = folded(statement(1, padded, []))
    assert wrong == []
    assert [one.key for one in made.entered.unfinished()] == [("t",)]
    made, wrong = folded(statement(1, padded, []), statement(2, [["setting", ["x"], ONE]], []))
    assert len(wrong) == 1
    last = statement(2, [["setting", ["x"], ONE]], [["sign-in", 1, 1, ONE]])
    made, wrong = folded(statement(1, padded, []), last)
    assert (wrong, list(made.entered.unfinished())) == ([], [])


def test_rows_this_program_never_removes_are_not_removed_by_a_statement() -> None:
    written = statement(1, [["draw_log", [1], ONE], ["task", ["c", "k"], ONE]], [])
    _, wrong = folded(written, statement(2, [["draw_log", [1], None], ["task", ["c", "k"], None]], []))
    assert len(wrong) == 1
    assert set(PARTS) > REMOVABLE
