"""When the ceremony of a public draw can be held, what is typed in it, and what the second person hands in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from draws_fixtures import BATCH
from public_fixtures import PublicDesk

from engine.app.draws.v2.ceremony import PublicCeremony, open_public_ceremony
from engine.app.draws.v2.lapsing import lapse_commitments
from engine.draw.refused import DrawRefused


def opened(desk: PublicDesk) -> PublicCeremony:
    with desk.unit() as uow:
        case, row = uow.case(BATCH), uow.transaction.records.draw(BATCH)
        assert case is not None
        assert row is not None
        return open_public_ceremony(uow, case, row)


def test_two_people_type_one_after_the_other_and_then_there_is_none(public: PublicDesk) -> None:
    public.committed()
    first = opened(public)
    assert (first.case, first.typing, first.drawing) == (BATCH, "type_entropy", "draw_objects")
    assert (first.titles, first.shares) == (["ssq:2026023", "dlt:2026022"], 0)
    assert first.confirmations == ("seen_original",)
    values = ["01.02.03.04.05.06+07", "01.02.03.04.05+06.07"]
    assert first.typed(values) == f"ssq:2026023:{values[0]}/dlt:2026022:{values[1]}"
    assert first.confirmation(values) == {"entropy": first.typed(values), "seen_original": True}
    assert first.confirmation(values, ["1:ab"])["codes"] == ["1:ab"]
    public.to_the_day()
    assert public.type_results().code == 0
    second = opened(public)
    assert (second.typing, second.drawing) == ("", "draw_objects")
    assert public.confirm_results().code == 0
    with pytest.raises(DrawRefused, match="已经抽过或已不能再抽"):
        opened(public)


def test_a_commitment_that_lapsed_has_to_be_made_again_first(public: PublicDesk) -> None:
    public.committed()
    public.clock.set(public.clock.now() + timedelta(days=40))
    with public.application() as application:
        lapse_commitments(application)
    with pytest.raises(DrawRefused) as refused:
        opened(public)
    (reason,) = refused.value.reasons
    assert reason.next is not None
    assert reason.next.name == "commit_first"
    assert "还没有公布承诺" in str(reason.message)
