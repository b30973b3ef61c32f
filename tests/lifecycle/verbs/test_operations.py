"""The verbs as operations."""

from __future__ import annotations

from engine.lifecycle.verbs.operations import operations
from engine.lifecycle.verbs.table import APPROVABLE, VERBS


def test_every_verb_is_an_operation_with_typed_arguments() -> None:
    found = {one.name: one for one in operations()}
    assert list(found) == list(VERBS)
    assert {argument.type for one in found.values() for argument in one.arguments} == {"string", "integer"}
    extend = {argument.name: (argument.type, argument.required) for argument in found["extend"].arguments}
    assert extend == {"count": ("integer", True), "clock": ("string", False), "reason": ("string", True)}
    assert found["claim"].arguments == ()
    assert (
        found["approve"].arguments[0].choices
        == APPROVABLE
        == (*("extend", "suspend", "return", "correct", "void"),)
    )
    assert {one.name for one in found.values() if one.bulk} >= {"claim", "reassign", "extend", "urge"}
