"""The keys heads are signed with: files of the deployment outside its database, which backups leave out.

``secrets/head.key`` holds the secret as 64 hexadecimal digits, mode 600. A new key is first written beside it as
``secrets/head.next.key``; it takes the place of the other once it has been announced.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache

from engine.app.ports.audit.heads import SignerError
from engine.deployment.entropy import SystemEntropy
from engine.deployment.home import Home
from engine.kernel import ed25519
from engine.language import say
from engine.runtime.secret_file import SecretFileError, read_secret

FOLDER = "secrets"
CURRENT, NEXT = "head.key", "head.next.key"
_BYTES = 32


class HeadKeyFile:
    """The key files of one deployment; a `HeadSigner`."""

    def __init__(self, home: Home, entropy: Callable[[str, int], bytes] = SystemEntropy.take) -> None:
        self._folder = home.path / FOLDER
        self._entropy = entropy

    def holds(self, key: str) -> bool:
        """Tell whether the secret of a public key is in one of the files. Raises SignerError where one cannot be read."""
        return self._secret(key) is not None

    def first_key(self) -> str:
        """Return the public key of the file, which is made where there is none. Raises SignerError."""
        return _public(self._read(CURRENT) or self._make(CURRENT))

    def next_key(self) -> str:
        """Return the public key of the file of the next key, which is made where there is none. Raises SignerError."""
        return _public(self._read(NEXT) or self._make(NEXT))

    def take_next(self) -> None:
        """Let the next key, which has been announced, take the place of the other. Raises SignerError."""
        try:
            (self._folder / NEXT).replace(self._folder / CURRENT)
        except OSError as problem:
            raise SignerError(
                say("不能启用“{file}”：{problem}", file=self._folder / NEXT, problem=problem.strerror)
            ) from None

    def sign(self, key: str, text: bytes) -> bytes | None:
        """Return the signature of `text` by the secret of a public key; None where no file holds it. Raises SignerError."""
        secret = self._secret(key)
        return None if secret is None else _signed(secret, text)

    def _secret(self, key: str) -> bytes | None:
        found = (self._read(name) for name in (CURRENT, NEXT))
        return next((one for one in found if one is not None and _public(one) == key), None)

    def _read(self, name: str) -> bytes | None:
        file = self._folder / name
        if not os.path.lexists(file):
            return None
        try:
            secret = bytes.fromhex(read_secret(file))
        except SecretFileError as problem:
            raise SignerError(problem.message) from None
        except ValueError:
            secret = b""
        if len(secret) != _BYTES:
            raise SignerError(say("“{file}”不是签名密钥：应为 64 个十六进制数字", file=file))
        return secret

    def _make(self, name: str) -> bytes:
        secret = self._entropy("head key", _BYTES)
        file = self._folder / name
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            opened = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(opened, "w", encoding="ascii") as stream:
                stream.write(f"{secret.hex()}\n")
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as problem:
            raise SignerError(
                say("不能写入签名密钥“{file}”：{problem}", file=file, problem=problem.strerror)
            ) from None
        return secret


@cache
def _public(secret: bytes) -> str:
    return ed25519.public_key(secret).hex()


def _signed(secret: bytes, text: bytes) -> bytes:
    """Sign by the library where it is installed, whose running time does not depend on the key; the bytes are the same."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError:
        return ed25519.sign(secret, text)
    return Ed25519PrivateKey.from_private_bytes(secret).sign(text)
