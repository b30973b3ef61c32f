"""企业办理码: the code on the slip by which a firm opens its page. It is random, and only its digest is kept."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import TYPE_CHECKING

from engine.app.history.replay import history
from engine.app.papers.firm import OBJECTS
from engine.app.ports.records import CaseFilter
from engine.app.rectification.feedback import entries_of
from engine.app.session.measures import each_case
from engine.kernel.clean_text import clean_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from engine.app.ports.store import Transaction

#: Without letters that are read as others.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
#: Random bytes of a code: 80 bits, 16 signs.
CODE_BYTES = 10
_GROUP = 4
#: Cases of one firm that are looked through for a code.
_MAX_CASES = 200

#: The setting that switches the page off, and what it says then.
SETTING, CLOSED = "firm_page", "closed"


def is_open(settings: Mapping[str, Any]) -> bool:
    """Tell whether the bureau lets firms use their page."""
    return settings.get(SETTING) != CLOSED


def code_text(chance: bytes) -> str:
    """Return random bytes as a code to print: sixteen signs in groups of four."""
    number = int.from_bytes(chance)
    length = (len(chance) * 8 + 4) // 5
    signs = "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(length)))
    return "-".join(signs[at : at + _GROUP] for at in range(0, length, _GROUP))


def code_digest(case_id: str, typed: str) -> str:
    """Return the digest of a code as it was typed, for one case: small letters, blanks and dashes make no difference."""
    plain = "".join(one for one in clean_code(typed[:100]).upper().translate(_READ_AS) if one.isalnum())
    return hashlib.sha256(f"firm-code:{case_id}:{plain}".encode()).hexdigest()


def case_of_code(transaction: Transaction, firm: str, typed: str, now: datetime) -> tuple[str, str] | None:
    """Return the case of `firm`, under its code or one it had, the typed code opens, and the digest of the code; None where it opens none."""
    found = None
    entry = transaction.registers.some(OBJECTS, [firm]).get(firm)
    codes = (firm,) if entry is None else entry.codes
    cases = (case for code in codes for case in each_case(transaction, CaseFilter(subject=code)))
    for seen, case in enumerate(cases):
        if seen >= _MAX_CASES:
            break
        code = entries_of(history(transaction, case.id)).code
        digest = code_digest(case.id, typed)
        # Every case is looked at, whichever it is.
        if code is not None and hmac.compare_digest(code.sha256, digest) and now < code.ends_at:
            found = (case.id, digest)
    return found
