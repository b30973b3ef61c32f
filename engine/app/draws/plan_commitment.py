"""A plan made into a commitment: for the draw itself, for a forecast and for a trial alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.app.draws.plan import DrawPlan
from engine.draw.commitment import Commitment, make_commitment
from engine.kernel.refusal import RefusalReason


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """The rosters of a plan as they are committed to, the commitment, and what is to be said of it."""

    objects: bytes
    people: bytes
    experts: bytes | None
    commitment: Commitment
    warnings: Sequence[RefusalReason]


def open_plan(
    plan: DrawPlan,
    *,
    batch_id: str,
    purpose: str,
    draw_no: int = 1,
    entropy_sources: Sequence[str],
    **fixed: Any,
) -> OpenPlan:
    """Return the commitment to a plan; `fixed` is what else it holds. Raises `DrawRefused` as `make_commitment` does."""
    objects, people, experts = plan.rendered()
    commitment, warnings = make_commitment(
        batch_id=batch_id,
        draw_no=draw_no,
        purpose=purpose,
        items=plan.items,
        objects=objects,
        people=people,
        experts=experts,
        register_counts=plan.register_counts,
        rules=plan.rules,
        entropy_sources=tuple(entropy_sources),
        **fixed,
    )
    return OpenPlan(objects, people, experts, commitment, warnings)
