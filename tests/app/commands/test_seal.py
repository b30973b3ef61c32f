"""Sealing and signing by hand, by who may; and the keys heads are signed with."""

from __future__ import annotations

from access_factories import BUREAU, services_over
from heads_fixtures import HeadBureau, Keys

from engine.app.audit.signed_heads.history import key_text
from engine.app.commands import Caller
from engine.app.commands.application import CommandResult, NewCase
from engine.app.commands.proposals.administrators import set_administrators
from engine.app.commands.seal import announce_key, seal, sign_head
from engine.app.ports.records import RegisterEntry, Seal
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


def test_it_is_made_by_who_may_and_once() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
    assert isinstance(seal(services, Caller("anna")), Refusal)
    first = seal(services, Caller("lena"))
    assert isinstance(first, Seal)
    assert first.day == "2024-09-02"
    assert seal(services, Caller("lena")) is None
    assert isinstance(services.start("errand", "anna", NewCase(title="又一件")), CommandResult)
    second = seal(services, Caller("lena"))
    assert isinstance(second, Seal)
    assert second.root != first.root
    with services.store.read() as transaction:
        assert {event.actor for event in transaction.events.of("seal")} == {"lena"}


def test_sealing_again_under_one_request_answers_the_same() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    assert isinstance(services.start("errand", "anna", NewCase(title="示例")), CommandResult)
    made = seal(services, Caller("lena", request_id="r-1"))
    assert isinstance(made, Seal)
    assert seal(services, Caller("lena", request_id="r-1")) == made
    assert seal(services, Caller("lena", request_id="r-2")) is None
    assert seal(services, Caller("lena", request_id="r-2")) is None


def test_a_head_is_kept_and_signed_by_who_may() -> None:
    bureau = HeadBureau()
    assert isinstance(sign_head(bureau.services, Caller("anna"), bureau.keys), Refusal)
    given = sign_head(bureau.services, Caller("lena"), bureau.keys)
    assert not isinstance(given, Refusal)
    last = bureau.history.last
    assert last is not None
    assert given == last.as_json(bureau.name)
    assert given["signature"] is not None
    assert bureau.findings() == []


def test_a_key_is_announced_with_the_signature_of_the_one_before() -> None:
    bureau = HeadBureau(keys=Keys("one", "two"))
    first, second = bureau.keys.secrets
    services, by = bureau.services, Caller("lena")
    made = announce_key(services, by, first)
    assert not isinstance(made, Refusal)
    assert (made["number"], made["key"], made["why"]) == (1, first, "first")
    signed = bureau.keys.sign(first, key_text(bureau.name, first, second))
    assert signed is not None
    for key, signature in ((first, None), (second, "00" * 64), (second, "no hex")):
        assert isinstance(announce_key(services, by, key, signature), Refusal)
    made = announce_key(services, by, second, signed.hex())
    assert not isinstance(made, Refusal)
    assert (made["number"], made["key"], made["why"], made["previous"]) == (2, second, "changed", first)


def test_a_key_that_was_lost_is_replaced_by_two_where_there_are_two() -> None:
    bureau = HeadBureau(keys=Keys("one", "two", "three"))
    first, second, third = bureau.keys.secrets
    assert not isinstance(announce_key(bureau.services, Caller("lena"), first), Refusal)
    alone = announce_key(bureau.services, Caller("lena"), second)
    assert not isinstance(alone, Refusal)
    assert (alone["why"], alone["single_handed"], alone["confirmed"]) == ("lost", True, False)
    with bureau.store.write() as transaction:
        other = RegisterEntry("people", "lola", "Lola", None, {"roles": ["leading_office"]})
        transaction.registers.put([other], bureau.services.clock.now())
    assert set_administrators(bureau.services, Caller("lena"), ("lena", "lola")) == []
    asked = announce_key(bureau.services, Caller("lena"), third)
    assert isinstance(asked, Refusal)
    with bureau.store.read() as transaction:
        proposal = transaction.proposals.all()[-1]
    assert (proposal.summary["key"], proposal.summary["lost"]) == (third, second)
    assert [key.key for key in bureau.history.keys] == [first, second]
