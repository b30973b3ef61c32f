"""One build of the site is the delivery of every item."""

from __future__ import annotations

from datetime import UTC, datetime

from small_bureau import BUREAU, ERRAND, NOTE, VISIT, small_bureau

from engine.app.commands import Caller
from engine.app.commands.publish_definitions import Published, publish
from engine.app.ports.records import OutboxItem, Publication
from engine.definition.library import load_files
from engine.deployment.site_channel import SiteChannel, single_handed_of

NOW = datetime(2026, 1, 5, tzinfo=UTC)


def item(number: int) -> OutboxItem:
    return OutboxItem(
        id=f"c:{number}:1",
        kind="publication",
        channel="site",
        recipient=None,
        case="c",
        payload={},
        created_at=NOW,
    )


def test_one_build_answers_for_all_items() -> None:
    built: list[str] = []
    outcomes = SiteChannel(lambda: built.append("site")).send([item(1), item(2)])
    assert built == ["site"]
    assert [(one.item, one.error) for one in outcomes] == [("c:1:1", None), ("c:2:1", None)]


def test_the_published_cases_whose_rules_one_person_published_alone() -> None:
    bureau = small_bureau()
    application = bureau.application
    before = bureau.start()
    files = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT + "# 改\n", "errand.yaml": ERRAND}
    published = publish(application, Caller("head-1"), load_files(files))
    assert isinstance(published, Published)
    assert published.new == {"visit": 2}
    after = bureau.start()

    def of(*cases: str) -> list[Publication]:
        return [
            Publication(
                id=f"{case}/result/1", kind="result", case=case, title=case, body={}, published_at=NOW
            )
            for case in cases
        ]

    with application.store.read() as transaction:
        found = single_handed_of(transaction, of(before, after, "visit-99"))
        acts = len(transaction.proposals.all())
    assert (found.cases, found.acts) == ({after}, acts)
    with small_bureau().application.store.read() as transaction:
        assert single_handed_of(transaction, of(before)).acts == 0
