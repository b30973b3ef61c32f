"""Made-up kinds: in about their shares, each a kind the register knows, the same for the same seed."""

from __future__ import annotations

from collections import Counter

from engine.register.check import CheckedEntry
from engine.register.profile import built_in
from engine.synthetic.kinds import SHARES, with_made_up_kinds

ENTRIES = [CheckedEntry("objects", f"E{n}", f"示例{n}", data={"district": "东"}) for n in range(1000)]


def test_every_enterprise_employs_people_and_some_are_of_another_kind() -> None:
    found = with_made_up_kinds(ENTRIES, 1)
    assert all(entry.data["pools"][0] == "employer" and entry.data["district"] == "东" for entry in found)
    count = Counter(entry.data["pools"][-1] for entry in found)
    assert all(share * 5 <= count[kind] <= share * 15 for kind, share in SHARES.items())
    assert found == with_made_up_kinds(ENTRIES, 1)


def test_the_kinds_are_those_of_the_register() -> None:
    assert SHARES.keys() <= built_in("objects").columns["pools"].choices.keys()
    assert sum(SHARES.values()) == 100
