"""Signatures on what a case holds: who signed which bytes, on whose device, and how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from engine.kernel.instants import from_text, to_text
from engine.language import Message, say
from engine.value import named_value, value


class SigningWay(StrEnum):
    """How somebody signed."""

    #: With the step the form was given by, which several people take together.
    STEP = "step"
    SYSTEM = "system"
    PAD = "pad"
    SCAN = "scan"
    SEAL = "seal"

    @property
    def words(self) -> Message:
        """Return it in words."""
        return {
            SigningWay.STEP: say("办理时签署"),
            SigningWay.SYSTEM: say("系统内确认"),
            SigningWay.PAD: say("签字板图片"),
            SigningWay.SCAN: say("签字页扫描件"),
            SigningWay.SEAL: say("电子印章"),
        }[self]


@named_value
class SignatureRecord:
    """签名: one person's signature on one record of a case, as its bytes were then."""

    id: str
    case: str
    #: The id of a form of the case, or of one of its documents.
    record: str
    #: Of the bytes that were signed.
    sha256: str
    #: Who signed: a person of the registers, or a name.
    person: str
    way: SigningWay
    #: On whose device, as entered.
    device: str
    at: datetime
    #: Who was signed in when it was entered.
    by: str
    #: The kept file with the picture or the scanned page.
    picture: str | None = None
    #: What the seal service gave back.
    seal: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "id": self.id,
            "case": self.case,
            "record": self.record,
            "sha256": self.sha256,
            "person": self.person,
            "way": self.way.value,
            "device": self.device,
            "at": to_text(self.at),
            "by": self.by,
            "picture": self.picture,
            "seal": self.seal,
        }

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> SignatureRecord:
        """Return the signature `as_json` wrote."""
        return cls(**{**body, "way": SigningWay(body["way"]), "at": from_text(body["at"])})


#: The ways in which a signature is entered by itself.
ENTERED = tuple(way for way in SigningWay if way is not SigningWay.STEP)


@value
class SignatureState:
    """A signature, and whether what was signed is still what is there."""

    signature: SignatureRecord
    holds: bool
    #: What is to be said of it besides: why it does not hold, or what could not be compared.
    remark: Message | None = None
    #: Whom they signed for (委托), whose signature it then counts as.
    principal: str | None = None
    #: Of a form: the number of the version that was signed; 0 where no version has those bytes.
    version: int = 0
    #: The bytes that were signed, where they are known.
    content: bytes = b""
    #: The step it was given with waits for more signatures.
    waiting: bool = False
    #: A kept file that was signed, or the picture of the signature, is not as it was kept.
    damaged: bool = False

    @property
    def counts_for(self) -> str:
        """Return whose signature it is."""
        return self.principal or self.signature.person

    @property
    def words(self) -> Message:
        """Return in words whether it holds, and what else is to be said of it."""
        if self.remark is not None:
            return self.remark
        return say("有效") if self.holds else say("已失效：签后内容被改动")

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        more: dict[str, Any] = {"version": self.version} if self.version else {}
        if self.principal:
            more["for"] = self.principal
        if self.remark is not None:
            more["remark"] = str(self.remark)
        return {**self.signature.as_json(), "holds": self.holds, **more}


class SignatureRecords(Protocol):
    """Signatures of cases."""

    def add(self, signature: SignatureRecord) -> None:
        """Store a signature. Raises ConflictError where its id is taken."""
        ...

    def of_case(self, case_id: str) -> list[SignatureRecord]:
        """Return the signatures of a case, in the order in which they were entered."""
        ...


class SealService(Protocol):
    """A service that seals: it is given a digest and gives a seal back. The text itself never leaves."""

    def seal(self, sha256: str) -> str:
        """Return the seal on a digest. Raises OSError where the service cannot be reached."""
        ...

    def holds(self, sha256: str, seal: str) -> bool:
        """Tell whether a seal is of this digest."""
        ...
