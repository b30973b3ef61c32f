"""Definitions that are published: listed, shown, compared."""

from __future__ import annotations

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.definitions.versions import Published
from engine.app.queries.definitions import (
    compare_definitions,
    definition_sources,
    definition_texts,
    list_definitions,
    list_startable,
    show_bureau,
    show_definition,
)
from engine.definition.library import load_files
from engine.kernel.refusal import NextAction, Refusal
from engine.lifecycle.process import Process
from engine.store.memory import MemoryStore


def test_published_definitions_are_listed_and_shown() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    found = list_definitions(services, "anna")
    assert not isinstance(found, Refusal)
    assert [(one.workflow, one.number) for one in found] == [("errand", 1)]
    shown = show_definition(services, "anna", "errand")
    assert isinstance(shown, Process)
    assert (shown.workflow.title, shown.version) == ("差事", 1)


def test_what_is_not_published_is_refused() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    refused = show_definition(services, "anna", "nothing")
    assert isinstance(refused, Refusal)
    assert [(one.code, one.next) for one in refused.reasons] == [("workflow", NextAction("list_definitions"))]
    assert isinstance(list_definitions(services, "nobody"), Refusal)


def test_files_are_compared_with_what_is_published() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    files = {"bureau.yaml": BUREAU.lstrip(), "errand.yaml": WORKFLOW.lstrip()}
    assert compare_definitions(services, "anna", load_files(files)) == Published({}, {"errand": 1})
    changed = load_files({**files, "errand.yaml": WORKFLOW.lstrip() + "# 说明\n"})
    assert compare_definitions(services, "anna", changed) == Published({"errand": 2}, {})


def test_the_texts_of_a_version_are_those_that_were_published() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    files = {"bureau.yaml": BUREAU.lstrip(), "errand.yaml": WORKFLOW.lstrip()}
    published = definition_texts(services, "anna", "errand")
    assert not isinstance(published, Refusal)
    number, texts = published
    assert (number, sorted(texts.values())) == (1, sorted(text.encode() for text in files.values()))
    assert definition_sources(services, "anna", "errand") == {
        name: text.decode() for name, text in texts.items()
    }
    for refused in (
        definition_texts(services, "anna", "errand", 2),
        definition_texts(services, "anna", "nothing"),
        definition_sources(services, "anna", "nothing"),
    ):
        assert isinstance(refused, Refusal)
        assert [one.next for one in refused.reasons] == [NextAction("list_definitions")]
    assert str(definition_texts(services, "anna", "errand", 2)) == "流程“errand”没有第 2 版"


def test_who_may_start_a_workflow_by_hand_is_offered_it() -> None:
    services = services_over(MemoryStore(), BUREAU, people=True)
    offered = {
        person: [one.workflow.id for one in list_startable(services, person)]  # type: ignore[union-attr] # no refusal
        for person in ("anna", "lena")
    }
    assert offered == {"anna": ["errand"], "lena": []}


def test_the_bureau_in_force_is_shown_once_there_is_one() -> None:
    shown = show_bureau(services_over(MemoryStore(), BUREAU, people=True), "anna")
    assert not isinstance(shown, Refusal)
    assert shown is not None
    assert (shown.title, list(shown.sections)) == ("示例局", ["north", "south"])
    assert show_bureau(services_over(MemoryStore(), None, people=False), "system") is None
