"""The histories searched: by person, kind and content, newest first, page by page; for few."""

from __future__ import annotations

from workbench_fixtures import Desk

from engine.app.queries.keeping.journal import JournalPage, search_journal
from engine.kernel.refusal import Refusal
from engine.web.pages.office import journals


def test_who_did_what_is_found(desk: Desk) -> None:
    desk.sign_in("head-1")
    text = desk.get("/administration/journals?journal=register:people").text
    assert "imported" in text
    assert "没有符合的记录" in desk.get("/administration/journals?journal=register:people&text=没有这个").text
    assert "head-1" in desk.get("/administration/journals?journal=sign-in&text=HEAD-1").text
    assert desk.get("/administration/journals?journal=visit-1").status_code == 422
    assert journals.show is not None


def test_pages_follow_each_other_without_a_gap(desk: Desk) -> None:
    for _ in range(7):
        desk.sign_in("head-1")
    application = desk.bureau.application
    before, seen = None, []
    while True:
        page = search_journal(application, "head-1", "sign-in", "session", before, limit=3)
        assert isinstance(page, JournalPage)
        seen += [one.seq for one in page.entries]
        if page.before is None:
            break
        before = page.before
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) >= 7


def test_others_are_refused(signed_in: Desk) -> None:
    assert signed_in.get("/administration/journals").status_code == 403
    assert isinstance(search_journal(signed_in.bureau.application, "clerk-1", "office"), Refusal)
