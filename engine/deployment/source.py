"""Where queries of one deployment read; its definitions and its calendar are opened when one of them asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from engine.deployment.clocks import SystemClock
from engine.deployment.entropy import SystemEntropy
from engine.deployment.open import open_deployment_store, timekeeping

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.app.definitions.cache import DefinitionCache
    from engine.app.ports.files import FileStore
    from engine.app.ports.store import Clock, Store
    from engine.deployment.home import Home


class DeploymentSource:
    """The store, the clock and, once asked for, the definitions of a deployment."""

    def __init__(self, home: Home, clock: Clock | None = None, *, store: Store | None = None) -> None:
        self._home = home
        self._store = store
        self.clock: Clock = clock or SystemClock()
        self.entropy: Callable[[str, int], bytes] | None = SystemEntropy.take

    @cached_property
    def store(self) -> Store:
        """Return the store, opened on the first call unless one was handed in."""
        return self._store or open_deployment_store(self._home)

    def close(self) -> None:
        """Close the store, where it was opened here; the next query opens it again."""
        opened: Store | None = self.__dict__.pop("store", None)
        if opened is not None and opened is not self._store:
            opened.close()

    @cached_property
    def definitions(self) -> DefinitionCache:
        """Return the definitions in force, with the calendar of the deployment."""
        from engine.app.definitions.cache import DefinitionCache

        return DefinitionCache(timekeeping(self._home))

    @cached_property
    def files(self) -> FileStore | None:
        """Return the store of files; only queries that look at what was kept load it."""
        from engine.files.content_store import ContentStore

        return ContentStore(self._home.files)
