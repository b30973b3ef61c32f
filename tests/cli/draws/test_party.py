"""``ssj draw sign-head``: on the machine of a party, from files alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from engine.cli.draws.party import sign_head
from engine.draw.v2.heads import head_file, signed_head
from engine.draw.v2.log import PublicLog
from engine.kernel import ed25519

SECRET = bytes(range(32))
LOG = PublicLog("示例局").append(
    "note",
    {"commitment": "0" * 64, "subject": "x", "sha256": "1" * 64},
    datetime(2026, 3, 2, tzinfo=UTC),
    "p",
)


def signed(tmp_path: Path, key: str = SECRET.hex(), head: str | None = None) -> Result:
    (tmp_path / "head.json").write_text(head_file(LOG) if head is None else head, encoding="utf-8")
    (tmp_path / "key.hex").write_text(f"{key}\n", encoding="utf-8")
    words = [str(tmp_path / "head.json"), "--party", "某市公证处", "--key", str(tmp_path / "key.hex")]
    return CliRunner().invoke(sign_head, words)


def test_a_head_is_signed_with_the_key_of_the_file(tmp_path: Path) -> None:
    made = signed(tmp_path)
    assert made.exit_code == 0, made.output
    found = signed_head(made.output.encode())
    assert (found.party, found.size, found.root) == ("某市公证处", 1, LOG.root())
    assert found.key == ed25519.public_key(SECRET).hex()
    text = LOG.head_text(found.party, found.size, found.at).encode()
    assert ed25519.verify(bytes.fromhex(found.key), text, bytes.fromhex(found.signature))
    assert json.loads(made.output)["party"] == "某市公证处"


@pytest.mark.parametrize("key", ["", "00", "x" * 64, SECRET.hex() + "00"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, key: str) -> None:
    made = signed(tmp_path, key)
    assert (made.exit_code, "64 个十六进制数字" in made.output) == (2, True)


def test_a_file_that_is_no_head_is_refused(tmp_path: Path) -> None:
    made = signed(tmp_path, head="{}")
    assert made.exit_code == 1
    assert "Traceback" not in made.output
