"""A second deployment, driven through the API alone, plays the demo's year with an equal result."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from engine.app.commands.application import Application, NewCase
from engine.app.history.requests import CommandResult
from engine.app.queries.cases import CaseFilter
from engine.app.sign_in.tokens import create_token
from engine.demo import set_up
from engine.demo.people import Staff
from engine.demo.year import Year
from engine.deployment.home import find_home
from engine.deployment.open import ZONE, open_deployment_store
from engine.kernel.refusal import Refusal, RefusalReason
from engine.language import say
from engine.web.asgi import make_app
from engine.web.workbench import Workbench
from tests.demonstration import short_year

#: Days a token lasts: longer than the year.
DAYS = 1_000


class ThroughTheApi:
    """An office whose cases are started and taken on by calls of the API, each person with a token of their own; it is read as it is."""

    def __init__(self, application: Application) -> None:
        self._office = application
        self._client = TestClient(make_app(Workbench(application, Path("/nonexistent"), ZoneInfo(ZONE))))
        self.tokens: dict[str, str] = {}
        self.calls = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._office, name)

    def start(
        self,
        workflow: str,
        person: str,
        new: NewCase,
        answers: Mapping[str, Any] | None = None,
        *,
        request_id: str,
    ) -> CommandResult | Refusal:
        """Start a case."""
        body = {
            "workflow": workflow,
            "title": new.title,
            "section": new.section,
            "answers": answers,
        }
        return self._called(
            "/api/v1/cases", person, {name: one for name, one in body.items() if one is not None}, request_id
        )

    def advance(
        self,
        case: str,
        step: str,
        person: str,
        answers: Mapping[str, Any] | None = None,
        *,
        reason: str | None = None,
        request_id: str,
    ) -> CommandResult | Refusal:
        """Take a step."""
        body = {"answers": answers, "reason": reason}
        path = f"/api/v1/cases/{quote(case)}/steps/{quote(step)}"
        return self._called(
            path, person, {name: one for name, one in body.items() if one is not None}, request_id
        )

    def _called(
        self, path: str, person: str, body: Mapping[str, Any], request_id: str
    ) -> CommandResult | Refusal:
        self.calls += 1
        headers = {"Authorization": f"Bearer {self._token(person)}", "Idempotency-Key": quote(request_id)}
        answer = self._client.post(path, json=body, headers=headers)
        assert answer.status_code < 500, answer.text
        said = answer.json()
        if answer.status_code < 300:
            return CommandResult.from_json(said, repeated=said.pop("repeated"))
        return Refusal(None, "", (RefusalReason("api", say("{text}", text=answer.text)),))

    def _token(self, person: str) -> str:
        if person not in self.tokens:
            with self._office.store.write() as transaction:
                now = self._office.clock.now()
                self.tokens[person], _ = create_token(
                    transaction, now, person, "", DAYS, person, scopes=("all",)
                )
        return self.tokens[person]


def played(
    folder: Path, patched: pytest.MonkeyPatch, through: list[ThroughTheApi] | None
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Return what happened in a year, and where every case came to; with `through` everything is done by the API."""
    patched.setattr(set_up, "shipped", short_year)
    if through is not None:

        def office(application: Application) -> Any:
            if not through:
                through.append(ThroughTheApi(application))
            return through[0]

        asked = Staff._happened

        def happened(staff: Staff, transaction: Any, case: Any, kind: Any, name: str, value: str) -> bool:
            # A call has the key it was sent with behind the name of who sent it.
            known = [str(event.body.get(name, "")) for event in transaction.events.of(case.id)]
            return asked(staff, transaction, case, kind, name, value) or any(
                one.startswith("api-") and one.endswith(f"-{quote(value)}") for one in known
            )

        patched.setattr(Staff, "_happened", happened)
        patched.setattr(set_up, "Staff", lambda application, *more: Staff(office(application), *more))
        patched.setattr(set_up, "Year", lambda application, *more: Year(office(application), *more))
    found, _ = set_up.run_demo(folder, None, "7")
    store = open_deployment_store(find_home(str(folder)))
    with store.read() as transaction:
        cases = transaction.cases.find(CaseFilter(), limit=10_000)
        ends = sorted(
            (case.id, case.workflow, case.state, case.open, case.title, case.entered_at) for case in cases
        )
    store.close()
    return found, ends


def test_the_year_through_the_api_is_the_year(tmp_path: Path, soak: bool) -> None:
    if not soak:
        pytest.skip("two years are played: for `make soak`")
    with pytest.MonkeyPatch.context() as patched:
        as_it_is = played(tmp_path / "one", patched, None)
    through: list[ThroughTheApi] = []
    with pytest.MonkeyPatch.context() as patched:
        by_calls = played(tmp_path / "two", patched, through)
    assert through[0].calls > 100
    # Every token is an entry of its own.
    by_calls[0]["events"] -= len(through[0].tokens)
    assert by_calls == as_it_is
