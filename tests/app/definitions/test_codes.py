"""A code that nothing could fit is refused; one that is known is not."""

from __future__ import annotations

from visit_bureau import visit_bureau

from engine.app.definitions.bureau import bureau_of
from engine.app.definitions.codes import (
    unknown_role,
    unknown_section,
    unknown_state,
    unknown_workflow,
)
from engine.kernel.refusal import Refusal


def words(found: Refusal | None) -> str:
    assert found is not None
    return str(found)


def test_sections_and_roles_of_the_bureau() -> None:
    bureau = visit_bureau()
    with bureau.look() as transaction:
        known = bureau_of(bureau.application.definitions, transaction)
    assert (
        unknown_section(known, "north") is unknown_section(known, None) is unknown_section(None, "x") is None
    )
    assert words(unknown_section(known, "west")) == "没有股室“west”；可用：north、south"
    assert unknown_role(known, "clerk") is unknown_role(known, None) is unknown_role(None, "x") is None
    assert words(unknown_role(known, "clerks")).startswith(
        "没有角色“clerks”；可用：clerk、chief、deputy、inspector"
    )
    assert "“clerk”" in words(unknown_role(known, "clerks"))


def test_workflows_and_states_of_what_was_published() -> None:
    bureau = visit_bureau()
    assert unknown_workflow(["plan"], "plan") is unknown_workflow(["plan"], None) is None
    assert words(unknown_workflow(["plan"], "errand")) == "没有已发布的流程“errand” 可写：plan"
    with bureau.look() as transaction:
        definitions = bureau.application.definitions
        for workflow, state in (("visit", "checking"), (None, "draft"), ("visit", None)):
            assert unknown_state(definitions, transaction, workflow, state) is None
        for workflow, state in (("visit", "draft"), (None, "nowhere")):
            found = unknown_state(definitions, transaction, workflow, state)
            assert words(found) == f"已发布的流程里没有环节“{state}”"
