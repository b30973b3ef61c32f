"""A seal is asked of a service that is given the digest only (`tests/cli/cases/test_case_sign.py` holds the rest)."""

from __future__ import annotations

import hashlib
import hmac

from bureau_of_sections import open_sections
from workbench_fixtures import MemoryFiles

from engine.app.commands import Caller
from engine.app.commands.papers.files import keep_file
from engine.app.commands.papers.signing import sign_record
from engine.app.papers.files import NewFile
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


def test_nobody_signs_the_same_bytes_twice_in_one_way() -> None:
    """Names that differ by what nobody sees are one name; another picture is another signature."""
    opened = open_sections()
    services, case = opened.services, opened.case
    services.files = MemoryFiles()
    record = f"{case}/1"
    pictures = []
    for number in range(2):
        kept = keep_file(services, Caller("anna"), case, NewFile(f"第{number}张".encode(), "甲.txt", "签字"))
        assert not isinstance(kept, Refusal), str(kept)
        pictures.append(kept.id)

    def signed(name: str, picture: str) -> str:
        made = sign_record(services, Caller("anna"), case, record, name, "pad", "平板\u200b", picture)
        return str(made.reasons[0].message) if isinstance(made, Refusal) else made.person

    assert signed(" 张三\u200b", pictures[0]) == "张三"
    for name in ("张三", " 张三", "张\u2060三", "张三\ufeff "):
        assert "已签过现在的内容" in signed(name, pictures[0])
    assert signed("张三", pictures[1]) == "张三"
    assert "已签过现在的内容" in signed("张三", pictures[1])
    assert signed("李四", pictures[0]) == "李四"
    assert signed("\u200b ", pictures[0]) == "须写明签名人"
    listed = list_signatures(services, "anna", case)
    assert not isinstance(listed, Refusal)
    assert {one.signature.device for one in listed} == {"平板"}
