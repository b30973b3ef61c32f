"""Who can be the second: keepers who are named and work here, never the one who asks."""

from __future__ import annotations

from register_desk import CLERK, KEEPER, small_application

from engine.app.people.keepers import name_keepers, named_keepers, other_keepers


def test_those_who_are_not_there_cannot_agree() -> None:
    application = small_application()
    with application.store.write() as transaction:
        assert named_keepers(transaction) == ()
        assert other_keepers(transaction, KEEPER) == []
        name_keepers(transaction, [KEEPER, "gone-1", "absent", KEEPER])
        assert named_keepers(transaction) == (KEEPER, "gone-1", "absent")
        assert other_keepers(transaction, KEEPER) == []
        assert other_keepers(transaction, CLERK) == [KEEPER]
