"""What is shown of a draw before and after it is revealed."""

from __future__ import annotations

import json
from datetime import datetime

from draws_fixtures import CODES, ZONE, Desk

from engine.app.draws.view import summary_of, view_of, without_outcome

VOID = {"applicant": "drawer", "reason_code": "roster_error", "facts": "漏导一个片区", "evidence": "比对表"}


def test_an_open_draw_is_shown_whole(desk: Desk) -> None:
    desk.complete()
    found = view_of(desk.row())
    assert (found.embargoed, found.record) == (False, desk.record())
    assert found.as_json() == {
        "case": "batch-1",
        "number": 1,
        "status": "complete",
        **desk.record().to_json(),
    }
    assert summary_of(desk.row()).as_json()["drawn"] == len(found.record.visits)


def test_under_embargo_neither_list_nor_codes_are_shown(kept: Desk) -> None:
    kept.step("void_draw", "deputy", VOID)
    drawn = {visit.object_id for visit in kept.drawn_under_embargo().record().visits}
    person = kept.record().team(next(iter(drawn)))[0]
    kept.step("void_draw", "deputy", VOID)
    found = view_of(kept.row())
    assert found.embargoed
    shown = json.dumps(found.as_json() | {"objects": "", "people": ""}, ensure_ascii=False)
    assert not any(secret in shown for secret in (*drawn, *CODES, person))
    # What was refused before anything was drawn can name nobody.
    assert [bool(one.reasons) for one in found.attempts] == [True, False]


def test_a_void_draw_stays_hidden_in_the_log_of_the_next(kept: Desk) -> None:
    first = kept.drawn_under_embargo().record().visits[0].object_id
    kept.takes("void_draw", "deputy", VOID, reason="名册有误")
    kept.committed()
    found = view_of(kept.row())
    assert (found.number, found.record.selection) == (2, None)
    assert not any(first in line for line in found.record.log)


def test_before_the_draw_nothing_is_hidden_and_after_the_reveal_nothing(kept: Desk) -> None:
    assert not view_of(kept.row()).embargoed
    kept.drawn_under_embargo()
    passed = {"declared": 0, "declared_excluded": True, "all_trained": True}
    kept.takes("pass_recusal_check", "witness", passed)
    kept.takes("dispatch", "chief-labour_inspection")
    kept.clock.set(datetime(2026, 4, 20, 9, tzinfo=ZONE))
    kept.done("draw", "reveal", "batch-1", "--as", "drawer")
    assert view_of(kept.row()).record == kept.record()


def test_without_the_outcome_a_record_is_as_it_was_committed_to(kept: Desk) -> None:
    before = kept.record()
    bare = without_outcome(kept.drawn_under_embargo().record())
    assert (bare.commitment, bare.objects, bare.people) == (before.commitment, before.objects, before.people)
    assert (bare.codes, bare.visits, bare.assignments, bare.selection) == ((), (), (), None)
