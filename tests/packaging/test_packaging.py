"""What is shipped beside the program: the bill of materials, units, the container file."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

from engine import __version__
from tests.hung_run import HUNG

ROOT = Path(__file__).parents[2]


def test_the_bill_names_everything_that_is_locked() -> None:
    made = subprocess.run(
        [sys.executable, ROOT / "packaging/sbom.py"], capture_output=True, text=True, check=True, timeout=HUNG
    ).stdout
    bill = json.loads(made)
    assert (bill["bomFormat"], bill["metadata"]["component"]["version"]) == ("CycloneDX", __version__)
    lock = (ROOT / "requirements/run.txt").read_text("utf-8")
    locked = set(re.findall(r"^([A-Za-z0-9._-]+)==", lock, re.MULTILINE))
    assert {one["name"] for one in bill["components"]} == {name.lower() for name in locked}
    hashes = [p for one in bill["components"] for p in one["properties"] if p["name"] == "file:sha256"]
    assert len(hashes) == lock.count("--hash=sha256:")
    refs = {one["bom-ref"] for one in bill["components"]} | {bill["metadata"]["component"]["bom-ref"]}
    assert len(refs) == len(bill["components"]) + 1
    assert {one["ref"] for one in bill["dependencies"]} == refs
    own = next(d for d in bill["dependencies"] if d["ref"] == bill["metadata"]["component"]["bom-ref"])
    assert any("/click@" in ref for ref in own["dependsOn"])
    assert all(set(one["dependsOn"]) <= refs for one in bill["dependencies"])


@pytest.mark.parametrize("name", ["run", "dev", "audit"])
def test_everything_locked_has_its_hashes_and_no_address(name: str) -> None:
    lock = (ROOT / f"requirements/{name}.txt").read_text("utf-8")
    pinned = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==.*?(?=^\S|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert len(pinned) >= 20
    assert all("--hash=sha256:" in one for one in pinned)
    assert "://" not in lock


def test_units_name_commands_there_are() -> None:
    units = sorted((ROOT / "packaging/systemd").iterdir())
    assert {transaction.name for transaction in units} == {
        "ssj.service",
        "ssj-backup.service",
        "ssj-backup.timer",
    }
    for transaction in units:
        parser = ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str  # type: ignore[method-assign,assignment]
        parser.read(transaction, encoding="utf-8")
        assert "Unit" in parser
        if transaction.suffix == ".service":
            assert parser["Service"]["User"] == "ssj"
            assert parser["Service"]["NoNewPrivileges"] == "true"
    start = (ROOT / "packaging/systemd/ssj.service").read_text("utf-8")
    assert "ssj serve --health-port" in start


def test_the_container_runs_as_nobody_in_particular() -> None:
    text = (ROOT / "packaging/container/Containerfile").read_text("utf-8")
    assert re.search(r"^USER ssj$", text, re.MULTILINE)
    assert "--require-hashes" in text
    assert text.index("USER ssj") < text.index("ENTRYPOINT")
