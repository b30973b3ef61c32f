"""A seal is asked of a service that is given the digest only (`tests/cli/cases/test_case_sign.py` holds the rest)."""

from __future__ import annotations

import hashlib
import hmac

from bureau_of_sections import open_sections

from engine.app.commands import Caller
from engine.app.commands.papers.signing import sign_record
from engine.app.queries.papers.signing import list_signatures
from engine.kernel.refusal import Refusal


class LocalSeals:
    """A seal service for tests: a keyed digest of the digest."""

    def seal(self, sha256: str) -> str:
        """Return the seal on a digest."""
        return hmac.new(b"key", sha256.encode(), hashlib.sha256).hexdigest()

    def holds(self, sha256: str, seal: str) -> bool:
        """Tell whether a seal is of this digest."""
        return hmac.compare_digest(self.seal(sha256), seal)


def test_a_seal_is_of_the_digest() -> None:
    opened = open_sections()
    service = LocalSeals()
    opened.services.seals = service
    made = sign_record(opened.services, Caller("anna"), opened.case, f"{opened.case}/1", "bureau", "seal", "")
    assert not isinstance(made, Refusal)
    assert made.seal is not None
    assert service.holds(made.sha256, made.seal)
    assert not service.holds("0" * 64, made.seal)
    listed = list_signatures(opened.services, "anna", opened.case)
    assert not isinstance(listed, Refusal)
    assert [one.holds for one in listed] == [True]
    assert isinstance(list_signatures(opened.services, "bela", opened.case), Refusal)
