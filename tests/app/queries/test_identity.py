"""Who looks, where nobody is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from engine.app.queries.identity import find_person_of_token, find_reader, find_sign_in_mode
from engine.app.sign_in.tokens import create_token, revoke_token
from engine.deployment.clocks import VirtualClock
from engine.store.memory import MemoryStore

NOW = datetime(2024, 3, 4, 1, tzinfo=UTC)


def source() -> SimpleNamespace:
    return SimpleNamespace(store=MemoryStore(), clock=VirtualClock(NOW))


def test_the_reader_is_who_the_setting_names_and_nobody_without_one() -> None:
    here = source()
    assert find_reader(here) is None
    with here.store.write() as transaction:
        transaction.settings.put("reader", "leading")
    assert find_reader(here) == "leading"


def test_a_token_names_its_person_until_it_is_revoked_or_has_run_out() -> None:
    here = source()
    with here.store.write() as transaction:
        kept, one = create_token(transaction, NOW, "insp-01", "", 30, "insp-01")
        other, _ = create_token(transaction, NOW, "insp-02", "", 1, "insp-02")
    assert (find_person_of_token(here, kept), find_person_of_token(here, other)) == ("insp-01", "insp-02")
    assert find_person_of_token(here, kept[:-1] + ("a" if kept[-1] != "a" else "b")) is None
    assert find_person_of_token(here, "no token") is None
    here.clock.set(NOW + timedelta(days=1))
    assert find_person_of_token(here, other) is None
    with here.store.write() as transaction:
        revoke_token(transaction, NOW, one.id, "insp-01")
    assert find_person_of_token(here, kept) is None


def test_how_people_are_taken_is_what_the_deployment_says() -> None:
    found = source()
    assert find_sign_in_mode(found, {}) == "trust"
    assert find_sign_in_mode(found, {"sign_in": "required"}) == "required"
