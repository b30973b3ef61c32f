"""Commands: everything that changes something. Each asks the access table first and is in the audit."""

from engine.app.access.caller import Caller
from engine.app.ports.store import Clock, Store

__all__ = ["Caller", "Clock", "Store"]
