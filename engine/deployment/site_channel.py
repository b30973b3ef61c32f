"""Building the public site of a deployment from what has been published."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from engine.app.delivery.deliver import Outcome
from engine.app.ports.records import DrawRow, OutboxItem, Publication
from engine.deployment.home import Home
from engine.language import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from engine.app.commands import Caller
    from engine.app.commands.application import Application
    from engine.app.ports.store import Transaction
    from engine.kernel.refusal import Refusal
    from engine.site.build import BuildReport, SingleHanded


class SiteChannel:
    """Builds the public site when something was published: one build answers for all items at once."""

    batch = 1000

    def __init__(self, build: Callable[[], object]) -> None:
        self._build = build

    def send(self, items: Sequence[OutboxItem]) -> list[Outcome]:
        """Build the site; every item is done with it."""
        self._build()
        return [Outcome(item.id) for item in items]


def _announced_draws(publications: Sequence[Publication]) -> set[tuple[str, int]]:
    """Return the draws whose list has been published; the kit of another would tell who is drawn before that."""
    return {
        (one.case, int(draw["number"]))
        for one in publications
        if one.kind == "draw"
        and one.withdrawn_at is None
        and (draw := one.body.get("draw") or {}).get("selected")
    }


def packed_kit(transaction: Transaction, row: DrawRow) -> bytes | None:
    """Return the public kit of a draw as a ZIP archive, the same bytes for the same draw; None where it has none yet."""
    from engine.app.draws.records import record_of
    from engine.app.draws.v2.kits import public_files
    from engine.draw.kit import kit_files
    from engine.draw.refused import DrawRefused

    try:
        files = public_files(transaction, row) if row.public else kit_files(record_of(row))
    except DrawRefused:
        return None
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(ZipInfo(f"{row.case}-{row.number}/{name}"), content, ZIP_DEFLATED)
    return packed.getvalue()


def single_handed_of(transaction: Transaction, publications: Sequence[Publication]) -> SingleHanded:
    """Return which of the published cases go by rules, or have a paper from a template, one person published alone, and how many acts were done so."""
    from engine.app.access.proposals import SINGLE
    from engine.app.definitions.single_handed import papers_by_one, versions_by_one
    from engine.site.build import SingleHanded

    acts = sum(one.status == SINGLE for one in transaction.proposals.all())
    versions = versions_by_one(transaction)
    names = list(dict.fromkeys(one.case for one in publications)) if acts else []
    cases = [found for name in names if versions and (found := transaction.cases.get(name)) is not None]
    by_one = {one.id for one in cases if (one.workflow, one.version) in versions}
    by_one.update(paper.case for paper in papers_by_one(transaction, names))
    return SingleHanded(frozenset(by_one), acts)


def build_public_site(
    application: Application,
    home: Home,
    language: str = SOURCE_LANGUAGE,
    before_page: Callable[[], None] | None = None,
) -> BuildReport | None:
    """Build the site anew; None where no workflow is published yet, so that there is no bureau to name.

    Raises SiteBuildError where the page types of the deployment have errors, or the folder cannot be written, and what
    `before_page` raises, which is asked before each page.
    """
    from engine.app.audit.seals import seals
    from engine.app.audit.signed_heads.public_files import public_files
    from engine.app.definitions.derived_settings import field_names
    from engine.app.draws.v2.public import yearly_rates
    from engine.app.draws.v2.stored import read_log
    from engine.deployment.page_types import PageTypesError, page_types_of
    from engine.site.build import SiteBuildError, build_site

    with application.store.read() as transaction:
        publications = transaction.records.publications()
        draws = transaction.records.draws()
        announced = _announced_draws(publications)
        kits = {
            (row.case, row.number): packed
            for row in draws
            if (row.case, row.number) in announced and (packed := packed_kit(transaction, row))
        }
        rates = yearly_rates(read_log(transaction))
        sealed = [seal.as_json() for seal in seals(transaction)]
        heads = public_files(transaction)
        alone = single_handed_of(transaction, publications)
        workflows = application.definitions.workflows(transaction)
        process = application.definitions.latest(transaction, workflows[0]) if workflows else None
        published = application.definitions.published_files(transaction)
        names = field_names(transaction)
    if process is None:
        return None
    try:
        types = page_types_of(home, published)
    except PageTypesError as problem:
        raise SiteBuildError(problem.message) from None
    return build_site(
        publications,
        draws,
        process.bureau,
        home.site,
        application.clock.now(),
        language,
        page_types=types,
        seals=sealed,
        heads=heads,
        kits=kits,
        rates=rates,
        single_handed=alone,
        names=names,
        before_page=before_page,
    )


def build_site_as(
    application: Application, caller: Caller, home: Home, language: str = SOURCE_LANGUAGE
) -> BuildReport | Refusal | None:
    """Build the site for a person; None where no workflow is published yet. Raises SiteBuildError."""
    from engine.app.commands.operations import build_site
    from engine.site.build import BuildReport

    return build_site(
        application,
        caller,
        str(home.site),
        lambda _: build_public_site(application, home, language),
        BuildReport.from_json,
    )
