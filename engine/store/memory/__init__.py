"""The store that keeps everything in memory, for simulation and tests, with the guarantees of the SQL store."""

from engine.store.memory.store import MemoryStore

__all__ = ["MemoryStore"]
