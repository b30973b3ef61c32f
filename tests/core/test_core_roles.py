"""Who may do what, at the use cases every door of the house goes through: by role, by section, by stage."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_bureau import PEOPLE, SmallBureau, small_bureau

from engine.app.history.requests import CommandResult
from engine.app.session.new_case import NewCase
from engine.kernel.refusal import Refusal

GOOD = {"found": "无合同两份", "count": 2}
EVERYBODY = [person.id for person in PEOPLE]
REASON = "按本局要求"
Act = Callable[[SmallBureau, str], CommandResult | Refusal]

#: What can be tried -> how.
ACTS: dict[str, Act] = {
    "start": lambda b, p: b.application.start("visit", p, NewCase(title="示例企业", subject={"id": "E2"}, section="one")),
    "report": lambda b, p: b.application.advance("visit-1", "report", p, GOOD),
    "send_back": lambda b, p: b.application.advance("visit-1", "send_back", p, reason=REASON),
    "accept": lambda b, p: b.application.advance("visit-1", "accept", p),
    "finish": lambda b, p: b.application.advance("errand-1", "finish", p),
    "claim": lambda b, p: b.application.claim("visit-1", p),
    "reassign": lambda b, p: b.application.reassign("visit-1", p, "clerk-2", reason=REASON),
    "extend": lambda b, p: b.application.extend("visit-1", p, 2, reason=REASON),
    "suspend": lambda b, p: b.application.suspend("visit-1", p, reason=REASON),
    "resume": lambda b, p: b.application.resume("visit-1", p, reason=REASON),
}  # fmt: skip
CLERKS, CHIEF = {"clerk-1", "clerk-2"}, {"chief-1"}
#: Stage -> act -> who may. What is not here nobody may. The clerk of the other section never may.
MAY: dict[str, dict[str, set[str]]] = {
    "there": {
        "report": CLERKS, "claim": CLERKS, "reassign": CHIEF, "extend": CHIEF, "suspend": CHIEF,
    },
    "checking": {"send_back": CHIEF, "accept": CHIEF, "claim": CHIEF, "reassign": CHIEF, "suspend": CHIEF},
    "waiting": {"finish": CLERKS},
    "suspended": {"resume": CHIEF},
}  # fmt: skip


def at_stage(stage: str) -> SmallBureau:
    bureau = small_bureau()
    bureau.start()
    if stage == "suspended":
        assert isinstance(ACTS["suspend"](bureau, "chief-1"), CommandResult)
    if stage in ("checking", "waiting"):
        bureau.take("visit-1", "report", "clerk-1", GOOD)
    if stage == "waiting":
        bureau.take("visit-1", "accept", "chief-1")
    return bureau


@pytest.mark.parametrize("stage", MAY)
@pytest.mark.parametrize("act", [act for act in ACTS if act != "start"])
def test_only_those_of_the_role_the_section_and_the_stage(stage: str, act: str) -> None:
    allowed = MAY[stage].get(act, set())
    for person in [*EVERYBODY, "nobody"]:
        bureau = at_stage(stage)
        before = _history(bureau)
        outcome = ACTS[act](bureau, person)
        if isinstance(outcome, CommandResult):
            assert person in allowed, f"{person} may {act} at {stage}"
            continue
        assert person not in allowed, f"{person}: {outcome}"
        assert str(outcome)
        # Refused and kept: nothing but the attempt has been added.
        added = [event for event in _history(bureau) if event not in before]
        assert [event[1] for event in added] == ["refused"]
        assert added[0][2] == (person if person in EVERYBODY else "-")


def test_only_some_start_a_case() -> None:
    for person in [*EVERYBODY, "nobody"]:
        outcome = ACTS["start"](small_bureau(), person)
        assert isinstance(outcome, CommandResult) == (person in CLERKS), f"{person}: {outcome}"


def _history(bureau: SmallBureau) -> list[tuple[str, str, str, int]]:
    with bureau.application.store.read() as transaction:
        return [
            (stream, event.kind, event.actor, event.seq)
            for stream in transaction.events.streams()
            for event in transaction.events.of(stream)
        ]
