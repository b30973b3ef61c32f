from __future__ import annotations

from visit_bureau import PLAN, VISIT, visit_bureau

from engine.app.definitions.versions import (
    STREAM,
    Published,
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
