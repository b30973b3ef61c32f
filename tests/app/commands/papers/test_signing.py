"""A seal is asked of a service that is given the digest only (`tests/cli/cases/test_case_sign.py` holds the rest)."""

from __future__ import annotations

import hashlib
import hmac

from bureau_of_sections import open_sections

from engine.app.commands import Caller
from engine.app.commands.papers.signing import sign_record
from engine.app.papers.signing import signers_named
from engine.app.queries.papers.signing import list_signatures
from engine.app.session.unit_of_work import UnitOfWork
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Change


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


def test_only_who_takes_the_step_signs_its_form_and_only_while_the_case_goes_on() -> None:
    opened = open_sections()
    services, case = opened.services, opened.case
    # Sees every case, and takes no step of this one.
    stranger = sign_record(services, Caller("lena"), case, f"{case}/1", "lena", "system", "")
    assert isinstance(stranger, Refusal)
    assert stranger.reasons[0].code == "not-allowed"
    with services.store.write() as transaction:
        found = transaction.cases.get(case)
        assert found is not None
        process = services.definitions.get(transaction, found.workflow, found.version)
        names = signers_named(process, transaction, found, f"{case}/1")
        assert names
        # Over: what is wrong is put right in other ways.
        uow = UnitOfWork(services, transaction, services.clock.now())
        held = uow.case(case)
        assert held is not None
        uow.record(held, "voided", "anna", {"title": "作废"}, Change(final=True))
        uow.flush()
    closed = sign_record(services, Caller("anna"), case, f"{case}/1", "anna", "system", "")
    assert isinstance(closed, Refusal)
    assert closed.reasons[0].code == "closed"
