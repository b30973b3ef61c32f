"""A definition edited: marked where it is wrong, compared, published."""

from __future__ import annotations

from page_visits import text_of, visit_of
from studio_texts import working
from workbench_fixtures import Desk

from engine.web.pages.studio import studio


def edited(desk: Desk, person: str, before: str, after: str, do: str = "check") -> str:
    from engine.app.queries.definitions import definition_sources

    sources = definition_sources(desk.bureau.application, person, "visit")
    assert not hasattr(sources, "reasons")
    file, text = next((name, text) for name, text in sources.items() if "workflow: visit" in text)
    assert before in text
    typed = {"file": file, "text": text.replace(before, after), "do": do}
    return text_of(studio.edit(visit_of(desk, "/", person, typed, workflow="visit")))


def test_the_list_and_the_text(desk: Desk) -> None:
    assert "走访" in text_of(studio.choose(visit_of(desk, "/studio")))
    assert "workflow: visit" in text_of(studio.edit(visit_of(desk, "/studio/visit", workflow="visit")))
    assert studio.edit(visit_of(desk, "/", workflow="nothing")).status == 404
    assert studio.edit(visit_of(desk, "/?file=../x", workflow="visit")).status == 404


def test_a_fault_is_marked_where_it_is_and_cannot_be_published(desk: Desk) -> None:
    for do in ("check", "publish"):
        text = edited(desk, "head-1", "to: checking", "to: chekcing", do)
        assert "还不能发布" in text
        assert "chekcing" in text
        assert 'value="publish"' not in text


def test_a_text_of_another_window_is_kept_beside_and_told(desk: Desk) -> None:
    edited(desk, "head-1", "title: 待走访", "title: 等待走访")
    found = working(desk)
    typed = {"file": found.own, "text": found.published[found.own] + "# 我的\n", "do": "check", "seen": ""}
    text = text_of(studio.edit(visit_of(desk, "/", "head-1", typed, workflow="visit")))
    assert "没有存住" in text
    assert "# 我的" in text
    assert "等待走访" in working(desk).texts[found.own]
    mark = working(desk).marks[found.own]
    assert f'name="seen" value="{mark}"' in text
    studio.edit(visit_of(desk, "/", "head-1", {**typed, "seen": mark}, workflow="visit"))
    assert "# 我的" in working(desk).texts[found.own]


def test_what_differs_and_publishing(desk: Desk) -> None:
    text = edited(desk, "head-1", "title: 待走访", "title: 等待走访")
    assert "检查通过" in text
    assert "<del>-" in text
    assert "<ins>+" in text
    assert 'value="publish"' in text
    refused = edited(desk, "clerk-1", "title: 待走访", "title: 等待走访", "publish")
    assert "不能办理" in refused
    assert "已发布" in edited(desk, "head-1", "title: 待走访", "title: 等待走访", "publish")
    with desk.bureau.application.store.read() as transaction:
        assert [version.number for version in transaction.definitions.versions("visit")] == [1, 2]
