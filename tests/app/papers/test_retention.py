"""How long a file is kept follows the fact it begins with; nothing goes while something is open or its time runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from paper_fixtures import case_of

from engine.app.papers import retention
from engine.app.papers.retention import in_the_way, kept_until
from engine.definition.expressions import parse_expression
from engine.lifecycle.model.archive_rule import ArchiveRule, RetentionRule
from engine.worktime.written import period_of

CLOSED = datetime(2026, 3, 2, 4, tzinfo=UTC)
TODAY = date(2040, 1, 1)


def unit(rule: RetentionRule, *others: Any) -> Any:
    """Return a unit of work for cases of one workflow."""
    process = SimpleNamespace(
        workflow=SimpleNamespace(archive=ArchiveRule(retention=rule)), time=SimpleNamespace(calendar=None)
    )
    by_id = {one.id: one for one in others}
    transaction = SimpleNamespace(
        retention=SimpleNamespace(get=lambda case: None),
        cases=SimpleNamespace(
            find=lambda wanted, limit: [one for one in others if one.parent == wanted.parent and one.open]
        ),
    )
    zone = SimpleNamespace(time=SimpleNamespace(zone=UTC))
    return SimpleNamespace(
        process=lambda _: process,
        transaction=transaction,
        services=SimpleNamespace(definitions=zone),
        seen=by_id.get,
        flush=lambda: None,
    )


CASE = replace(case_of(), closed_at=CLOSED, fields={"decided_on": "2030-05-01"})
TEN = RetentionRule(keep=period_of("10 years"), notice=period_of("3 months"))


def test_it_is_counted_from_the_end_of_the_case_and_announced_before() -> None:
    kept = kept_until(unit(TEN), CASE)
    assert (kept.since, kept.until, kept.notice) == (date(2026, 3, 2), date(2036, 3, 2), date(2035, 12, 2))
    assert kept_until(unit(TEN), replace(CASE, closed_at=None)).until is None
    assert kept_until(unit(RetentionRule()), CASE).until is None


def test_it_follows_the_fact_it_begins_with(monkeypatch: pytest.MonkeyPatch) -> None:
    since = parse_expression("case.decided_on", None).expression
    monkeypatch.setattr(retention, "own_scope", lambda uow, case, actor: {"case": case.fields})
    rule = replace(TEN, since=since)
    assert kept_until(unit(rule), CASE).until == date(2040, 5, 1)
    assert kept_until(unit(rule), replace(CASE, fields={"decided_on": "2031-05-01"})).until == date(
        2041, 5, 1
    )
    assert kept_until(unit(rule), replace(CASE, fields={})).until is None


def test_the_end_of_the_main_case_counts_where_the_rule_says_so() -> None:
    main = replace(case_of(2), closed_at=datetime(2028, 1, 1, tzinfo=UTC))
    child = replace(CASE, parent=main.id)
    assert kept_until(unit(replace(TEN, main_case=True), main), child).until == date(2038, 1, 1)


def test_nothing_goes_while_something_is_open_or_the_time_runs() -> None:
    assert in_the_way(unit(TEN), CASE, TODAY) is None
    assert "还没有到期" in str(in_the_way(unit(TEN), CASE, date(2036, 3, 2)))
    assert "永久保管" in str(in_the_way(unit(RetentionRule()), CASE, TODAY))
    child = replace(case_of(3), parent=CASE.id)
    assert "inspection-3" in str(in_the_way(unit(TEN, child), CASE, TODAY))
    parent = case_of(2)
    assert "inspection-2" in str(in_the_way(unit(TEN, parent), replace(CASE, parent=parent.id), TODAY))
