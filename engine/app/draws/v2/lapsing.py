"""Commitments that were not drawn by their last day: said so in the public log, once, by whoever is at work that day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.app.draws.v2 import stored
from engine.app.history.retry import retry_on_conflict
from engine.draw.v2.acts import lapse
from engine.lifecycle.command import ENGINE

if TYPE_CHECKING:
    from engine.app.services import Services


def lapse_commitments(services: Services) -> int:
    """Enter a line for every commitment whose last day has passed; return how many there were."""

    def transact() -> int:
        with services.store.read() as transaction:
            before = stored.read_log(transaction)
            if not before.lines or lapse(before, now=services.clock.now(), by=ENGINE) == before:
                return 0
        with services.store.write() as transaction:
            before = stored.read_log(transaction)
            after = lapse(before, now=services.clock.now(), by=ENGINE)
            stored.write_log(transaction, before, after)
            lapsed = {str(line.body["commitment"]) for line in after.lines[len(before.lines) :]}
            for row in transaction.records.draws() if lapsed else ():
                if row.public and row.record["commitment"] in lapsed:
                    transaction.records.put_draw(replace(row, status="lapsed"))
            return len(lapsed)

    return retry_on_conflict(transact)
