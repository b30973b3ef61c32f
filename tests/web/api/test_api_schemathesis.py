"""Calls schemathesis makes of the description, from a fixed seed: no server error, no answer that is not in the description."""

from __future__ import annotations

from typing import Any

import pytest
import workbench_fixtures
from hypothesis import HealthCheck, Phase, given, seed, settings
from workbench_fixtures import Desk

from engine.web.api.operations import DESCRIPTION, OPERATIONS, ApiOperation

schemathesis = pytest.importorskip("schemathesis")

#: Examples of one operation in a run, and with --soak.
FEW, MANY = 15, 2_000
SEED = 19


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Return a workbench with two cases, for all calls: what one does, the next one meets."""
    found = workbench_fixtures.desk()
    found.bureau.start()
    found.bureau.start()
    return found


@pytest.fixture(scope="module")
def made(desk: Desk) -> tuple[Any, list[dict[str, str]]]:
    """Return the description as somebody with a token reads it, forms in force included, and the headers of who calls."""
    headers = [desk.token(person) for person in ("clerk-1", "head-1")]
    described = desk.client.get(DESCRIPTION, headers=headers[0]).json()
    return schemathesis.openapi.from_dict(described), headers


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_every_answer_is_in_the_description(
    operation: ApiOperation, desk: Desk, made: tuple[Any, list[dict[str, str]]], soak: bool
) -> None:
    schema, headers = made
    checks = schemathesis.checks
    wanted = [
        checks.not_a_server_error,
        *(
            checks.CHECKS.get_one(name)
            for name in ("status_code_conformance", "content_type_conformance", "response_schema_conformance")
        ),
    ]
    described = schema[operation.path][operation.method]
    seen = 0

    @seed(SEED)
    @settings(
        max_examples=MANY if soak else FEW,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=described.as_strategy() | described.as_strategy(schemathesis.GenerationMode.NEGATIVE))
    def call(case: Any) -> None:
        nonlocal seen
        seen += 1
        sent = case.as_transport_kwargs(base_url=workbench_fixtures.BASE, headers=headers[seen % 2])
        sent.pop("cookies")
        sent["headers"] = {name: value.encode("latin-1") for name, value in sent["headers"].items()}
        if isinstance(body := sent.pop("data", None), bytes | str):
            sent["content"] = body
        answer = desk.client.request(**sent)
        case.validate_response(answer, checks=wanted)

    call()
    assert seen
