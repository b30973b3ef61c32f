"""Processes of parents and children made at random, each tried twenty times: nothing raises, no engine step is missed, none loops.

After every act and every day each automatic step is tried anew with facts fetched anew (`missed`): what could be taken then
was missed. One process costs about 0.015 seconds of a processor: 2,000 are walked in every run, and 50,000 with ``--soak``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
from bureau_factories import PEOPLE, Bureau
from hypothesis import given, settings
from hypothesis import strategies as st
from random_processes import RAISED, acts, answers, bureau_of, is_loop, missed

from engine.app.delivery.deliver import Outcome, Retry, deliver
from engine.app.execution import apply, other_cases
from engine.app.history.requests import CommandResult
from engine.app.ports.records import CaseFilter, OutboxItem
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import EventKind
from engine.lifecycle.process import Process

FEW, MANY = 2_000, 50_000
RETRY = Retry(minutes=(1,), lease=15)


class Outside:
    """Another system; answers what is random, and sometimes what no form takes."""

    batch = 10

    def __init__(self, random: Random) -> None:
        self._random = random

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Answer every call."""
        return [Outcome(item.id, answer=answers(self._random)) for item in items]


def act(bureau: Bureau, random: Random, kind: str) -> object:
    """Try one thing."""
    application = bureau.application
    with bureau.look() as transaction:
        cases = transaction.cases.find(CaseFilter(open=True), limit=10_000)
    if kind == "day":
        local = bureau.clock.now() + timedelta(hours=8)
        bureau.until(f"{local.date() + timedelta(days=1)} 00:30")
        return None
    if kind == "hours":
        bureau.clock.advance(timedelta(hours=random.randint(1, 9)))
        bureau.sweep()
        return None
    if kind == "answer":
        deliver(bureau.store, {"outside": Outside(random)}, bureau.clock.now(), retry=RETRY)
        bureau.sweep()
        return None
    if not cases:
        return None
    case, person = random.choice(cases), random.choice(list(PEOPLE))
    if kind == "step":
        with bureau.look() as transaction:
            process = application.definitions.get(transaction, case.workflow, case.version)
        steps = [one for one in process.workflow.leaving(case.state) if not one.by_engine]
        if not steps:
            return None
        step = random.choice(steps)
        given = answers(random) if step.form else None
        outcome: object = None
        # Whoever may not is tried too, but not only they.
        for who in random.sample(list(PEOPLE), 3):
            outcome = application.advance(case.id, step.id, who, given)
            if isinstance(outcome, CommandResult):
                break
        return outcome
    word = random.choice(
        (
            "claim",
            "withdraw",
            "entrust",
            "hand_back",
            "circulate",
            "read",
            "add_signer",
            "void",
            "suspend",
            "resume",
        )
    )
    if word in ("claim", "withdraw", "read", "resume"):
        return application.do(word, case.id, person)
    if word in ("entrust", "circulate"):
        return application.do(word, case.id, person, to=random.choice(list(PEOPLE)), reason="请办")
    if word == "add_signer":
        place = random.choice((None, "before", "after"))
        return application.add_signer(
            case.id, person, random.choice(list(PEOPLE)), reason="请签", place=place
        )
    return application.do(word, case.id, person, reason="说明")


def sent_back(bureau: Bureau, random: Random) -> object:
    """Try to send a case back to a state it may have passed."""
    with bureau.look() as transaction:
        cases = transaction.cases.find(CaseFilter(open=True, workflow="made"), limit=10_000)
    if not cases:
        return None
    case, to = random.choice(cases), random.choice(("s0", "s1", "s2"))
    outcome: object = None
    for person in PEOPLE:
        outcome = bureau.application.do("return", case.id, person, to=to, reason="重办")
        if isinstance(outcome, CommandResult):
            break
    now = bureau.case(case.id)
    clock = now.clocks.get("whole")
    # Wherever it has gone, the clock is paused in the second state alone.
    assert clock is None or (clock.paused_at is not None) == (now.state == "s1"), now.id
    return outcome


def walked(seed: int) -> int:
    """Walk a process; returns how many acts were done, -1 where the check refuses it."""
    random = Random(seed)  # noqa: S311 - examples, no secrets
    # Returns are drawn by themselves.
    back = Random(seed)  # noqa: S311 - examples, no secrets
    bureau = bureau_of(random)
    if bureau is None:
        return -1
    for _ in range(2):
        bureau.start("made", random.choice(("anna", "carl")), section="north")
    done = 0
    for kind in acts(random):
        outcome = act(bureau, random, kind)
        assert not is_loop(outcome), (seed, str(outcome))
        assert outcome is None or isinstance(outcome, (CommandResult, Refusal))
        done += isinstance(outcome, CommandResult)
        if back.random() < 1 / 6:
            outcome = sent_back(bureau, back)
            assert not is_loop(outcome), (seed, str(outcome))
        assert missed(bureau) == [], (seed, kind)
    raised = [(timer.name, said) for timer, said in bureau.incidents() if RAISED.match(said)]
    assert raised == [], seed
    if seed % 4 == 0:
        # The audit of a bureau is a tenth of a walk.
        assert bureau.findings() == [], seed
    return done


def test_nothing_raises_nothing_is_missed_nothing_loops(soak: bool) -> None:
    walks: list[int] = []

    @settings(max_examples=MANY if soak else FEW, deadline=None, database=None)
    @given(st.integers(0, 10**9))
    def walk(seed: int) -> None:
        walks.append(walked(seed))

    walk()
    assert len(walks) >= (MANY if soak else FEW)
    sound = [done for done in walks if done >= 0]
    # Most of what is made is sound, and most of what is tried happens.
    assert len(sound) > len(walks) // 2
    assert sum(sound) > 4 * len(sound)


@pytest.mark.parametrize(
    ("without", "seed"), [("day", 3), ("signals", 18), ("children", 34), ("own events", 0)]
)
def test_what_is_missed_is_seen(without: str, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one of the occasions on which automatic steps are asked, the naive look finds what was missed."""
    match without:
        case "day":
            monkeypatch.setattr(Process, "is_daily", lambda process, state: False)
        case "signals":
            monkeypatch.setattr(other_cases, "to_ask_again", lambda uow: uow.signals.clear() or [])
        case "children":
            monkeypatch.setattr(apply, "_may_release", lambda uow, child: False)
        case _:
            monkeypatch.setattr(apply, "_CHANGES_NOTHING", frozenset(EventKind))
    with pytest.raises(AssertionError):
        walked(seed)
