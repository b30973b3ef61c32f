"""The texts somebody works at: kept for them, given up, begun anew from the version in force."""

from __future__ import annotations

from page_visits import visit_of
from studio_texts import changed, working
from workbench_fixtures import Desk

from engine.app.commands import Caller
from engine.app.commands.publish_definitions import Published, publish
from engine.definition.library import load_files
from engine.web.pages.studio.texts import begin_anew, drop_texts


def test_a_text_is_kept_and_given_up(desk: Desk) -> None:
    found = changed(desk, "title: 待走访", "title: 等待走访")
    assert found.changed == [found.own]
    assert "等待走访" in found.texts[found.own]
    assert found.errors == []
    assert working(desk, "clerk-1").changed == []
    back = changed(desk, "title: 等待走访", "title: 待走访")
    assert back.drafts == {}
    found = changed(desk, "to: checking", "to: chekcing")
    assert found.errors
    drop_texts(visit_of(desk, "/", "head-1"), "visit")
    assert working(desk).changed == []


def test_whoever_is_overtaken_says_that_the_difference_was_seen(desk: Desk) -> None:
    found = changed(desk, "title: 待走访", "title: 等待走访")
    texts = {
        **found.published,
        found.own: found.published[found.own].replace("title: 通过", "title: 审核通过"),
    }
    assert isinstance(
        publish(desk.bureau.application, Caller("head-1"), load_files(texts, partial=True)), Published
    )
    late = working(desk)
    assert (late.begun, late.version) == (1, 2)
    assert begin_anew(visit_of(desk, "/", "head-1"), late) is None
    assert (working(desk).begun, working(desk).version) == (2, 2)
