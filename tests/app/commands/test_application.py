"""The commands on cases: started, advanced, tried, repeated, overtaken, refused and kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from small_bureau import SmallBureau, small_bureau

from engine.app.commands.application import CommandResult, NewCase
from engine.app.ports.store import ConflictError
from engine.kernel.refusal import Refusal

ENOUGH = {"found": "有", "count": 3}


@pytest.fixture
def bureau() -> SmallBureau:
    return small_bureau()


def kinds(bureau: SmallBureau, stream: str) -> list[str]:
    with bureau.application.store.read() as transaction:
        return [event.kind for event in transaction.events.of(stream)]


def refusal(outcome: object) -> Refusal:
    assert isinstance(outcome, Refusal), outcome
    return outcome


def test_a_case_goes_its_way_and_starts_others(bureau: SmallBureau) -> None:
    case = bureau.start()
    assert bureau.take(case, "report", "clerk-1", dict(ENOUGH)).state == "checking"
    accepted = bureau.take(case, "accept", "chief-1")
    assert (accepted.state, accepted.title, accepted.started, accepted.closed) == (
        "waiting",
        "等待子件",
        2,
        False,
    )
    assert bureau.take("errand-1", "finish", "clerk-1").closed
    bureau.take("errand-2", "finish", "clerk-1")
    with bureau.application.store.read() as transaction:
        after = transaction.cases.get(case)
    assert after is not None
    assert (after.state, after.open) == ("done", False)


def test_a_request_sent_twice_acts_once(bureau: SmallBureau) -> None:
    case = bureau.start()
    first = bureau.take(case, "report", "clerk-1", dict(ENOUGH), request_id="r")
    again = bureau.take(case, "report", "clerk-1", dict(ENOUGH), request_id="r")
    assert (first.repeated, again.repeated, again.rev) == (False, True, first.rev)
    other = refusal(bureau.application.advance(case, "send_back", "chief-1", reason="x", request_id="r"))
    assert other.reasons[0].code == "request"
    assert kinds(bureau, case)[:2] == ["started", "advanced"]


def test_a_trial_keeps_nothing(bureau: SmallBureau) -> None:
    application = bureau.application
    tried = application.start("visit", "clerk-1", NewCase(title="x", subject={"id": "E"}), dry_run=True)
    assert isinstance(tried, CommandResult)
    assert (tried.case, tried.started) == ("visit-1", 0)
    case = bureau.start()
    assert case == "visit-1"
    dry = application.advance(case, "report", "clerk-1", dict(ENOUGH), dry_run=True)
    assert isinstance(dry, CommandResult)
    assert dry.state == "checking"
    refusal(application.advance(case, "report", "chief-1", dict(ENOUGH), dry_run=True))
    assert kinds(bureau, case) == ["started"]


def test_refused_attempts_are_kept_where_they_belong(bureau: SmallBureau) -> None:
    case = bureau.start()
    found = bureau.refused(case, "report", "clerk-1", {"found": "无", "count": 1})
    assert [reason.basis for reason in found.reasons] == ["甲条例 第一条", "乙条例 第二条"]
    assert kinds(bureau, case) == ["started", "refused"]
    absent = refusal(bureau.application.advance("visit-9", "report", "clerk-1"))
    nobody = refusal(bureau.application.start("visit", "nobody", NewCase(title="x")))
    unknown = refusal(bureau.application.start("no_such", "clerk-1", NewCase(title="x"), request_id="q"))
    assert [one.reasons[0].code for one in (absent, unknown)] == ["case", "workflow"]
    assert "nobody" in str(nobody)
    assert kinds(bureau, "office")[-3:] == ["refused"] * 3
    with bureau.application.store.read() as transaction:
        last = transaction.events.last("office")
    assert last is not None
    assert (last.actor, last.body["about"], last.body["request"]) == ("clerk-1", "no_such", "q")


def test_a_step_is_found_by_its_effect(bureau: SmallBureau) -> None:
    case = bureau.start()
    none = refusal(bureau.application.advance_by_effect(case, "publish", "chief-1"))
    assert (none.reasons[0].code, str(none)) == (
        "state",
        f"“{case}”现处“待走访”，此环节不能办理“publish”",
    )
    bureau.take(case, "report", "clerk-1", dict(ENOUGH))
    found = bureau.application.advance_by_effect(case, "publish", "chief-1")
    assert isinstance(found, CommandResult)
    assert found.state == "waiting"


def test_steps_together_are_all_or_none(bureau: SmallBureau) -> None:
    case = bureau.start()
    application = bureau.application
    report = ("report", "clerk-1", dict(ENOUGH))
    refusal(application.advance_together(case, [report, ("accept", "clerk-1", None)]))
    with bureau.application.store.read() as transaction:
        kept = transaction.cases.get(case)
    assert kept is not None
    assert kept.state == "there"
    refusal(application.advance_together(case, [report, ("accept", "nobody", None)]))
    refusal(application.advance_together("visit-9", [report]))
    done = application.advance_together(case, [report, ("accept", "chief-1", None)])
    assert isinstance(done, CommandResult)
    assert (done.state, done.started) == ("waiting", 2)


def test_verbs_go_the_same_way(bureau: SmallBureau) -> None:
    case = bureau.start()
    claimed = bureau.application.do("claim", case, "clerk-1")
    assert isinstance(claimed, CommandResult)
    refusal(bureau.application.do("claim", case, "clerk-2"))
    assert kinds(bureau, case)[-1] == "refused"


class Beaten:
    """A store in which somebody else is always first."""

    def __init__(self, store: Any, about: str) -> None:
        self._store, self._about = store, about

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    @contextmanager
    def write(self) -> Iterator[Any]:
        with self._store.write() as transaction:
            yield transaction
            raise ConflictError(self._about)


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("visit-1", "案件“visit-1”已先由“clerk-1”于 2024-09-14 10:00:00 办理（示例企业），请先查看再办"),
        ("visit-9", "案件“visit-9”同时被他人办理，请重试"),
    ],
)
def test_whoever_is_beaten_every_time_is_told_who_was_first(
    bureau: SmallBureau, about: str, sentence: str
) -> None:
    case = bureau.start()
    whole = bureau.application.store
    bureau.application.store = Beaten(whole, about)
    told = refusal(bureau.application.advance(case, "report", "clerk-1", dict(ENOUGH)))
    assert [str(reason.message) for reason in told.reasons] == [sentence]
    bureau.application.store = whole
    assert kinds(bureau, case) == ["started"]
