"""What is recorded: ``bytes/<scene>.json``, one entry for a command, texts as lists of lines so that they can be read."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from replaying import Outcome
from scenes import HERE

CHANGED = HERE / "changed.yaml"


def read_recorded(scene: str) -> dict[str, Outcome]:
    """Return what is recorded of a scene: id -> outcome."""
    file = _file(scene)
    found = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return {name: outcome_of(body) for name, body in found.items()}


def write_recorded(scene: str, outcomes: Mapping[str, Outcome]) -> None:
    """Record the outcomes of a scene, in the order of its commands."""
    body = {name: as_json(one) for name, one in outcomes.items()}
    _file(scene).write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_changed(file: Path = CHANGED) -> dict[str, dict[str, Any]]:
    """Return the intended changes: id -> ``what``, ``why`` and the new ``bytes``. Raises ValueError where one lacks."""
    found: dict[str, dict[str, Any]] = {}
    for row in yaml.safe_load(file.read_text(encoding="utf-8")) or []:
        if set(row) != {"id", "what", "why", "bytes"} or not row["what"].strip() or not row["why"].strip():
            raise ValueError(f"{file.name}: {row.get('id')}: id, what, why and bytes are wanted")
        if row["id"] in found:
            raise ValueError(f"{file.name}: {row['id']} stands there twice")
        found[row["id"]] = {**row, "bytes": outcome_of(row["bytes"])}
    return found


def write_changed(changed: Mapping[str, Mapping[str, Any]], file: Path = CHANGED) -> None:
    """Write the list of intended changes, its heading kept."""
    heading = "".join(
        line for line in file.read_text(encoding="utf-8").splitlines(keepends=True) if line.startswith("#")
    )
    rows = [{**row, "bytes": as_json(row["bytes"])} for row in changed.values()]
    text = yaml.safe_dump(rows, allow_unicode=True, sort_keys=False, width=10_000)
    file.write_text(heading + text, encoding="utf-8")


def as_json(outcome: Outcome) -> dict[str, Any]:
    """Return plain values; texts are split at the ends of lines, and joined by them are the same bytes."""
    body: dict[str, Any] = {"code": outcome.code}
    for name, text in (("out", outcome.out), ("err", outcome.err)):
        if text:
            body[name] = text.split("\n")
    if outcome.files:
        body["files"] = outcome.files
    return body


def outcome_of(body: Mapping[str, Any]) -> Outcome:
    """Read what `as_json` gave."""
    out, err = ("\n".join(body.get(name, [])) for name in ("out", "err"))
    return Outcome(int(body["code"]), out, err, dict(body.get("files", {})))


def difference(recorded: Outcome | None, seen: Outcome) -> str:
    """Return how what is seen differs from what is recorded, for a person to read; nothing where it does not."""
    if recorded is None:
        return "not recorded"
    if recorded == seen:
        return ""
    parts = [] if recorded.code == seen.code else [f"exit code {recorded.code} -> {seen.code}"]
    for name, before, after in (("stdout", recorded.out, seen.out), ("stderr", recorded.err, seen.err)):
        lines = difflib.unified_diff(
            before.splitlines(), after.splitlines(), f"{name} recorded", f"{name} now", lineterm="", n=1
        )
        parts.extend(lines)
        if before.splitlines() == after.splitlines() and before != after:
            parts.append(f"{name}: only the ends of lines differ: {before[-20:]!r} -> {after[-20:]!r}")
    for name in sorted(recorded.files.keys() | seen.files.keys()):
        before, after = recorded.files.get(name, "not written"), seen.files.get(name, "not written")
        if before != after:
            parts.append(f"file {name}: {before} -> {after}")
    return "\n".join(parts)


def _file(scene: str) -> Path:
    return HERE / "bytes" / f"{scene}.json"
