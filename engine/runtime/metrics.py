"""``/metrics`` in the text format of Prometheus, made by its own library (extra ``metrics``).

Counting looks at much of the database, so one count answers for a while, however often somebody asks.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from engine import __version__

if TYPE_CHECKING:
    from engine.app.audit.health_numbers import HealthNumbers

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class MetricsMissingError(Exception):
    """The library is not installed."""


class Metrics:
    """Answers with the health numbers; `count` makes them, at most every `seconds`.

    `sweep_age` returns the seconds since the last finished sweep of this process. Raises MetricsMissingError at once where the
    library is missing.
    """

    def __init__(
        self,
        count: Callable[[], HealthNumbers],
        sweep_age: Callable[[], float | None],
        monotonic: Callable[[], float],
        seconds: float,
    ) -> None:
        try:
            from prometheus_client import CollectorRegistry, generate_latest
        except ModuleNotFoundError:
            raise MetricsMissingError from None
        self._count = count
        self._sweep_age = sweep_age
        self._monotonic = monotonic
        self._seconds = seconds
        self._lock = threading.Lock()
        self._known: tuple[float, HealthNumbers] | None = None
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        self._render: Callable[[], bytes] = lambda: generate_latest(registry)

    def text(self) -> bytes:
        """Return the page. Raises whatever counting raises."""
        return self._render()

    def describe(self) -> list[Any]:
        """Return nothing: the registry shall not count when it is made."""
        return []

    def collect(self) -> Iterator[Any]:
        """Yield the families, as the registry asks for them."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily

        now = self._numbers()
        yield InfoMetricFamily("ssj", "The product", value={"version": __version__})
        cases = GaugeMetricFamily("ssj_open_cases", "Open cases", labels=["workflow"])
        for workflow, number in now.open_cases.items():
            cases.add_metric([workflow], number)
        yield cases
        outbox = GaugeMetricFamily("ssj_outbox_items", "Items of the outbox", labels=["kind", "status"])
        for (kind, status), number in sorted(now.outbox.items()):
            outbox.add_metric([kind, status], number)
        yield outbox
        yield GaugeMetricFamily("ssj_overdue_cases", "Cases with a late task", now.overdue)
        yield GaugeMetricFamily("ssj_timers", "Due instants that sleep", now.timers)
        yield GaugeMetricFamily(
            "ssj_timer_incidents", "Due instants that wait for a person", now.timer_incidents
        )
        yield GaugeMetricFamily(
            "ssj_sweep_lag_seconds", "How late the earliest due instant is", now.sweep_lag
        )
        yield CounterMetricFamily("ssj_refusals", "Refused attempts in the histories", now.refusals)
        yield CounterMetricFamily("ssj_events", "Entries in the histories", now.events)
        if now.seal_age is not None:
            yield GaugeMetricFamily("ssj_seal_age_seconds", "Since the last seal", now.seal_age)
        if (age := self._sweep_age()) is not None:
            yield GaugeMetricFamily("ssj_sweep_age_seconds", "Since the last sweep of this process", age)

    def _numbers(self) -> HealthNumbers:
        with self._lock:
            asked = self._monotonic()
            if self._known is None or asked - self._known[0] >= self._seconds:
                self._known = (asked, self._count())
            return self._known[1]
