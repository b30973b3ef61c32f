"""What the pages work with: one deployment, opened once for a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.kernel.instants import local_minute

if TYPE_CHECKING:
    from engine.app.commands.application import Application
    from engine.deployment.home import Home

#: The largest body of a request, in bytes, and of one to the API.
MAX_FORM_BYTES, MAX_JSON_BYTES = 20_000_000, 1_000_000
#: Files kept between looking at them and taking them in.
MAX_UPLOADS = 8
#: Results of stories that are remembered.
MAX_TESTED = 32


@dataclass(frozen=True)
class Workbench:
    """One deployment as the pages work with it."""

    application: Application
    #: Where the public site is.
    site: Path
    zone: ZoneInfo
    #: Whether it is reached by https, so that cookies may ask for that.
    secure: bool = False
    #: The deployment's own ways of reading registers, one file each.
    profiles: Path | None = None
    #: The folder of the deployment, for what is done to it as a whole; None where there is none.
    home: Home | None = None
    #: Files that were looked at and not taken in yet: key -> person, name, content. Of this process alone; the oldest goes.
    _uploads: dict[str, tuple[str, str, bytes]] = field(default_factory=dict, repr=False, compare=False)

    #: Texts of definitions whose stories were played: key -> how many went as they say, how many did not. The oldest goes.
    _tested: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def settings(self) -> Mapping[str, Any]:
        """Return the settings of the deployment."""
        return self.application.settings

    @cached_property
    def has_site(self) -> bool:
        """Tell whether a public site was built."""
        return (self.site / "index.html").is_file()

    def today(self) -> date:
        """Return the day it is in the zone of the bureau."""
        return self.application.clock.now().astimezone(self.zone).date()

    def local(self, at: datetime) -> str:
        """Return an instant to the minute, as people of the bureau read it."""
        return local_minute(at, self.zone)

    def keep_upload(self, key: str, person: str, name: str, content: bytes) -> None:
        """Keep a file until it is taken in; at most `MAX_UPLOADS` are kept."""
        self._uploads[key] = (person, name, content)
        while len(self._uploads) > MAX_UPLOADS:
            self._uploads.pop(next(iter(self._uploads)), None)

    def upload(self, key: str, person: str) -> tuple[str, bytes] | None:
        """Return name and content of a file a person has sent; None where it is not kept any more."""
        found = self._uploads.get(key)
        return None if found is None or found[0] != person else (found[1], found[2])

    def drop_upload(self, key: str) -> None:
        """Forget a file."""
        self._uploads.pop(key, None)

    def keep_tested(self, key: str, passed: int, failed: int) -> None:
        """Remember what came of the stories of a definition; at most `MAX_TESTED` are remembered."""
        self._tested[key] = (passed, failed)
        while len(self._tested) > MAX_TESTED:
            self._tested.pop(next(iter(self._tested)), None)

    def tested(self, key: str) -> tuple[int, int] | None:
        """Return how many stories went as they say and how many did not; None where this process has not played them."""
        return self._tested.get(key)

    def request_id(self) -> str:
        """Return an id for one request, which nobody can guess."""
        take = self.application.entropy
        if take is None:
            raise AssertionError("a workbench is opened with a source of chance")
        return f"web-{take('request', 16).hex()}"
