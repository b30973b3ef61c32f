"""Trial draws (试抽): the present plan drawn in the ``TEST-`` namespace, watermarked and never stored.

The batch id and the entropy both begin with ``TEST-``, so that a trial reveals nothing of the draw: other randomness
gives other tickets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.draws.forecast import plan_ahead
from engine.app.draws.plan_commitment import open_plan
from engine.draw import drawing
from engine.draw.entropy import TRIAL, compose_entropy
from engine.draw.kit import software
from engine.draw.record import DrawRecord
from engine.language import say
from engine.lifecycle.case import Case

if TYPE_CHECKING:
    from engine.app.session.unit_of_work import UnitOfWork

#: A trial asks for dice alone, however the draw itself gets its entropy.
DICE = 24


def trial(uow: UnitOfWork, case: Case, digits: str, actor: str) -> DrawRecord:
    """Return the record of a trial with `digits` (24 of them) as its dice. Raises `DrawRefused` as a draw would."""
    _, _, plan = plan_ahead(uow, case)
    batch = f"{TRIAL}{case.id}"
    sources = (f"dice:{DICE}",)
    entropy = compose_entropy(sources, {"dice": digits}, batch)
    opened = open_plan(
        plan,
        batch_id=batch,
        purpose=case.title,
        entropy_rule=str(say("试抽：当场随手写下的数字，与正式抽取无关")),
        entropy_sources=sources,
        software=software(),
    )
    record = drawing.commit(
        opened.commitment, opened.objects, opened.people, opened.experts, at=uow.now, actor=actor
    )
    record = drawing.draw_objects(record, entropy, at=uow.now, actor=actor)
    return drawing.draw_people(record, at=uow.now, actor=actor)
