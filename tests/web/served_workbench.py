"""A workbench that is served, as tests with a browser meet it."""

from __future__ import annotations

from dataclasses import dataclass

from public_desk import PublicDesk


@dataclass(frozen=True, slots=True)
class ServedWorkbench:
    """Where it is, the one-time link it printed, and the deployment behind it."""

    address: str
    link: str
    desk: PublicDesk
