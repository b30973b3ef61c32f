"""An insider who shows another draw for the moment its cases are started: refused, or found by what each case began with."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from draws_fixtures import BATCH, CHIEF
from public_fixtures import PublicDesk

from engine.app.draws.registers.register_messages import tell_of_changed_back
from engine.app.draws.v2.cases import differing_cases
from engine.app.incidents.incident import incidents_in
from engine.app.ports.records import CaseFilter
from engine.app.session.unit_of_work import UnitOfWork
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.draw.v2 import acts
from engine.draw.v2.visits import visits_of


@pytest.fixture
def ready(public: PublicDesk) -> PublicDesk:
    """A batch whose people are drawn and that can be dispatched."""
    public.drawn_people()
    declared = {"declared_excluded": True, "all_trained": True, "declared": 0}
    public.takes("pass_recusal_check", "witness", declared)
    return public


@contextmanager
def shown(desk: PublicDesk, one: str, other: str) -> Iterator[None]:
    """Exchange two texts in what is stored of the draw, and put it back."""
    (file,) = (desk.home / "data").glob("*.db")
    where = ("SELECT record FROM draw WHERE case_id = ?", "UPDATE draw SET record = ? WHERE case_id = ?")
    with closing(sqlite3.connect(file)) as base, base:
        (before,) = base.execute(where[0], (BATCH,)).fetchone()
        assert one in before
        assert other in before
        changed = before.replace(one, "\0").replace(other, one).replace("\0", other)
        base.execute(where[1], (changed, BATCH))
    yield
    with closing(sqlite3.connect(file)) as base, base:
        base.execute(where[1], (before, BATCH))


def exchanged(desk: PublicDesk, what: str) -> tuple[str, str]:
    """Return a firm and an inspector's id that are drawn, or the like that are not, as the record has them."""
    visits = list(visits_of(desk.draw()))
    with desk.look() as transaction:
        firms = [one.id for one in transaction.registers.all("objects")]
        people = [one.id for one in transaction.registers.all("inspectors")]
    if what == "firm":
        drawn = [visit.row.object_id for visit in visits]
        return drawn[0], next(one for one in firms if one not in drawn)
    going = {person for visit in visits for person in visit.people}
    return f"\\t{visits[0].people[0]}\\t", f"\\t{next(one for one in people if one not in going)}\\t"


def night(desk: PublicDesk) -> list[str]:
    application = open_application(find_home(str(desk.home)), clock=desk.clock)
    tell_of_changed_back(application, lambda _: ["leading"])
    with desk.look() as transaction:
        return [str(one.error) for one in incidents_in(transaction) if one.kind == "register"]


@pytest.mark.parametrize("what", ["firm", "people"])
def test_a_roster_that_is_not_the_committed_one_starts_no_case(ready: PublicDesk, what: str) -> None:
    with shown(ready, *exchanged(ready, what)):
        said = ready.step("dispatch", CHIEF)
    assert (said.code, "名册与承诺书的摘要不符" in said.err) == (1, True)
    with ready.look() as transaction:
        assert transaction.cases.count(CaseFilter(parent=BATCH, workflow="inspection")) == 0
    ready.takes("dispatch", CHIEF)
    assert night(ready) == []


@pytest.mark.parametrize(("what", "word"), [("firm", "没有被抽中"), ("people", "去的人与抽到的不同")])
def test_cases_that_were_started_for_others_are_found(
    ready: PublicDesk, monkeypatch: pytest.MonkeyPatch, what: str, word: str
) -> None:
    """Whoever changes the digests of the commitment too gets past the step: the histories of the cases tell."""
    one, other = exchanged(ready, what)
    with monkeypatch.context() as patched:
        patched.setattr("engine.app.draws.records.require_rosters", lambda _: None)
        with shown(ready, one, other):
            ready.takes("dispatch", CHIEF)
    (text,) = night(ready)
    assert word in text
    assert other.replace("\\t", "") in text
    if what == "firm":
        assert f"{one} 被抽中而没有案件" in text
    assert night(ready) == [text]
    # Of a draw that rests on no register the check of everything says it too.
    monkeypatch.setattr("engine.app.draws.registers.register_messages.commitment_entered", lambda *_: None)
    said = ready.ssj("audit", "verify", "--as", "leading")
    assert (said.code, word in said.out) == (1, True)


def test_who_goes_in_somebodys_place_and_whoever_is_told_of_the_draw_besides_is_no_difference(
    ready: PublicDesk,
) -> None:
    ready.takes("dispatch", CHIEF)
    application = open_application(find_home(str(ready.home)), clock=ready.clock)
    with application.store.read() as transaction:
        row = transaction.records.draw(BATCH)
        assert row is not None
        assert differing_cases(UnitOfWork(application, transaction, ready.clock.now()), row) is None


def test_rosters_are_those_of_the_commitment(ready: PublicDesk) -> None:
    draw = ready.draw()
    acts.require_rosters(draw)
    acts.require_rosters(acts.without_people(draw))


def test_somebody_who_was_drawn_and_is_not_sent_is_found(ready: PublicDesk) -> None:
    """One member of a team left out for the moment of the dispatch: the roster is the committed one."""
    (file,) = (ready.home / "data").glob("*.db")
    with closing(sqlite3.connect(file)) as base, base:
        (before,) = base.execute("SELECT record FROM draw WHERE case_id = ?", (BATCH,)).fetchone()
        record = json.loads(before)
        unit = record["record"]["units"][0]
        unit["members"] = unit["members"][:1]
        text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        base.execute("UPDATE draw SET record = ? WHERE case_id = ?", (text, BATCH))
    ready.takes("dispatch", CHIEF)
    with closing(sqlite3.connect(file)) as base, base:
        base.execute("UPDATE draw SET record = ? WHERE case_id = ?", (before, BATCH))
    (text,) = night(ready)
    assert "去的人与抽到的不同" in text
