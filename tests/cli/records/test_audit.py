"""``ssj audit seal``, ``root``, ``proof`` and ``check``: roots that leave the house, and what they show later."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from command_fixtures import called, done, ssj

from engine.cli.records.audit import group
from engine.deployment.home import find_home
from engine.lifecycle.chain import canonical
from engine.operations.backup import database_file


def test_a_root_is_handed_out_and_held_against_the_store(home: Path, tmp_path: Path) -> None:
    assert ssj("audit", "root", home=home).code == 1
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    line = done("audit", "seal", "--as", "leading", home=home).out
    assert len(line.split("\t")) == 4
    assert "不必再封" in done("audit", "seal", "--as", "leading", home=home).err
    held = tmp_path / "held.json"
    assert done("audit", "root", "--export", held, home=home).out == line
    done("case", "start", "batch", "--title", "又一期", "--as", "leading", home=home)
    assert done("audit", "seal", "--as", "leading", home=home).out != line
    assert done("audit", "verify", "--published", held, home=home).out == ""

    done("site", "build", "--as", "leading", home=home)
    public = home / "public/seals.json"
    assert len(json.loads(public.read_bytes())["seals"]) == 2
    assert "seals.json" in (home / "public/check.html").read_text("utf-8")
    assert "seals.csv" in (home / "public/SHA256SUMS").read_text("utf-8")
    assert done("audit", "verify", "--published", public, home=home).out == ""

    with closing(sqlite3.connect(database_file(find_home(str(home))))) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("DELETE FROM event WHERE stream = 'seal'")
        connection.commit()
    said = ssj("audit", "verify", home=home)
    assert said.code == 1
    assert "seal" in said.out
    assert "整体被删除" in said.out
    # Whoever makes the statements anew as well leaves nothing in the database that shows it: what others hold does.
    with closing(sqlite3.connect(database_file(find_home(str(home))))) as connection:
        leave_out_of_statements(connection, "seal")
        connection.commit()
    assert ssj("audit", "verify", home=home).code == 0
    said = ssj("audit", "verify", "--published", public, home=home)
    assert said.code == 1
    assert "封存记录被删除" in said.out


def leave_out_of_statements(connection: sqlite3.Connection, stream: str) -> None:
    """Let the row statements, with hashes that fit, say nothing of a history."""
    found = connection.execute("SELECT position, kind, events, rows FROM row_statement").fetchall()
    for position, kind, events, rows in found:
        kept = canonical([event for event in json.loads(events) if event[0] != stream])
        made = hashlib.sha256(f"{kind}\n{kept}\n{rows}".encode()).hexdigest()
        connection.execute(
            "UPDATE row_statement SET events = ?, hash = ? WHERE position = ?", (kept, made, position)
        )


def test_a_proof_needs_no_deployment(home: Path, tmp_path: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    root = done("audit", "seal", "--as", "leading", home=home).out.split("\t")[1]
    proof = tmp_path / "proof.json"
    proof.write_text(done("audit", "proof", "batch-1", home=home).out, encoding="utf-8")
    assert root in done("audit", "check", proof, "--root", root).out
    assert "证明成立" in done("audit", "check", proof).err
    assert ssj("audit", "check", proof, "--root", "00" * 32).code == 1
    body = json.loads(proof.read_bytes())
    proof.write_text(json.dumps({**body, "hash": "00" * 32}), encoding="utf-8")
    assert "证明不成立" in ssj("audit", "check", proof).err
    for spoilt in ("[]", "{", "{}", '{"steps": 3}'):
        proof.write_text(spoilt, encoding="utf-8")
        assert ssj("audit", "check", proof).code == 1
    assert ssj("audit", "proof", "batch-7", home=home).code == 1
    assert ssj("audit", "root", "--day", "yesterday", home=home).code == 2
    assert ssj("audit", "root", "--day", "2001-01-01", home=home).code == 1


def test_a_file_that_holds_no_seals(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "held.json"
    done("audit", "seal", "--as", "leading", home=home)
    done("audit", "root", "--export", file, home=home)
    body = json.loads(file.read_bytes())
    body["heads"][0][2] = "00" * 32
    for spoilt in ("", "[]", '{"format": "other"}', json.dumps(body)):
        file.write_text(spoilt, encoding="utf-8")
        said = ssj("audit", "verify", "--published", file, home=home)
        assert said.code == 1
        assert said.err


def test_the_commands_themselves(home: Path, tmp_path: Path) -> None:
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    assert called(group, "seal", "--as", "insp-01", home=home).code == 1
    day, root, *_ = called(group, "seal", "--as", "leading", home=home).out.strip().split("\t")
    shown = called(group, "root", "--json", home=home).json()
    assert (shown["day"], shown["root"]) == (day, root)
    proof = tmp_path / "proof.json"
    proof.write_text(called(group, "proof", "batch-1", home=home).out, encoding="utf-8")
    assert called(group, "check", proof, "--root", root).out.split("\t")[2].strip() == root
    assert called(group, "verify", "--json", home=home).json()["findings"] == []
    assert called(group, "verify", "absent", home=home).code == 1


def test_refused_attempts_are_listed(home: Path) -> None:
    assert done("audit", "refused", "--as", "leading", home=home).err == "没有被拒绝的尝试。\n"
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    assert ssj("case", "history", "batch-1", "--as", "clerk-market", home=home).code == 1
    said = done("audit", "refused", "--as", "leading", home=home)
    assert said.out.split("\t")[1:4] == ["clerk-market", "case.read", "batch-1"]
    assert (
        json.loads(done("audit", "refused", "--case", "batch-1", "--json", "--as", "leading", home=home).out)
        == []
    )
    assert ssj("audit", "refused", "--as", "clerk-market", home=home).code == 1


def test_heads_for_a_stranger(home: Path, tmp_path: Path) -> None:
    program, files = tmp_path / "verify_head.py", [tmp_path / name for name in ("old", "new", "proof")]
    done("case", "start", "batch", "--title", "示例期", "--as", "leading", home=home)
    line = done("audit", "head", "--program", program, home=home).out.rstrip("\n").split("\t")
    files[0].write_text(done("audit", "head", "--json", home=home).out, "utf-8")
    done("case", "start", "batch", "--title", "又一期", "--as", "leading", home=home)
    files[1].write_text(done("audit", "head", "--json", home=home).out, "utf-8")
    old, new = (json.loads(file.read_bytes()) for file in files[:2])
    assert line[1:] == [str(old["size"]), old["root"], old["bureau"]]
    files[2].write_text(done("audit", "consistency", old["size"], new["size"], home=home).out, "utf-8")
    run = [sys.executable, "-I", "-S", str(program), *map(str, files)]
    assert subprocess.run(run, capture_output=True).returncode == 0
    run[-3:-1] = reversed(run[-3:-1])
    assert subprocess.run(run, capture_output=True).returncode == 1
    assert ssj("audit", "consistency", new["size"], old["size"], home=home).code == 1
    assert ssj("audit", "head", "--program", program, home=home).code != 0
