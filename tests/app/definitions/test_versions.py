from __future__ import annotations

from visit_bureau import PLAN, VISIT, visit_bureau

from engine.app.definitions.derived_settings import CALENDAR_STARTS
from engine.app.definitions.single_handed import STREAM
from engine.app.definitions.versions import (
    Published,
    add_version_again,
    add_versions,
    compare_with_published,
    parts_of,
)
from engine.definition.library import load_files


def test_only_what_differs_gets_a_version() -> None:
    bureau = visit_bureau()
    texts = dict(bureau.texts)
    texts["workflow.visit.yaml"] = texts["workflow.visit.yaml"].replace("待审核", "待复核")
    loaded = load_files(texts)
    wanted = Published({"visit": 2}, {"plan": 1})
    with bureau.store.write() as transaction:
        assert compare_with_published(transaction, load_files(bureau.texts)) == Published(
            {}, {"plan": 1, "visit": 1}
        )
        assert compare_with_published(transaction, loaded) == wanted
        assert add_versions(transaction, loaded, bureau.clock.now(), "carl", "改名") == wanted
        assert add_versions(transaction, loaded, bureau.clock.now(), "carl").new == {}
        newest = transaction.definitions.version("visit")
        assert newest is not None
        assert (newest.number, newest.note) == (2, "改名")
        event = transaction.events.last(STREAM)
        assert event is not None
        assert event.body == {
            "workflow": "visit",
            "version": 2,
            "digest": newest.digest,
            "credential": "machine",
        }
    assert Published.from_json(wanted.as_json()) == wanted
    assert set(parts_of(loaded.library, "visit")) == {
        "visit.workflow.yaml",
        "bureau.yaml",
        "language",
    }
    assert "reached: [closed]" in PLAN
    assert "待审核" in VISIT


def test_the_texts_of_an_older_version_are_added_again_as_the_newest() -> None:
    bureau = visit_bureau()
    texts = dict(bureau.texts)
    texts["workflow.visit.yaml"] = texts["workflow.visit.yaml"].replace("待审核", "待复核")
    with bureau.store.write() as transaction:
        add_versions(transaction, load_files(texts), bureau.clock.now(), "carl")
        first = transaction.definitions.version("visit", 1)
        assert first is not None
        process = bureau.application.definitions.get(transaction, "visit", 1)
        given = (first, process, bureau.clock.now(), "carl", "收回")
        assert add_version_again(transaction, *given) == Published({"visit": 3}, {})
        assert add_version_again(transaction, *given) == Published({}, {"visit": 3})
        newest = transaction.definitions.version("visit")
        assert newest is not None
        assert (newest.number, newest.digest, newest.note) == (3, first.digest, "收回")
        event = transaction.events.last(STREAM)
        assert event is not None
        assert event.body["again"] == 1


def test_what_the_calendar_starts_is_looked_for_from_the_day_it_is_published() -> None:
    started = PLAN.replace("start: {by: clerk}", "start: {on: 09-10, for: clerk}")
    bureau = visit_bureau()
    with bureau.look() as transaction:
        assert transaction.settings.get(CALENDAR_STARTS) is None
    bureau.publish(started)
    with bureau.look() as transaction:
        assert transaction.settings.get(CALENDAR_STARTS) == {"plan": "2024-09-01"}
    bureau.later(days=3)
    bureau.publish(started + "english: {计划: Plan}\n")
    with bureau.look() as transaction:
        assert transaction.settings.get(CALENDAR_STARTS) == {"plan": "2024-09-01"}
