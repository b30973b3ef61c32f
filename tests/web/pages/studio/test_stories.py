"""Stories played against texts that are not published, with the workflows they start; what came of them is remembered."""

from __future__ import annotations

from page_visits import visit_of
from studio_texts import working
from workbench_fixtures import Desk

from engine.definition.library import load_files
from engine.web.pages.studio import stories as played_stories
from engine.web.pages.studio.stories import played, stories_of, with_others

STORY = """\
test: visit
stories:
  - story: 上报
    given: {on: 2024-09-20}
    when:
      - {do: report, answers: {found: 漏签, count: %s}, then: {state: checking}}
"""


def test_a_typed_story_is_played_and_not_remembered(desk: Desk) -> None:
    loaded = working(desk).loaded
    visit = visit_of(desk, "/", "head-1", {"stories": STORY % 3})
    found = played(visit, "visit", loaded)
    assert (found.failed, len(found.reports)) == (0, 1)
    assert "1" in found.text
    assert desk.bench.tested(played_stories.tested_key(visit, "visit", loaded)) is None
    assert played(visit_of(desk, "/", "head-1", {"stories": STORY % 1}), "visit", loaded).failed == 1
    assert played(visit_of(desk, "/", "head-1", {"stories": "?"}), "visit", loaded).wrong
    # Of another workflow: none to play.
    assert played(visit, "errand", loaded).reports == ()


def test_the_stories_of_a_workflow(desk: Desk) -> None:
    visit = visit_of(desk, "/", "head-1", {"stories": STORY % 3})
    assert len(stories_of(visit, "visit")) == 1
    assert stories_of(visit, "errand") == {}
    assert stories_of(visit_of(desk, "/", "head-1"), "visit") == {}


def test_other_workflows_are_loaded_with_it_as_they_are_published(desk: Desk) -> None:
    found = working(desk)
    with desk.bureau.application.store.read() as transaction:
        names = {one.workflow for one in transaction.definitions.versions()}
    assert len(names) > 1
    changed = load_files(
        {**found.texts, found.own: found.texts[found.own].replace("title: 待走访", "title: 等待走访")},
        partial=True,
    )
    whole = with_others(visit_of(desk, "/", "head-1"), changed)
    assert set(whole.workflows) == names
    assert whole.workflows["visit"].states["there"].title == "等待走访"


def test_at_most_so_many_results_are_remembered(desk: Desk) -> None:
    for number in range(40):
        desk.bench.keep_tested(str(number), number, 0)
    assert desk.bench.tested("39") == (39, 0)
    assert desk.bench.tested("0") is None
