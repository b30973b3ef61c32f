"""The sheet of one ticket, computed with the real openssl; the kit on the public site."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest
from draws_fixtures import Desk


def shell(line: str) -> str:
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
    return done.stdout.split()[-1]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_anybody_computes_a_ticket_with_openssl_alone(desk: Desk) -> None:
    desk.complete()
    record = desk.record()
    assert record.selection is not None
    drawn = {one.object_id: one.ticket for one in record.selection.drawn}
    rows = [line.split("\t") for line in record.objects.decode().splitlines()[1:]]
    loser = next(row[0] for row in rows if row[6] == "1" and row[0] not in drawn)
    winner = next(iter(drawn))
    for object_id, end in ((winner, "抽中。"), (loser, "未抽中。")):
        said = desk.done("draw", "sheet", "batch-1", object_id)
        key_line, ticket_line = (line for line in said.splitlines() if line.startswith("printf"))
        lines = [line.strip() for line in said.splitlines()]
        key = shell(key_line)
        assert key in lines
        ticket = shell(ticket_line.replace("hexkey:KEY", f"hexkey:{key}"))
        assert ticket in lines
        assert next(line for line in lines if line.startswith("随机号") and "中。" in line).endswith(end)
        if object_id == winner:
            assert ticket == drawn[winner]


def test_the_sheet_is_refused_before_the_draw_and_for_strangers(desk: Desk) -> None:
    desk.committed()
    record = desk.record()
    known = record.objects.decode().splitlines()[1].split("\t")[0]
    early = desk.ssj("draw", "sheet", "batch-1", known)
    assert (early.code, "还没有抽取" in early.err) == (1, True)
    unknown = desk.ssj("draw", "sheet", "batch-1", "NOBODY")
    assert (unknown.code, "名册里没有“NOBODY”" in unknown.err) == (1, True)


def test_a_citizen_finds_the_kit_on_the_public_site(desk: Desk, tmp_path: Path) -> None:
    desk.complete()
    desk.done("site", "build", "--as", "leading")
    public = desk.home / "public"
    # Before the draw is published its kit would tell who is drawn.
    assert not list(public.glob("draws/*.kit.zip"))
    desk.step(
        "pass_recusal_check", "witness", {"declared": 0, "declared_excluded": True, "all_trained": True}
    )
    desk.step("dispatch", "chief-labour_inspection")
    desk.done("site", "build", "--as", "leading")
    kit = public / "draws" / "batch-1-1.kit.zip"
    page = next(path for path in public.glob("draw*/*.html") if "kit.zip" in path.read_text(encoding="utf-8"))
    assert 'href="../draws/batch-1-1.kit.zip"' in page.read_text(encoding="utf-8")
    with ZipFile(io.BytesIO(kit.read_bytes())) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "batch-1-1"
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), str(folder)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    first = kit.read_bytes()
    desk.done("site", "build", "--as", "leading")
    assert kit.read_bytes() == first
