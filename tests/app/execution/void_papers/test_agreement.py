"""Nobody alone takes from papers what others rely on, nor destroys a file: a leading person agrees, and nobody lower than who approves."""

from __future__ import annotations

import pytest
from access_factories import services_over

from engine.app.access.proposals import DONE, OPEN
from engine.app.commands import Caller
from engine.app.commands.application import Application, NewCase
from engine.app.commands.papers import retention
from engine.app.commands.papers.papers import void_paper
from engine.app.commands.papers.retention import bin_file, destroy_file
from engine.app.commands.proposals.proposals import confirm, reject, withdraw
from engine.app.execution.void_papers.agreement import RELIED_ON
from engine.app.ports.papers import PaperFact, PaperRecord, PaperState
from engine.app.ports.records import RegisterEntry
from engine.app.ports.retention import RetentionRecord
from engine.app.queries.people.proposals import list_proposals
from engine.app.worklist.single_handed import acts_by_one, cases_by_one
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore

BUREAU = """
bureau: example
title: 示例局
timezone: Asia/Shanghai
notify_at: "09:00"
sections: {north: 北片股}
roles:
  bureau_head: {title: 局长, scope: bureau}
  deputy_head: {title: 分管副局长, scope: bureau}
  leading_office: {title: 牵头股室, scope: bureau}
  archivist: {title: 档案员, scope: bureau}
  clerk: {title: 经办人, scope: section}
"""
PEOPLE = {
    "hede": ["bureau_head"],
    "dave": ["deputy_head"],
    "dora": ["deputy_head", "leading_office"],
    "arno": ["archivist"],
}
PAPER = "errand-1/letter/1"
ORDER = (PaperState.DRAFTED, PaperState.APPROVED, PaperState.NUMBERED, *RELIED_ON)


def office(state: PaperState, people: dict[str, list[str]] = PEOPLE, **status: str) -> Application:
    made = services_over(MemoryStore(), BUREAU, people=True)
    made.start("errand", "anna", NewCase(title="示例"))
    now = made.clock.now()
    facts = [PaperFact(one, now.date(), now, "anna") for one in ORDER[: ORDER.index(state) + 1]]
    with made.store.write() as transaction:
        rows = [
            RegisterEntry("people", name, name, None, {"roles": roles, "status": status.get(name, "active")})
            for name, roles in people.items()
        ]
        transaction.registers.put(rows, now)
        transaction.papers.put(
            PaperRecord(id=PAPER, case="errand-1", kind="letter", document="", facts=tuple(facts))
        )
    return made


def void(made: Application, by: str, reason: str = "印错", **how: bool) -> PaperRecord | Refusal:
    return void_paper(made, Caller(by), PAPER, reason, **how)


def codes(answer: object) -> list[str]:
    return [one.code for one in answer.reasons] if isinstance(answer, Refusal) else ["done"]


def state_of(made: Application) -> PaperState:
    with made.store.read() as transaction:
        found = transaction.papers.get(PAPER)
    assert found is not None
    return found.state


@pytest.mark.parametrize("state", ORDER)
@pytest.mark.parametrize("anew", [False, True])
def test_what_others_rely_on_is_void_once_a_leading_person_agrees(state: PaperState, *, anew: bool) -> None:
    made = office(state)
    first = void(made, "arno", anew=anew)
    if state not in RELIED_ON:
        assert codes(first) == ["done"]
        return
    assert (codes(first), state_of(made)) == (["proposed"], state)
    with made.store.read() as transaction:
        (proposal,) = transaction.proposals.all()
        told = {name for name in PEOPLE if transaction.inbox.of(name)}
    assert (proposal.status, told) == (OPEN, {"arno", "hede", "dave", "dora"})
    assert "印错" not in proposal.summary["title"]
    # Neither whoever asks nor whoever has no such role; another reason is another act.
    for person in ("arno", "lena", "anna", "rosa"):
        assert codes(confirm(made, Caller(person), proposal.id)) == ["not-allowed"], person
    assert codes(void(made, "arno", "改了理由", anew=anew)) == ["proposed"]
    listed = list_proposals(made, "dave")
    assert not isinstance(listed, Refusal)
    assert "印错" in str([one.summary["title"] for one in listed])
    assert confirm(made, Caller("dave"), proposal.id) == "arno"
    assert state_of(made) == state
    # Agreed to is what was asked for, by whoever asked: nobody else does it on the strength of it.
    assert codes(void(made, "lena", anew=anew)) == ["proposed"]
    assert codes(void(made, "arno", anew=anew)) == ["done"]
    assert state_of(made) is PaperState.VOID
    with made.store.read() as transaction:
        entered = [
            one.body
            for one in transaction.events.of("errand-1")
            if one.body.get("paper") == PAPER or "replaces" in one.body
        ]
        assert transaction.proposals.all()[0].status == DONE
    assert entered
    assert all(one["confirmed_by"] == "dave" for one in entered)


def test_whoever_may_make_it_void_and_may_agree_needs_another() -> None:
    made = office(PaperState.SERVED)
    assert codes(void(made, "dora")) == ["proposed"]
    assert codes(confirm(made, Caller("dora"), "proposal-1")) == ["not-allowed"]
    assert codes(reject(made, Caller("hede"), "proposal-1", "不必作废")) == ["done"]
    assert (codes(void(made, "dora")), state_of(made)) == (["proposed"], PaperState.SERVED)
    assert codes(withdraw(made, Caller("dora"), "proposal-2")) == ["done"]


def test_where_no_leading_person_is_there_it_is_refused_and_where_none_ever_was_it_is_marked() -> None:
    away = office(PaperState.SERVED, {"hede": ["bureau_head"], "arno": ["archivist"]}, hede="left")
    assert (codes(void(away, "arno")), state_of(away)) == (["no-second"], PaperState.SERVED)
    alone = office(PaperState.SERVED, {"arno": ["archivist"]})
    assert (codes(void(alone, "arno")), state_of(alone)) == (["done"], PaperState.VOID)
    with alone.store.read() as transaction:
        assert acts_by_one(transaction, "errand-1")
        assert cases_by_one(transaction, ["errand-1"]) == {"errand-1"}


@pytest.mark.parametrize("state", [PaperState.APPROVED, PaperState.SERVED])
def test_a_paper_is_not_made_void_without_a_reason(state: PaperState) -> None:
    made = office(state)
    assert (codes(void(made, "arno", "  ")), state_of(made)) == (["reason"], state)


def test_a_file_is_destroyed_once_a_leading_person_agrees(monkeypatch: pytest.MonkeyPatch) -> None:
    made = office(PaperState.SERVED)
    made.files = type("Files", (), {"remove": staticmethod(lambda _: None)})()
    monkeypatch.setattr(retention, "in_the_way", lambda uow, case, day: None)
    # What cannot be done yet is not asked for.
    assert codes(destroy_file(made, Caller("arno"), "errand-1", "到期")) == ["retention"]
    assert isinstance(bin_file(made, Caller("arno"), "errand-1", "到期"), RetentionRecord)
    assert codes(destroy_file(made, Caller("arno"), "errand-1", "到期")) == ["proposed"]
    assert codes(confirm(made, Caller("arno"), "proposal-1")) == ["not-allowed"]
    assert confirm(made, Caller("hede"), "proposal-1") == "arno"
    assert isinstance(destroy_file(made, Caller("arno"), "errand-1", "到期"), RetentionRecord)
