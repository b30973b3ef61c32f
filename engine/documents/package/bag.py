"""The layout of a package: BagIt 1.0 (RFC 8493) with manifests whose lines name every file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as package_files

from engine.documents.package import verify
from engine.kernel.file_names import safe_file_name

PROGRAM = "verify.py"
#: The parts of the program, each in the place of the line that imports it here; what of a part goes into it begins after MARK.
PARTS = ("recomputed", "filed_papers", "sentences")
MARK = "# ==== what follows goes into verify.py ====\n"


def bag_of(
    name: str, payload: Mapping[str, bytes], information: Mapping[str, str], index: bytes
) -> dict[str, bytes]:
    """Return the files of a package by name, all in one folder called after the case.

    `payload` are the files below ``data/``, `information` the lines of ``bag-info.txt`` besides the size, `index` the
    first page.
    """
    size = sum(map(len, payload.values()))
    said = {**information, "Payload-Oxum": f"{size}.{len(payload)}"}
    tags = {
        verify.DECLARATION: verify.DECLARED,
        verify.INFO: "".join(f"{key}: {_line(value)}\n" for key, value in sorted(said.items())).encode(),
        verify.MANIFEST: _manifest("sha256", payload),
        "index.html": index,
        PROGRAM: program(),
    }
    lists = {
        verify.SHA256: _manifest("sha256", tags),
        verify.SHA512: _manifest("sha512", tags),
    }
    folder = safe_file_name(name)
    return {f"{folder}/{file}": content for file, content in {**payload, **tags, **lists}.items()}


@cache
def program() -> bytes:
    """Return the bytes of the program in every package: one file, with its parts in the place of what it imports here."""
    here = package_files(__package__)
    lines = here.joinpath(PROGRAM).read_text("utf-8").splitlines(keepends=True)
    imports = {name: f"from {__package__}.{name} import " for name in PARTS}
    first = next(at for at, line in enumerate(lines) if line.startswith(tuple(imports.values())))
    rest = [line for line in lines[first:] if not line.startswith(tuple(imports.values()))]
    parts = [
        here.joinpath(f"{name}.py").read_text("utf-8").split(MARK, 1)[1].strip("\n") + "\n" for name in PARTS
    ]
    return "".join([*lines[:first], "\n\n".join(parts), *rest]).encode()


def _manifest(algorithm: str, files: Mapping[str, bytes]) -> bytes:
    rows = (f"{hashlib.new(algorithm, content).hexdigest()}  {name}\n" for name, content in files.items())
    return "".join(sorted(rows, key=lambda row: row.partition("  ")[2])).encode()


def _line(value: str) -> str:
    """Return a value that stays on its line."""
    return " ".join(value.split())
