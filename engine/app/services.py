"""What use cases work with: the store, the clock, the definitions in force, and how messages and documents are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from engine.app.definitions.cache import DefinitionCache
from engine.app.people.directory_cache import DirectoryCache
from engine.app.ports.documents import Renderer
from engine.app.ports.files import FileStore
from engine.app.ports.signatures import SealService
from engine.app.ports.store import Clock, Store, read_together


@dataclass(slots=True)
class Services:
    """Made once for a deployment and handed to every use case."""

    store: Store
    clock: Clock
    definitions: DefinitionCache
    #: The channels every message is written for.
    channels: tuple[str, ...] = ("log",)
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: Makes the documents of the effect ``render``; without one the effect is only noted.
    renderer: Renderer | None = None
    #: Where the bytes of kept files are; without one no file is kept.
    files: FileStore | None = None
    #: Seals a digest; without one nothing is sealed.
    seals: SealService | None = None
    #: Random bytes, of so many as are asked for; the text says what for. Without it no draw is committed to.
    entropy: Callable[[str, int], bytes] | None = None
    #: A message this much behind its time says when it should have come.
    late_after: timedelta = timedelta(hours=1)
    #: With a clock that is further ahead of the last daemon nothing is done before a person has looked at it.
    clock_hold: timedelta = timedelta(days=31)
    #: The other systems a step may call; None: any, as where nothing is sent.
    systems: tuple[str, ...] | None = None
    #: Cache of people and roles. Callers leave the default.
    directory_cache: DirectoryCache = field(default_factory=DirectoryCache, repr=False)

    def reading(self) -> AbstractContextManager[None]:
        """Let what this thread reads in the block be read together, until it writes."""
        return read_together(self.store)
