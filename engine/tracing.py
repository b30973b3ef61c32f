"""Hooks for OpenTelemetry: spans where the API is installed and somebody listens, nothing otherwise.

Only the API is used (extra ``metrics``); which exporter collects the spans is for whoever runs the process to install
and configure (``OTEL_…``). Attributes name verbs and counts, never a person or a case.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

_NOTHING: AbstractContextManager[Any] = nullcontext()
_tracer: Any = None


def enable() -> bool:
    """Begin to make spans; tells whether the API is there. Commands of a person's never call this: it costs a start."""
    global _tracer  # noqa: PLW0603 - one tracer for the process, as the API has it
    try:
        from opentelemetry import trace
    except ImportError:
        return False
    _tracer = trace.get_tracer("shuangsuiji")
    return True


def traced() -> bool:
    """Tell whether spans are made."""
    return _tracer is not None


def span(name: str, **attributes: str | int) -> AbstractContextManager[Any]:
    """Return a context that is a span of this name, or nothing at all."""
    if _tracer is None:
        return _NOTHING
    made: AbstractContextManager[Any] = _tracer.start_as_current_span(name, attributes=attributes)
    return made
