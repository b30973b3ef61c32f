"""What the second person is shown of a change of rights: everybody and everything, and nothing that is private."""

from __future__ import annotations

import pytest
from register_fixtures import CLERK, KEEPER, OTHER, small_application

from engine.app.people.administrators import name_administrators
from engine.app.people.rights import RightsChange
from engine.app.ports.records import RegisterEntry
from engine.app.registers.rights_change import second_for_rights, summary_of_rights
from engine.app.session.refused import CommandRefused


def inspector(number: int, *recusals: str) -> RegisterEntry:
    data = {"status": "active", "recusals": list(recusals)}
    return RegisterEntry("inspectors", f"i-{number}", f"检查员{number}", "one", data)


def test_it_names_whose_rights_change_and_no_recusal() -> None:
    application = small_application()
    with application.store.write() as transaction:
        transaction.registers.put([inspector(1, "91990102MA3W55JQ6H")], application.clock.now())
        asked = second_for_rights(transaction, "inspectors", [inspector(1), inspector(2)], [])
        assert second_for_rights(transaction, "inspectors", [inspector(1, "91990102MA3W55JQ6H")], []) is None
        assert second_for_rights(transaction, "objects", [], ["i-1"]) is None
    assert asked is not None
    assert asked.concerned == ("i-1", "i-2")
    assert asked.summary["rights"]["people"] == {
        "i-1": ["-recusals"],
        "i-2": ["+role:inspector", "+section:one", "+staff"],
    }
    assert "9199" not in f"{asked.title}{asked.summary}"
    assert str(asked.title).startswith("改动名录“inspectors”，2 人的权限有变动")


def test_all_are_counted_and_two_changes_differ() -> None:
    many = {f"i-{n}": ("+staff",) for n in range(300)}
    found = summary_of_rights(RightsChange(many, {}))["rights"]
    assert (found["count"], len(found["people"])) == (300, 200)
    other = summary_of_rights(RightsChange({**many, "i-299": ("+role:x",)}, {}))["rights"]
    assert other["people"] == found["people"]
    assert other["digest"] != found["digest"]


def test_fewer_than_two_administrators_are_refused() -> None:
    application = small_application()
    with application.store.write() as transaction:
        name_administrators(transaction, [KEEPER, OTHER])
        assert second_for_rights(transaction, "people", [], [CLERK]) is not None
        with pytest.raises(CommandRefused):
            second_for_rights(transaction, "people", [], [OTHER])
