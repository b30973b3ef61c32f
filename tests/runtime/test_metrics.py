"""``/metrics``: what a monitor reads, counted seldom, gone without a word of harm where the library is missing."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from contextlib import nullcontext

import pytest
from prometheus_client.parser import text_string_to_metric_families

from engine import tracing
from engine.app.audit.health_numbers import HealthNumbers
from engine.runtime.health import HealthServer
from engine.runtime.metrics import Metrics, MetricsMissingError
from tests.hung_run import HUNG

NUMBERS = HealthNumbers(
    {"visit": 3, "errand": 0}, 2, 7, 12.5, 1, {("message", "sent"): 9, ("site", "waiting"): 1}, 4, 99, 60.0
)


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=HUNG) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as problem:
        with problem:
            return problem.code, problem.read().decode()


def test_the_numbers_a_monitor_reads() -> None:
    made = Metrics(lambda: NUMBERS, lambda: 3.0, lambda: 0.0, 30)
    server = HealthServer(dict, 0, metrics=made)
    server.start()
    try:
        status, page = get(server.port, "/metrics")
    finally:
        server.stop()
    assert status == 200
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }
    assert samples["ssj_open_cases", "visit"] == 3
    assert samples["ssj_outbox_items", "message", "sent"] == 9
    assert samples["ssj_overdue_cases",] == 2
    assert samples["ssj_sweep_lag_seconds",] == 12.5
    assert samples["ssj_refusals_total",] == 4
    assert samples["ssj_sweep_age_seconds",] == 3
    assert samples["ssj_seal_age_seconds",] == 60


def test_one_count_answers_for_a_while() -> None:
    counted: list[int] = []
    now = [0.0]

    def count() -> HealthNumbers:
        counted.append(1)
        return NUMBERS

    made = Metrics(count, lambda: None, lambda: now[0], 30)
    assert counted == []
    for at in (0.0, 1.0, 29.0, 30.0, 31.0):
        now[0] = at
        made.text()
    assert len(counted) == 2


def test_counting_that_fails_is_said_and_shows_nothing() -> None:
    def broken() -> HealthNumbers:
        raise RuntimeError("case-7 is secret")

    server = HealthServer(dict, 0, metrics=Metrics(broken, lambda: None, lambda: 0.0, 30))
    server.start()
    try:
        status, page = get(server.port, "/metrics")
    finally:
        server.stop()
    assert (status, page) == (503, "RuntimeError\n")


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(MetricsMissingError):
        Metrics(lambda: NUMBERS, lambda: None, lambda: 0.0, 30)
    server = HealthServer(dict, 0)
    server.start()
    try:
        status, page = get(server.port, "/metrics")
    finally:
        server.stop()
    assert status == 404
    assert "shuangsuiji[metrics]" in page


def test_spans_are_nothing_until_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_tracer", None)
    assert isinstance(tracing.span("command", verb="advance"), nullcontext)
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    assert not tracing.enable()
    monkeypatch.undo()
    monkeypatch.setattr(tracing, "_tracer", None)
    assert tracing.enable()
    # The API alone: a span that records nothing, and does no harm.
    with tracing.span("command", verb="advance") as made:
        assert not made.is_recording()
