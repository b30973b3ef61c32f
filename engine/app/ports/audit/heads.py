"""What signed heads need from outside: a key that the database does not hold, and an authority that says what time it is."""

from __future__ import annotations

from typing import Protocol

from engine.language import Message


class HeadSigner(Protocol):
    """Signs with keys that are kept outside the database (Ed25519, RFC 8032)."""

    def holds(self, key: str) -> bool:
        """Tell whether the secret of the public `key` (64 hexadecimal digits) is at hand."""
        ...

    def first_key(self) -> str:
        """Return the public key of the secret at hand; one is made where there is none yet. Raises SignerError."""
        ...

    def sign(self, key: str, text: bytes) -> bytes | None:
        """Return the signature of `text` by the secret of `key`; None where it is not at hand."""
        ...


class SignerError(Exception):
    """A key cannot be read or made; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class TimeStampAuthority(Protocol):
    """Gives time stamps (RFC 3161)."""

    def stamp(self, content: bytes) -> bytes:
        """Return the response of the authority for `content`, in DER, checked as far as it can be. Raises TimeStampError."""
        ...


class TimeStampError(Exception):
    """There is no time stamp; `message` says why. `final`: trying again cannot help."""

    def __init__(self, message: Message, *, final: bool = False) -> None:
        super().__init__(message.text)
        self.message = message
        self.final = final
