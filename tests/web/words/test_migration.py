"""What becomes of a case that is moved, in one sentence."""

from __future__ import annotations

from engine.web.words.migration import migration_verdict


def test_a_case_that_goes_says_from_where_to_where_and_one_that_stays_says_why() -> None:
    goes = {"before": {"title": "待办"}, "after": {"title": "待审"}, "reasons": []}
    assert str(migration_verdict(goes)) == "环节：待办 → 待审"
    stays = {"before": {"title": "待办"}, "after": None, "reasons": [{"message": "没有这个环节"}]}
    assert str(migration_verdict(stays)) == "留在原版：没有这个环节"
