"""What is entered of a case has ids for personal texts; the case keeps the texts of all its entries."""

from __future__ import annotations

from datetime import UTC, datetime, time

from engine.app.definitions.cache import DefinitionCache
from engine.app.services import Services
from engine.app.session.sealed_answers import seal_answers
from engine.calendars.load import load_calendar
from engine.deployment.clocks import VirtualClock
from engine.lifecycle.deadlines.schedule import DeadlineCalculator
from engine.lifecycle.forms.personal import (
    MARK,
    NOTHING_KEPT,
    TEXTS_DIGEST,
    PersonalText,
    texts_digest,
)
from engine.store.memory import MemoryStore
from engine.synthetic.entropy import seeded_entropy


def services(*, chance: bool) -> Services:
    keeping = DeadlineCalculator(load_calendar([]), UTC, time(9))
    made = Services(MemoryStore(), VirtualClock(datetime(2027, 3, 1, tzinfo=UTC)), DefinitionCache(keeping))
    made.entropy = seeded_entropy("t") if chance else None
    return made


def test_texts_of_every_entry_are_kept_under_ids_of_their_own() -> None:
    source = services(chance=True)
    body, first = seal_answers(source, "visit-1", None, {"answers": {"phone": PersonalText("138")}})
    assert first is not None
    (name,) = first.texts
    bound = texts_digest(first.key, {name: "138"})
    assert body == {"answers": {"phone": {MARK: name}}, TEXTS_DIGEST: bound}
    assert bound != texts_digest(first.key, {name: "139"})
    assert (len(name), len(first.key)) == (32, 32)
    _, second = seal_answers(source, "visit-1", first, {"answers": {"phone": PersonalText("139")}})
    assert second is not None
    assert (second.key, list(second.texts.values())) == (first.key, ["138", "139"])
    assert seal_answers(source, "visit-1", second, {"a": 1}) == ({"a": 1}, second)
    _, anew = seal_answers(source, "visit-1", NOTHING_KEPT, {"answers": {"phone": PersonalText("137")}})
    assert anew is not None
    assert len(anew.key) == 32


def test_without_chance_they_stay_where_they_are() -> None:
    body = {"answers": {"phone": PersonalText("138")}}
    assert seal_answers(services(chance=False), "visit-1", None, body) == (body, None)
