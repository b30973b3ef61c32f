from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from register_fixtures import entries, small_application

from engine.app.ports.records import RegisterEntry
from engine.app.registers.changes import (
    Claimed,
    Undone,
    UndoPlan,
    _against,
    history_of,
    plan_undo,
    stream_of,
    undo_import,
)
from engine.app.registers.import_entries import import_entries
from engine.kernel.refusal import RefusalReason

OLD = RegisterEntry("objects", "E1", "企业1", None, {"labels": ["a"]})
GONE = RegisterEntry("objects", "E2", "企业2")
CHANGED = RegisterEntry("objects", "E1", "企业1改", None, {"labels": ["b"]})
NEW = RegisterEntry("objects", "E3", "企业3")


def test_the_last_import_can_be_undone_once() -> None:
    application = small_application()
    import_entries(application, "objects", [OLD, GONE], "system", source="first")
    before = entries(application, "objects")
    import_entries(application, "objects", [CHANGED, NEW], "system", source="second", remove_missing=True)
    with application.store.write() as transaction:
        plan = plan_undo(transaction, "objects")
        assert isinstance(plan, UndoPlan)
        assert plan.outcome.source == "second"
        undo_import(transaction, application.clock.now(), "objects", plan, "keeper-1")
        history = list(history_of(transaction, "objects"))
        of_one = list(history_of(transaction, "objects", "E3"))
    assert entries(application, "objects") == before
    assert {entry.by for entry in history} == {"system", "keeper-1"}
    assert len(of_one) == 2
    assert stream_of("objects") == "register:objects"


def test_where_nothing_was_imported_nothing_is_undone() -> None:
    application = small_application()
    with application.store.read() as transaction:
        assert isinstance(plan_undo(transaction, "objects"), RefusalReason)


def held(**sections: str | None) -> Mapping[str, RegisterEntry]:
    return {
        name: RegisterEntry("objects", name, f"企业{name}", section) for name, section in sections.items()
    }


@pytest.mark.parametrize(
    ("release", "found", "codes"),
    [
        (False, {"E1": None, "E2": "one"}, []),
        (False, {"E1": "two"}, ["claimed"]),
        (True, {"E1": "one"}, []),
        (True, {"E1": None}, ["claimed"]),
        (True, {"E1": "two"}, ["claimed"]),
    ],
)
def test_who_may_claim_or_release(release: bool, found: dict[str, str | None], codes: list[str]) -> None:
    reasons = list(_against("objects", list(found), held(**found), "one", release=release))
    assert [reason.code for reason in reasons] == codes


def test_unknown_entries_are_refused_first() -> None:
    reasons = list(_against("objects", ["E1", "E9"], held(E1="two"), "one", release=False))
    assert "E9" in str(reasons[0])
    assert [reason.code for reason in reasons][1:] == ["claimed"]


def test_answers_are_read_as_they_were_written() -> None:
    claimed = Claimed(("E1",), ("E2", "E3"))
    assert Claimed.from_json(json.loads(json.dumps(claimed.as_json()))) == claimed
    undone = Undone(7, "second", 1, 2)
    assert undone.as_json() == {"seq": 7, "source": "second", "removed": 1, "restored": 2}
    # What is read again was done before, by an earlier request.
    assert Undone.from_json(undone.as_json()) == replace(undone, repeated=True)
