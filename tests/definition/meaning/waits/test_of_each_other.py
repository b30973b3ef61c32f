"""A child that waits for its parent while the parent waits for it."""

from __future__ import annotations

import pytest
from bureau_factories import BUREAU

from engine.definition.library import load_files

PARENT = """\
workflow: made
title: 主件
about: none
start: {by: clerk}
fields: [ready: {title: 好了, boolean, to_children}]
states:
  s0: {title: 甲, for: clerk, deadline: suggested 3 days, steps: {a: {title: 办, to: s1, then: [{start: kid, title: 子}FIRST]}}}
  s1: {title: 乙, steps: {b: {title: 汇, to: s2, AWAITS, then: [{set: {ready: true}}]}}}
  s2: {title: 丙, for: clerk, deadline: suggested 3 days, steps: {z: {title: 结, to: done}}}
  done: {title: 完, final, open_children: leave}
"""
KID = """\
workflow: kid
title: 子件
about: none
states:
  k0: {title: 在办, for: clerk, deadline: suggested 2 days, steps: {f: {title: 进, to: k1}}}
  k1: {title: 等, steps: {g: {title: 出, to: ended, automatic, when: parent.ready == true}}}
  ended: {title: 已办, final}
"""


@pytest.mark.parametrize(
    ("awaits", "first", "named"),
    [
        ("join: {kid: [ended]}", "", True),
        ("automatic, when: children.kid.open == 0", "", True),
        ("automatic, when: children.kid.in.ended == 1", "", True),
        # The parent waits for no more than the child can reach.
        ("join: {kid: [k1]}", "", False),
        ("automatic, when: children.kid.in.k1 == 1", "", False),
        # It is written before.
        ("join: {kid: [ended]}", ", {set: {ready: true}}", False),
    ],
)
def test_they_wait_for_each_other(awaits: str, first: str, named: bool) -> None:
    made = PARENT.replace("AWAITS", awaits).replace("FIRST", first)
    loaded = load_files({"bureau.yaml": BUREAU, "made.yaml": made, "kid.yaml": KID})
    found = [(one.file, one.line) for one in loaded.problems if one.rule == "nothing-left-to-do"]
    assert found == ([("kid.yaml", 6)] if named else []), [str(one.message) for one in loaded.problems]


LOCKED = """\
workflow: made
title: 主件
about: none
start: {by: clerk}
states:
  s0: {title: 甲, for: clerk, deadline: suggested 3 days, steps: {a: {title: 办, to: s1, then: [{start: kid, title: 子}]}}}
  s1: {title: 乙, lock: ROOM, steps: {b: {title: 汇, to: done, join: {kid: [ended]}}}}
  done: {title: 完, final}
"""
LOCKING = """\
workflow: kid
title: 子件
about: none
states:
  k0: {title: 在办, for: clerk, deadline: suggested 2 days, steps: {f: {title: 进, to: k1}}}
  k1: {title: 用房, lock: room, for: clerk, deadline: suggested 2 days, steps: {g: {title: 出, to: ended}}}
  ended: {title: 已办, final}
"""


@pytest.mark.parametrize(("lock", "named"), [("room", True), ("hall", False)])
def test_a_lock_is_not_held_while_a_child_needs_it(lock: str, named: bool) -> None:
    loaded = load_files(
        {"bureau.yaml": BUREAU, "made.yaml": LOCKED.replace("ROOM", lock), "kid.yaml": LOCKING}
    )
    found = [(one.file, one.line) for one in loaded.problems if one.rule == "lock-out-of-place"]
    assert found == ([("made.yaml", 7)] if named else []), [str(one.message) for one in loaded.problems]
