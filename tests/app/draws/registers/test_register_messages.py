"""Tests of the messages about registers: who gets them, and that an honest office hears nothing."""

from __future__ import annotations

from datetime import timedelta

from draws_fixtures import BATCH, CHIEF
from public_fixtures import PublicDesk

from engine.app.draws.registers.register_changes import limits
from engine.app.draws.registers.register_messages import changed_back_of, people_of_draw, tell_of_changed_back
from engine.app.session.unit_of_work import UnitOfWork
from engine.deployment.home import find_home
from engine.deployment.open import open_application


def test_whoever_acts_in_the_draw_and_the_administrators_are_written_to(public: PublicDesk) -> None:
    public.done("user", "administrators", "head", "deputy", "--as", "leading")
    application = open_application(find_home(str(public.home)), clock=public.clock)
    with application.store.read() as transaction:
        uow = UnitOfWork(application, transaction, public.clock.now())
        case = uow.case(BATCH)
        assert case is not None
        people = people_of_draw(uow, case)
    assert {"head", "deputy", "drawer", "witness", CHIEF} <= set(people)
    assert len(people) == len(set(people))


def test_registers_that_nobody_touched_are_no_incident(drawn: PublicDesk) -> None:
    application = open_application(find_home(str(drawn.home)), clock=drawn.clock)
    assert tell_of_changed_back(application, lambda _: ["leading"]) == 0
    with application.store.read() as transaction:
        row = transaction.records.draw(BATCH)
        assert row is not None
        assert changed_back_of(transaction, row) == []


def test_a_firm_struck_after_the_commitment_and_restored_is_no_incident(drawn: PublicDesk) -> None:
    with drawn.look() as transaction:
        firm = next(iter(transaction.registers.all("objects")))
    for word in ("--add", "--remove"):
        drawn.done("register", "label", "objects", firm.id, word, "新标签", "--as", "registrar")
    application = open_application(find_home(str(drawn.home)), clock=drawn.clock)
    assert tell_of_changed_back(application, lambda _: ["leading"]) == 0


def test_a_commitment_of_long_ago_is_looked_at_no_more(public: PublicDesk) -> None:
    with public.look() as transaction:
        firm = next(iter(transaction.registers.all("objects")))
    label = ("register", "label", "objects", firm.id)
    public.done(*label, "--add", "新标签", "--as", "registrar")
    public.committed()
    public.done(*label, "--remove", "新标签", "--as", "registrar")
    application = open_application(find_home(str(public.home)), clock=public.clock)
    public.clock.set(public.clock.now() + timedelta(days=limits()["after_days"] + 1))
    assert tell_of_changed_back(application, lambda _: ["leading"]) == 0
    public.clock.set(public.clock.now() - timedelta(days=2))
    assert tell_of_changed_back(application, lambda _: ["leading"]) == 1
    assert tell_of_changed_back(application, lambda _: ["leading"]) == 0
