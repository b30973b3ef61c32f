"""The three verifiers of ssj-draw/2 as the tests ask them: verify.py in this process, verify.html under node, verify.pl."""

from __future__ import annotations

import base64
import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.draw.v2.acts import Draw, is_keyed, teams_key
from engine.draw.v2.kit import MANIFEST, PROGRAMS, manifest, program
from engine.draw.v2.kit.parts import program as python_verifier
from engine.draw.v2.log import PublicLog
from engine.draw.v2.shapes import SPEC, canonical_bytes

NODE, PERL = shutil.which("node"), shutil.which("perl")
_HARNESS = """
require("readline").createInterface({input: process.stdin}).on("line", given => {
  const asked = JSON.parse(given), files = {};
  for (const name in asked.files) files[name] = new Uint8Array(Buffer.from(asked.files[name], "base64"));
  console.log(JSON.stringify(verifyKit(files, asked.options)));
});
"""


def bare(kit: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a kit without its programs, which most tests need not hash again and again."""
    return resealed({name: data for name, data in kit.items() if name not in PROGRAMS})


def resealed(kit: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return a kit with its manifest made anew."""
    files = {name: data for name, data in kit.items() if name != MANIFEST}
    return files | {MANIFEST: manifest(files)}


def with_teams(kit: Mapping[str, bytes], draw: Draw) -> dict[str, bytes]:
    """Return a public kit with all teams and replacements in it, as kits before 2026-11-30 held them."""
    if not draw.units:
        return dict(kit)
    log = PublicLog.read(draw.commitment["bureau"], kit["log.jsonl"])
    teams = {
        **({"key": teams_key(draw).hex()} if is_keyed(draw, log) else {}),
        "spec": f"{SPEC} teams",
        "units": list(draw.units),
        "replacements": list(draw.replacements),
        "whys": [],
    }
    return resealed({**kit, "teams.json": canonical_bytes(teams)})


def write(folder: Path, kit: Mapping[str, bytes]) -> Path:
    """Write a kit into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in kit.items():
        (folder / name).write_bytes(data)
    return folder


def python_says(folder: Path, kit: Mapping[str, bytes], *options: str) -> tuple[int, str]:
    """Return exit code and output of verify.py."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        code: int = python_verifier.main(  # type: ignore[no-untyped-call]
            [str(write(folder, kit)), *options]
        )
    return code, said.getvalue()


def node_says(
    folder: Path, kits: Sequence[Mapping[str, bytes]], options: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Return the reports of verify.html, in one process for all kits."""
    assert NODE is not None
    script = re.search(r"<script>(.*)</script>", program("verify.html").decode(), re.DOTALL)
    assert script is not None
    (folder / "verify.js").write_text(script[1] + _HARNESS, encoding="utf-8")
    asked = [
        json.dumps(
            {
                "files": {name: base64.b64encode(data).decode() for name, data in kit.items()},
                "options": dict(options or {}),
            }
        )
        for kit in kits
    ]
    run = subprocess.run(
        [NODE, str(folder / "verify.js")],
        input="\n".join(asked) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def perl_says(folder: Path, kits: Sequence[Mapping[str, bytes]]) -> list[str]:
    """Return the line of verify.pl for every kit, in one process for all."""
    assert PERL is not None
    places = [str(write(folder / f"{number:05}", kit)) for number, kit in enumerate(kits)]
    run = subprocess.run(
        [PERL, str(Path(__file__).with_name("verify.pl")), *places],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return run.stdout.splitlines()
