"""Building the public site of a deployment from what has been published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from engine.deployment.home import Home
from engine.language import SOURCE_LANGUAGE
from engine.office.delivery import Outcome
from engine.office.rows import Outgoing

if TYPE_CHECKING:
    from engine.office.office import Office
    from engine.site.build import BuildReport


class SiteChannel:
    """Builds the public site when something was published: one build answers for all items at once."""

    batch = 1000

    def __init__(self, build: Callable[[], object]) -> None:
        self._build = build

    def send(self, items: Sequence[Outgoing]) -> list[Outcome]:
        """Build the site; every item is done with it."""
        self._build()
        return [Outcome(item.id) for item in items]


def build_public_site(office: Office, home: Home, language: str = SOURCE_LANGUAGE) -> BuildReport | None:
    """Build the site anew; None where no workflow is published yet, so that there is no bureau to name."""
    from engine.office.sealing import seals
    from engine.site.build import build_site

    with office.store.read() as unit:
        publications = unit.records.publications()
        draws = unit.records.draws()
        sealed = [seal.as_json() for seal in seals(unit)]
        workflows = office.processes.workflows(unit)
        process = office.processes.latest(unit, workflows[0]) if workflows else None
    if process is None:
        return None
    return build_site(
        publications, draws, process.bureau, home.site, office.clock.now(), language, seals=sealed
    )
