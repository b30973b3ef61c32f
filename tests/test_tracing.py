"""Spans: nothing until they are asked for, and then those of the API that is installed."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from engine import tracing


@pytest.fixture(autouse=True)
def _as_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_tracer", None)


def test_a_span_is_nothing_until_spans_are_enabled() -> None:
    with tracing.span("command", verb="advance") as made:
        assert made is None
    assert isinstance(tracing.span("command"), nullcontext)


def test_without_the_api_nothing_is_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert tracing.enable() is False
    assert isinstance(tracing.span("command"), nullcontext)


def test_with_the_api_a_span_has_its_name_and_attributes(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, dict[str, Any]]] = []

    def start(name: str, attributes: dict[str, Any]) -> nullcontext[str]:
        made.append((name, attributes))
        return nullcontext("a span")

    asked: list[str] = []

    def get_tracer(name: str) -> SimpleNamespace:
        asked.append(name)
        return SimpleNamespace(start_as_current_span=start)

    # The API is an extra of the product: a module of the same shape stands for it.
    api = ModuleType("opentelemetry")
    api.trace = SimpleNamespace(get_tracer=get_tracer)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "opentelemetry", api)
    assert tracing.enable() is True
    with tracing.span("command", verb="advance", tries=2) as span:
        assert span == "a span"
    assert asked == ["shuangsuiji"]
    assert made == [("command", {"verb": "advance", "tries": 2})]
