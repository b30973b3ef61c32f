"""The histories of no case, looked through: by person, kind and content, newest first, page by page."""

from __future__ import annotations

from small_bureau import SmallBureau, small_bureau

from engine.app.history.journal import add_entry
from engine.app.queries.keeping.journal import JournalPage, search_journal
from engine.kernel.refusal import Refusal


def page(bureau: SmallBureau, text: str = "", before: int | None = None, limit: int = 50) -> JournalPage:
    found = search_journal(bureau.application, "head-1", "sign-in", text, before, limit)
    assert isinstance(found, JournalPage)
    return found


def test_entries_are_found_by_person_kind_and_content_newest_first() -> None:
    bureau = small_bureau()
    with bureau.application.store.write() as transaction:
        for number in range(450):
            who, kind = ("clerk-1", "session") if number % 150 == 0 else ("clerk-2", "failed")
            body = {"origin": f"192.0.2.{number % 10}", "number": number}
            add_entry(transaction, bureau.clock.now(), kind, who, body, "sign-in")
    assert [one.body["number"] for one in page(bureau, "CLERK-1").entries] == [300, 150, 0]
    assert [one.body["number"] for one in page(bureau, "session").entries] == [300, 150, 0]
    assert [one.body["number"] for one in page(bureau, '"number":449').entries] == [449]
    assert page(bureau, "没有这个") == JournalPage([], None)
    first = page(bureau, limit=3)
    assert ([one.seq for one in first.entries], first.before) == ([450, 449, 448], 448)
    assert [one.seq for one in page(bureau, before=first.before, limit=2).entries] == [447, 446]


def test_a_history_that_is_none_of_these_is_refused() -> None:
    bureau = small_bureau()
    found = search_journal(bureau.application, "head-1", "visit-1")
    assert isinstance(found, Refusal)
    assert str(found) == "没有历史“visit-1”"
    assert isinstance(search_journal(bureau.application, "clerk-1", "sign-in"), Refusal)
