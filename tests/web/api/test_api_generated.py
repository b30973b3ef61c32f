"""Calls made of the description, sound and broken, always the same ones: no server error, no answer that is not in the description."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import workbench_fixtures
from workbench_fixtures import Desk

from engine.web.api.description import description
from engine.web.api.operations import OPERATIONS, ApiOperation

#: Calls of one operation in a run; with --soak, as the project's bound for a family of operations says.
FEW, MANY = 12, 2_000
TEXTS = (
    *(
        "",
        "a",
        "visit-1",
        "visit-999",
        "visit",
        "clerk-1",
        "people",
        "report",
        "claim",
        "extend",
        "-1",
        "0",
        "1",
    ),
    *("2024", "99999999999999999999", "true", "null", "../..", "%2e%2e", "a b", "企业", "\u202e", "e\u0301"),
    *("<script>", "'; drop table task; --", "x" * 300, "\U0001f600", "=1+1", "9" * 5_000),
)
VALUES: tuple[Any, ...] = (*TEXTS, None, True, False, 0, -1, 2**63, 1.5, [], {}, ["a", 1], {"a": {"b": []}})


@pytest.fixture(scope="module")
def desk() -> Desk:
    """Return a workbench with two cases, for all calls: what one does, the next one meets."""
    found = workbench_fixtures.desk()
    found.bureau.start()
    found.bureau.start()
    return found


class Generator:
    """Makes calls of one operation; the same seed makes the same calls."""

    def __init__(self, operation: ApiOperation) -> None:
        self.operation = operation
        self.chance = random.Random(f"19:{operation.id}")  # noqa: S311 - the same calls each time
        self.described = description([])
        self.found = self.described["paths"][operation.path][operation.method.lower()]

    def calls(self, count: int) -> Iterator[tuple[str, Mapping[str, str], bytes | None]]:
        """Yield path with query, headers, body."""
        for _ in range(count):
            yield self._path(), self._headers(), self._body()

    def _path(self) -> str:
        path, query = self.operation.path, {}
        for one in self.found["parameters"]:
            text = self.chance.choice(TEXTS)
            if one["in"] == "path":
                path = path.replace(f"{{{one['name']}}}", quote(text or "x", safe=""))
            elif one["in"] == "query" and self.chance.random() < 0.6:
                query[one["name"]] = text
        return path + (f"?{urlencode(query)}" if query else "")

    def _headers(self) -> Mapping[str, str]:
        found = {"Content-Type": "application/json"}
        for name in ("Idempotency-Key", "If-Match", "Accept-Language"):
            if self.chance.random() < 0.3:
                found[name] = self.chance.choice(('"1"', "k1", "", "*", "en", "x" * 200))
        return found

    def _body(self) -> bytes | None:
        if not self.operation.writes:
            return None
        if self.chance.random() < 0.1:
            return self.chance.choice((b"", b"{", b"[]", b"\xff", b"[" * 5_000, b'{"a":1,"a":2}', b"1e999"))
        return json.dumps(
            self._of(self.found["requestBody"]["content"]["application/json"]["schema"])
        ).encode()

    def _of(self, schema: Mapping[str, Any]) -> Any:
        if self.chance.random() < 0.15:
            return self.chance.choice(VALUES)
        if "$ref" in schema:
            return self._of(self.described["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        if "anyOf" in schema:
            return self._of(self.chance.choice(schema["anyOf"]))
        match schema.get("type"):
            case "object":
                properties = schema.get("properties", {})
                needed = set(schema.get("required", ()))
                made = {
                    name: self._of(one)
                    for name, one in properties.items()
                    if name in needed or self.chance.random() < 0.5
                }
                if not properties or self.chance.random() < 0.1:
                    made[self.chance.choice(TEXTS)] = self.chance.choice(VALUES)
                return made
            case "array":
                return [self._of(schema["items"]) for _ in range(self.chance.randrange(3))]
            case "boolean":
                return self.chance.random() < 0.5
            case "integer":
                return self.chance.randrange(-2, 40)
            case _:
                return self.chance.choice(TEXTS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_every_answer_is_in_the_description(operation: ApiOperation, desk: Desk, soak: bool) -> None:
    made = Generator(operation)
    headers = {person: desk.token(person) for person in ("clerk-1", "head-1")}
    answers = made.found["responses"]
    for path, more, body in made.calls(MANY if soak else FEW):
        person = made.chance.choice(tuple(headers))
        answer = desk.client.request(
            operation.method, path, headers={**headers[person], **more}, content=body
        )
        said = f"{operation.method} {path[:200]} {body!r:.300}: {answer.status_code} {answer.text[:200]}"
        assert answer.status_code < 500, said
        assert str(answer.status_code) in answers, said
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in answers[str(answer.status_code)]["content"], said
        assert isinstance(answer.json(), dict), said


def test_the_same_seed_makes_the_same_calls() -> None:
    operation = next(one for one in OPERATIONS if one.id == "verb")
    assert list(Generator(operation).calls(30)) == list(Generator(operation).calls(30))
