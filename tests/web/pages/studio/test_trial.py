"""A trial run in pages: marked everywhere, and nothing of it in the deployment."""

from __future__ import annotations

import html
import re

from page_visits import text_of, visit_of
from studio_texts import changed
from workbench_fixtures import Desk

from engine.authoring.stories.story import read_stories
from engine.web.pages.studio import trial
from engine.web.visit import Answer

MARK = "试办，不作数"


def sent(desk: Desk, do: str, **typed: str) -> Answer:
    return trial.show(visit_of(desk, "/", "head-1", {"do": do, **typed}, workflow="visit"))


def story_of(answer: Answer) -> str:
    found = re.search(r'name="story"[^>]*>\n(.*?)</textarea>', text_of(answer), re.DOTALL)
    assert found is not None, text_of(answer)
    return html.unescape(found[1])


def everything(desk: Desk) -> dict[str, str]:
    """Return what every table of the deployment holds."""
    with desk.bureau.application.store.read() as transaction:
        parts = vars(transaction)
        return {name: repr(vars(part)) for name, part in parts.items() if name != "_undo_log"}


def begun(desk: Desk) -> Answer:
    return sent(desk, "begin", on="2024-09-20", title="试一试")


def test_a_case_is_tried_by_the_text_that_is_not_published(desk: Desk) -> None:
    changed(desk, "title: 待走访", "title: 等待走访")
    before = everything(desk)
    assert MARK in text_of(trial.show(visit_of(desk, "/", "head-1", workflow="visit")))
    first = begun(desk)
    assert "等待走访" in text_of(first)
    form = sent(desk, "step:report", story=story_of(first), who="clerk")
    assert "发现" in text_of(form)
    wrong = sent(
        desk, "take:report", story=story_of(form), who="clerk", **{"q.found": "漏签", "q.count": "1"}
    )
    assert wrong.status == 422
    assert "数量不足两件" in text_of(wrong)
    good = sent(desk, "take:report", story=story_of(form), who="clerk", **{"q.found": "漏签", "q.count": "3"})
    assert "待审核" in text_of(good)
    assert "已试办：上报" in text_of(good)
    # Whoever can go on is shown next.
    assert re.search(r'<option value="chief[^"]*" selected', text_of(good))
    for answer in (first, form, wrong, good):
        assert MARK in text_of(answer)
    kept = sent(desk, "story", story=story_of(good))
    assert "attachment" in kept.headers["Content-Disposition"]
    found = read_stories("visit.yaml", kept.body)
    assert found.stories[0].steps[-1].then == {"state": "checking"}
    undone = sent(desk, "undo", story=story_of(good))
    assert "等待走访" in text_of(undone)
    # Nothing of it in any table: no case, entry, message, timer, number, paper.
    assert everything(desk) == before


def test_days_pass_and_made_up_answers_are_filled_in(desk: Desk) -> None:
    first = begun(desk)
    later = sent(desk, "wait", story=story_of(first), wait="20 working days")
    assert "wait:" in story_of(later)
    assert "2024-10" in text_of(later)
    filled = text_of(sent(desk, "fill:report", story=story_of(later), who="clerk"))
    assert re.search(r'name="q\.count" value="\d+"', filled)


def test_what_is_no_run_begins_again_with_a_sentence(desk: Desk) -> None:
    assert sent(desk, "look", story="?").status == 422
    assert sent(desk, "look").status == 200
    kept = story_of(begun(desk))
    for until in ("9999-12-31", "2031-01-01"):
        assert "最多等 3 年" in text_of(sent(desk, "wait", story=kept, until=until))
    wrong = sent(desk, "step:report", story=kept, who="clerk", case="")
    assert wrong.status == 200
    changed(desk, "to: checking", "to: chekcing")
    assert "改好才能试办" in text_of(begun(desk))


def test_a_paper_is_marked_on_each_of_its_pages() -> None:
    marked = trial.marked(b"<html><body><h1>x</h1></body></html>").decode()
    assert MARK in marked
    assert "position:fixed" in marked
    assert marked.index("<body>") < marked.index(MARK) < marked.index("<h1>")
    assert MARK in trial.marked(b"<h1>x</h1>").decode()
    assert MARK in trial.marked(b'<body class="dense"><h1>x</h1>').decode()
