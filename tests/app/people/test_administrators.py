"""Who can be the second: administrators who are named and work here, never the one who asks."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, small_application

from engine.app.people.administrators import name_administrators, named_administrators, other_administrators


def test_those_who_are_not_there_cannot_agree() -> None:
    application = small_application()
    with application.store.write() as transaction:
        assert named_administrators(transaction) == ()
        assert other_administrators(transaction, KEEPER) == []
        name_administrators(transaction, [KEEPER, "gone-1", "absent", KEEPER])
        assert named_administrators(transaction) == (KEEPER, "gone-1", "absent")
        assert other_administrators(transaction, KEEPER) == []
        assert other_administrators(transaction, CLERK) == [KEEPER]
