"""Who sees which proposals."""

from __future__ import annotations

from register_fixtures import CLERK, KEEPER, OTHER, by, reasons, small_application

from engine.app.commands.credentials import create_token
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.queries.people.proposals import list_administrators, list_proposals, show_proposal


def test_those_it_concerns_and_those_who_keep() -> None:
    application = small_application()
    set_administrators(application, by(), (KEEPER, "gone-1"))
    create_token(application, by(), CLERK)
    assert list_administrators(application, CLERK) == ()

    def seen(person: str, everything: bool) -> list[str]:
        found = list_proposals(application, person, everything=everything)
        assert not hasattr(found, "reasons")
        return [one.status for one in found]

    assert seen(KEEPER, everything=True) == ["single-handed"]
    assert seen(KEEPER, everything=False) == []
    assert seen(CLERK, everything=True) == ["single-handed"]
    assert seen(OTHER, everything=True) == []
    shown = show_proposal(application, CLERK, "proposal-1")
    assert getattr(shown, "by", None) == KEEPER
    assert reasons(show_proposal(application, OTHER, "proposal-1")) == ["没有提请“proposal-1”"]
