"""Queries: everything that is read. What a query reads from, and with which clock, is named here for its callers."""

from engine.app.access.query import QuerySource
from engine.app.ports.store import Clock, Store, Transaction

__all__ = ["Clock", "QuerySource", "Store", "Transaction"]
