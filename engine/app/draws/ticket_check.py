"""One ticket of a draw, with all that is needed to compute it by hand with openssl."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.app.draws.records import record_of
from engine.app.draws.v2 import stored
from engine.draw.commitment import DrawProfile, stratum_of
from engine.draw.drawing import revealed
from engine.draw.entropy import OPEN_CODE
from engine.draw.refused import DrawRefused
from engine.draw.roster import parse_objects
from engine.draw.selection import machine
from engine.draw.tickets import extract
from engine.draw.v2.commitment import is_trial
from engine.draw.v2.randomness.custodians import key_of
from engine.draw.v2.randomness.sources import entropy_text
from engine.draw.v2.rosters import parse_objects as parse_rows
from engine.kernel.refusal import RefusalReason
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.ports.records import DrawRow


@dataclass(frozen=True, slots=True)
class HandCheck:
    """The ticket of one object. `codes`, `key` and `ticket` are hex."""

    case: str
    number: int
    object_id: str
    #: What the ticket is made of: the id, or the pseudonym of a draw of ssj-draw/2.
    label: str
    name: str
    entropy: str
    codes: str
    key: str
    ticket: str
    stratum: str
    #: The highest drawn ticket of the stratum; "" where nothing was drawn from it.
    cutoff: str
    eligible: bool
    exclude_reason: str

    @property
    def drawn(self) -> bool:
        """Whether the ticket is not above the cutoff; says nothing for an object that is not eligible."""
        return bool(self.cutoff) and self.ticket <= self.cutoff


def hand_check_of(row: DrawRow, object_id: str) -> HandCheck:
    """Return the check of one object of a stored draw.

    Raises `DrawRefused` for an object that is not on the roster, before the draw, and for an embargoed draw before it
    is revealed.
    """
    if row.public:
        return _public_check(row, object_id)
    record = record_of(row)
    commitment = record.parsed
    found = next((one for one in parse_objects(record.objects) if one.object_id == object_id), None)
    if found is None:
        raise _no(say("名册里没有“{object}”；核对编号，大小写也要一样", object=object_id))
    if record.selection is None or not record.entropy:
        raise _no(say("还没有抽取，没有随机号可算"))
    if not revealed(record):
        raise _no(say("保密抽取的代码尚未公开，现在不能算出任何一户的随机号"))
    codes = OPEN_CODE.hex() if commitment.profile is DrawProfile.OPEN else "".join(record.codes)
    own = stratum_of(commitment.rules, found)
    stratum = next(one for one in record.selection.strata if one.stratum == own)
    return HandCheck(
        case=row.case,
        number=commitment.draw_no,
        object_id=object_id,
        label=object_id,
        name=found.name,
        entropy=record.entropy,
        codes=codes,
        key=extract(bytes.fromhex(codes), record.entropy).hex(),
        ticket=machine(commitment, record.entropy, record.codes).ticket(object_id).hex(),
        stratum=stratum.stratum,
        cutoff=stratum.cutoff,
        eligible=found.eligible,
        exclude_reason=found.exclude_reason,
    )


def _public_check(row: DrawRow, object_id: str) -> HandCheck:
    draw = stored.draw_of(row)
    found = next((one for one in parse_rows(draw.objects) if one.object_id == object_id), None)
    if found is None:
        raise _no(say("名册里没有“{object}”；核对编号，大小写也要一样", object=object_id))
    if not draw.strata:
        raise _no(say("还没有抽取，没有随机号可算"))
    code = key_of(draw.commitment["custodians"], draw.shares)
    entropy = entropy_text(
        draw.commitment["sources"], draw.values, draw.name, trial=is_trial(draw.commitment)
    )
    # A row out of the scope of the draw is in no stratum.
    cutoffs = {one["stratum"]: one["cutoff"] for one in draw.strata}
    return HandCheck(
        case=row.case,
        number=row.number,
        object_id=object_id,
        label=found.lot,
        name=found.name,
        entropy=entropy,
        codes=code.hex(),
        key=extract(code, entropy).hex(),
        ticket=draw.tickets_of().ticket(found.lot).hex(),
        stratum=found.stratum,
        cutoff=cutoffs.get(found.stratum, ""),
        eligible=found.eligible,
        exclude_reason=found.exclude_reason,
    )


def _no(message: Message) -> DrawRefused:
    return DrawRefused([RefusalReason("hand_check", message)])
