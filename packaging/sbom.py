"""The bill of materials as CycloneDX 1.5 JSON, from the lock file: python packaging/sbom.py > sbom.json.

The same lock file gives the same bytes: no serial number, no time.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements" / "run.txt"
NAME = "shuangsuiji"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def components(lock: str) -> tuple[list[dict[str, Any]], dict[str, list[str]]]:
    """Return the locked libraries, and for each what it was taken in for."""
    found: list[dict[str, Any]] = []
    wanted_by: dict[str, list[str]] = {}
    via = False
    for line in lock.splitlines():
        if pinned := _PINNED.match(line):
            name, version, marker = pinned[1].lower(), pinned[2], pinned[3]
            found.append({"type": "library", "name": name, "version": version})
            found[-1]["purl"] = found[-1]["bom-ref"] = f"pkg:pypi/{name}@{version}"
            found[-1]["properties"] = [{"name": "marker", "value": marker}] if marker else []
            via = False
        elif file_hash := _HASH.search(line):
            found[-1]["properties"].append({"name": "file:sha256", "value": file_hash[1]})
        elif line.strip().startswith("# via"):
            via = True
            _note(wanted_by, found[-1]["name"], line.strip().removeprefix("# via"))
        elif via and line.strip().startswith("#"):
            _note(wanted_by, found[-1]["name"], line.strip().removeprefix("#"))
    return found, wanted_by


def bill(lock: str, version: str) -> dict[str, Any]:
    """Return the whole bill."""
    found, wanted_by = components(lock)
    own = f"pkg:pypi/{NAME}@{version}"
    refs = {one["name"]: one["bom-ref"] for one in found} | {NAME: own}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for name, parents in wanted_by.items():
        for parent in parents:
            if parent in refs:
                needs[refs[parent]].append(refs[name])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": NAME,
                "version": version,
                "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": found,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in sorted(needs.items())],
    }


def _note(wanted_by: dict[str, list[str]], name: str, text: str) -> None:
    parent = text.strip().split(" ")[0].lower()
    if parent:
        wanted_by.setdefault(name, []).append(parent)


def main() -> None:
    """Write the bill of this source to standard output."""
    version = re.search(r'__version__ = "([^"]+)"', (ROOT / "engine" / "__init__.py").read_text("utf-8"))
    if version is None:
        raise SystemExit("engine/__init__.py names no version")
    json.dump(bill(LOCK.read_text("utf-8"), version[1]), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
