"""What the minutes of a draw of ssj-draw/2 state: made of the record and the public log alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.app.draws.v2.public import able_of, proof_of, rule_of, strata_of
from engine.app.draws.v2.view import public_view
from engine.draw.v2.commitment import watermark
from engine.kernel.instants import from_text, local_minute

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow
    from engine.app.ports.store import Transaction


def facts(transaction: Transaction, row: DrawRow, zone: Any) -> dict[str, Any]:
    """Return what the minutes state, under the names the template and the text use."""
    view = public_view(transaction, row)
    draw, log = view.draw, view.log
    made = draw.commitment
    drawn = sorted(
        ((one["ticket"], one["lot"]) for stratum in draw.strata for one in stratum["drawn"]),
        key=lambda pair: pair,
    )

    def entered(kind: str) -> tuple[str, str]:
        line = next((line for line in view.lines if line.kind == kind), None)
        return (local_minute(from_text(line.at), zone), line.by) if line else ("", "")

    committed_at, committed_by = entered("commit")
    drawn_at, witness = entered("entropy")
    people = made["people"]
    return {
        "watermark": watermark(made),
        "batch": made["batch_id"],
        "number": row.number,
        "purpose": made["purpose"],
        "embargoed": False,
        "proof": str(proof_of(draw, log)),
        "commitment_sha256": view.digests.sha256,
        "commitment_sm3": view.digests.sm3,
        "roster_sha256": made["objects"]["root"],
        "people_sha256": people["root"] if people else "",
        "committed_at": committed_at,
        "committed_by": committed_by,
        "entropy_rule": str(rule_of(draw)),
        "entropy": view.entropy,
        "drawn_at": drawn_at,
        "typed_by": entered("typed")[1],
        "witness": witness,
        "strata": [
            {
                "name": quota["stratum"],
                "listed": quota["listed"],
                "eligible": able_of(quota),
                "ratio": ratio,
                "quota": quota["quota"],
                "cutoff": cutoff or "",
            }
            for quota, ratio, cutoff in strata_of(draw)
        ],
        "total": sum(len(one["drawn"]) for one in draw.strata),
        "first": {"id": drawn[0][1], "ticket": drawn[0][0]} if drawn else None,
        "last": {"id": drawn[-1][1], "ticket": drawn[-1][0]} if drawn else None,
        "result_sha256": next(
            (str(line.body["sha256"]) for line in view.lines if line.kind == "objects"), ""
        ),
        "log_head": log.root(),
        "log_lines": len(log.lines),
        "refused": view.refused,
    }
