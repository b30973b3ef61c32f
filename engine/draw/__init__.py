"""The draw any citizen can run again. Pure: no clock, no entropy, no files of its own but the kit's programs.

The steps of a draw, each a function of values that returns the next `DrawRecord` or raises `DrawRefused` with every
reason at once:

1. `render_objects` and `render_people` freeze the rosters as canonical bytes; `forecast` gives what rules would give.
2. `make_commitment` fixes everything that decides the draw; its text and digests are published; `commit` opens the
   record.
3. Public entropy comes about; two people type it (`same_typing`); `compose_entropy` writes it in its one form.
4. `draw_objects`, `remove_objects`, `draw_people`, `replace_person`; for an embargoed draw `reveal` at the end.
5. `verify` recomputes everything; `kit_files` gives the files anybody needs to do the same without this program.

Labels are ids of any kind: enterprises and inspectors of a batch, or closed cases and the supervisors who
call back. The record goes into a database row with `DrawRecord.to_json` and comes back with `DrawRecord.from_json`.
The method is draft-thomson-elegy-vrs, in `engine.draw.tickets`; the protocol in words is `kit/PROTOCOL.md`.
"""

from engine.draw.allocation import Allocation, Quota, allocate, parse_ratio
from engine.draw.commitment import (
    NO_HEAD,
    WHOLE,
    Commitment,
    Custodian,
    DrawProfile,
    DrawRules,
    make_commitment,
)
from engine.draw.drawing import (
    commit,
    draw_objects,
    draw_people,
    note,
    remove_objects,
    replace_person,
    reveal,
    revealed,
    void,
)
from engine.draw.entropy import (
    OPEN_CODE,
    TRIAL,
    compose_entropy,
    entropy_problems,
    is_trial,
    make_chain,
    parse_code,
    reveal_problems,
    same_typing,
    source_problems,
    watermark,
)
from engine.draw.kit import kit_files, read_kit, software
from engine.draw.log import head as log_head
from engine.draw.log import read_log
from engine.draw.matching import Assignment, Matching, Member, Replacement, pair_chances
from engine.draw.record import DrawRecord, result_text
from engine.draw.refused import DrawRefused
from engine.draw.roster import (
    Count,
    ObjectRow,
    PersonRow,
    counts,
    near_duplicates,
    parse_objects,
    parse_people,
    render_objects,
    render_people,
)
from engine.draw.selection import (
    Drawn,
    Forecast,
    Removal,
    Selection,
    StratumResult,
    forecast,
    reserve,
    year_chance,
)
from engine.draw.tickets import TicketMachine, extract, read_labels
from engine.draw.verification import DrawCheck, Report, verify
from engine.kernel.digests import Digests
from engine.kernel.sm3 import sm3_hex

__all__ = [
    "NO_HEAD",
    "OPEN_CODE",
    "TRIAL",
    "WHOLE",
    "Allocation",
    "Assignment",
    "Commitment",
    "Count",
    "Custodian",
    "Digests",
    "DrawCheck",
    "DrawProfile",
    "DrawRecord",
    "DrawRefused",
    "DrawRules",
    "Drawn",
    "Forecast",
    "Matching",
    "Member",
    "ObjectRow",
    "PersonRow",
    "Quota",
    "Removal",
    "Replacement",
    "Report",
    "Selection",
    "StratumResult",
    "TicketMachine",
    "allocate",
    "commit",
    "compose_entropy",
    "counts",
    "draw_objects",
    "draw_people",
    "entropy_problems",
    "extract",
    "forecast",
    "is_trial",
    "kit_files",
    "log_head",
    "make_chain",
    "make_commitment",
    "near_duplicates",
    "note",
    "pair_chances",
    "parse_code",
    "parse_objects",
    "parse_people",
    "parse_ratio",
    "read_kit",
    "read_labels",
    "read_log",
    "remove_objects",
    "render_objects",
    "render_people",
    "replace_person",
    "reserve",
    "result_text",
    "reveal",
    "reveal_problems",
    "revealed",
    "same_typing",
    "sm3_hex",
    "software",
    "source_problems",
    "verify",
    "void",
    "watermark",
    "year_chance",
]
