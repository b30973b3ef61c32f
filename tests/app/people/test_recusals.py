"""A recusal is from a firm, whatever code the firm had when it was entered."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.people.recusals import is_recused, present_codes, with_present_codes
from engine.app.ports.records import RegisterEntry
from engine.store.memory import MemoryStore

NOW = datetime(2027, 3, 1, 2, tzinfo=UTC)
FIRMS = [
    RegisterEntry("objects", "new", "甲", None, {"former_ids": ["old", "older"]}),
    RegisterEntry("objects", "merged", "乙", None, {"former_ids": ["older", "gone"]}),
    RegisterEntry("objects", "same", "丙", None, {"note": "old"}),
]


def test_former_codes_lead_to_every_firm_that_had_them() -> None:
    present = present_codes(FIRMS)
    assert present == {"old": {"new"}, "older": {"new", "merged"}, "gone": {"merged"}}
    assert with_present_codes(["old", "same"], present) == ("old", "new", "same")
    assert with_present_codes(["older", "new"], present) == ("older", "merged", "new")
    assert with_present_codes([], present) == ()


@pytest.mark.parametrize(
    ("recusals", "code", "expected"),
    [
        ({"old"}, "old", True),
        # The firm has another code by now, or had another when the case began.
        ({"old"}, "new", True),
        ({"new"}, "old", True),
        ({"older"}, "old", True),
        ({"gone"}, "merged", True),
        ({"gone"}, "new", False),
        ({"old"}, "same", False),
        ({"same"}, "old", False),
        (set(), "old", False),
        ({"unknown"}, "unknown", True),
    ],
)
def test_whoever_is_recused_from_a_firm_is_so_under_each_of_its_codes(
    recusals: set[str], code: str, expected: bool
) -> None:
    store = MemoryStore()
    with store.write() as transaction:
        transaction.registers.put(FIRMS, NOW)
    with store.read() as transaction:
        assert is_recused(transaction, recusals, code) is expected
