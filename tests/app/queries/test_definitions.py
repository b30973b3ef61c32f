"""Definitions that are published: listed, shown, compared."""

from __future__ import annotations

from access_factories import BUREAU, WORKFLOW, services_over

from engine.app.definitions.versions import Published
from engine.app.queries.definitions import compare_definitions, list_definitions, show_definition
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
