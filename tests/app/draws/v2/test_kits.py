"""The kits of a stored draw: who gets which, and that the auditor's is on record whoever takes it at the same moment."""

from __future__ import annotations

import pytest
from draws_fixtures import BATCH
from public_fixtures import PublicDesk

from engine.app.audit.verify_deployment import verify
from engine.app.commands import Caller
from engine.app.commands.draws import AuditorKit, take_auditor_kit
from engine.app.draws.v2.kits import public_files, slip_of, visits_done
from engine.draw.refused import DrawRefused


def test_two_who_take_the_auditors_kit_at_once_are_both_on_record(drawn: PublicDesk) -> None:
    with drawn.application() as application:
        first = take_auditor_kit(application, Caller("deputy"), BATCH)
        second = take_auditor_kit(application, Caller("leading"), BATCH)
        assert isinstance(first, AuditorKit)
        assert AuditorKit.from_json(first.as_json()) == first == second
        with application.store.read() as transaction:
            assert list(verify(transaction)) == []
    taken = [event.actor for event in drawn.events() if event.body.get("title") == "取走审计用的核验包"]
    assert taken == ["deputy", "leading"]


def test_teams_stay_out_of_the_public_kit_while_a_visit_is_open(drawn: PublicDesk) -> None:
    with drawn.look() as transaction:
        row = transaction.records.draw(BATCH)
        assert row is not None
        assert not visits_done(transaction, row)
        assert "teams.json" not in public_files(transaction, row)
        with pytest.raises(DrawRefused, match="名册里没有"):
            slip_of(row, "nobody")
