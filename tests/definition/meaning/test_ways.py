"""What can be there, and what surely is, when a case reaches a state."""

from __future__ import annotations

from functools import lru_cache

from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.definition.meaning.fields_known import fields_of, missing_unless
from engine.definition.meaning.names_read import fact_of
from engine.definition.meaning.ways import Ways, entries_of
from engine.definition.resources import workflows_dir


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_paths(surrounding_files([workflows_dir()]))


def ways(name: str) -> Ways:
    workflows = loaded().workflows
    return Ways(workflows[name], entries_of(workflows[name], workflows.values()))


def test_what_is_surely_there_can_be_there() -> None:
    for name in loaded().workflows:
        found = ways(name)
        assert all(must <= found.may()[state] for state, must in found.must().items())


def test_a_form_of_a_branch_can_be_there_and_need_not() -> None:
    found = ways("inspection")
    assert ("forms", "notice") in found.may()["to_enter"]
    assert ("forms", "onsite_check") in found.may()["to_enter"]
    assert ("forms", "onsite_check") not in found.must()["to_enter"]
    assert ("forms", "result_entry") in found.must()["published"]
    assert ("forms", "result_entry") not in (found.on_first_entering(["to_enter"]) or ())


def test_an_entry_brings_what_its_start_says() -> None:
    (entry,) = [one for one in ways("inspection").entries if one.starter == "batch"]
    assert {("parties", "inspectors"), ("case", "inspect_to")} <= entry.facts
    assert ("case", "inspect_to") in ways("inspection").may()["to_enter"]


def test_names_and_what_may_be_missing() -> None:
    workflow = loaded().workflows["inspection"]
    assert fact_of(("forms", "notice", "sent_on"), workflow) == ("forms", "notice")
    assert fact_of(("today",), workflow) is None
    missing = missing_unless({("forms", "notice")}, fields_of(workflow, None))
    assert missing(("forms", "review", "checked"))
    assert not missing(("forms", "notice", "sent_on"))
