"""A made-up time stamping authority, by openssl."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

OPENSSL = shutil.which("openssl")
CONFIG = """
[tsa]
default_tsa = own
[own]
serial = {folder}/serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
[ext]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[req]
distinguished_name = name
[name]
"""


def openssl(*words: object) -> None:
    assert OPENSSL
    subprocess.run([OPENSSL, *map(str, words)], check=True, capture_output=True)


def make_authority(folder: Path) -> Path:
    """Make the keys and certificates of an authority in a folder, or skip the test where there is no openssl."""
    if OPENSSL is None:
        pytest.skip("no openssl on this machine")
    (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder), "utf-8")
    (folder / "serial").write_text("01\n", "utf-8")
    made = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-config", folder / "tsa.cnf")
    for name in ("ca", "other"):
        openssl(
            *(*made, "-extensions", "ca", "-subj", f"/CN={name}"),
            *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
        )
    asked = ("req", "-newkey", "rsa:2048", "-nodes", "-config", folder / "tsa.cnf", "-subj", "/CN=tsa")
    openssl(*asked, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr")
    openssl(
        *("x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "ca.pem", "-CAkey", folder / "ca.key"),
        *("-CAcreateserial", "-days", "3650", "-extfile", folder / "tsa.cnf", "-extensions", "ext"),
        *("-out", folder / "tsa.pem"),
    )
    return folder


def stamped(authority: Path, file: Path) -> Path:
    """Return the time stamp of a file, made as the product says."""
    query, reply = file.with_suffix(".tsq"), file.with_suffix(".tsr")
    openssl("ts", "-query", "-data", file, "-sha256", "-cert", "-out", query)
    openssl(
        *("ts", "-reply", "-queryfile", query, "-config", authority / "tsa.cnf", "-section", "own"),
        *("-signer", authority / "tsa.pem", "-inkey", authority / "tsa.key", "-out", reply),
    )
    return reply
