"""A draw whose key lies with custodians: nothing is drawn without enough of their shares, and the kit proves that."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from draws_fixtures import BATCH, ZONE
from public_fixtures import PublicDesk, public_copy

from engine.app.draws.v2.custodians import custodians_of, shares_of
from engine.draw.refused import DrawRefused
from engine.draw.v2.randomness.custodians import commit_to, split
from engine.draw.v2.shapes import canonical_bytes

KEY = bytes(range(32))
NAMES = ["公证员", "纪检组", "企业代表"]
SHARES = split(KEY, 2, 3, bytes(range(32, 64)))
LINE = canonical_bytes(commit_to(KEY, NAMES, SHARES, 2)).decode()
CODES = [f"{index}:{share.hex()}" for index, share in enumerate(SHARES, 1)]
#: What a section adds to the shipped files, as the how-to says: file, line after which, line.
ADDED = (
    ("forms/batch_plan.yaml", "  - sources_reason:", "  - custodians: {title: 保管人, optional: true}"),
    (
        "forms/entropy_confirmation.yaml",
        "  - entropy:",
        "  - codes: {title: 保管人份额, type: list, optional: true}",
    ),
    (
        "workflows/batch.yaml",
        "            register_counts: =",
        "            custodians: = forms.batch_plan.custodians",
    ),
    ("workflows/batch.yaml", "          - draw: objects", "            custodian_codes: = form.codes"),
)


@pytest.fixture
def secret(shipped_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> PublicDesk:
    desk = public_copy(shipped_home, tmp_path, datetime(2026, 3, 2, 9, tzinfo=ZONE), monkeypatch)
    for name, after, line in ADDED:
        file = desk.home / name
        lines = file.read_text("utf-8").splitlines()
        place = next(number for number, one in enumerate(lines) if one.startswith(after))
        file.write_text("\n".join([*lines[: place + 1], line, *lines[place + 1 :]]) + "\n", "utf-8")
    desk.done("workflow", "publish", "--as", "leading")
    desk.planned(custodians=LINE)
    desk.committed()
    desk.to_the_day()
    assert desk.type_results().code == 0
    return desk


def test_nothing_is_drawn_without_enough_shares_and_the_kit_verifies(
    secret: PublicDesk, tmp_path: Path
) -> None:
    for codes in (None, CODES[:1], [CODES[0], CODES[0]], [CODES[0], f"2:{SHARES[0].hex()}"], ["nichts"]):
        answers = {"entropy": secret.results(), "seen_original": True, **({"codes": codes} if codes else {})}
        said = secret.step("draw_objects", "witness", answers)
        assert (said.code, secret.case().state) == (1, "entropy_typed"), said.err
        assert not any(share.hex() in said.err for share in SHARES)
    answers = {"entropy": secret.results(), "seen_original": True, "codes": CODES[1:]}
    assert secret.takes("draw_objects", "witness", answers) == "confirming"
    assert [one["name"] for one in secret.draw().shares] == NAMES[1:]
    assert "shares" in [line.kind for line in secret.log().of(secret.draw().name)]
    secret.done("draw", "kit", BATCH, tmp_path / "kit", "--as", "leading")
    program = [sys.executable, str(tmp_path / "kit" / "verify.py"), str(tmp_path / "kit")]
    found = subprocess.run(program, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    result = tmp_path / "kit" / "result.json"
    body = json.loads(result.read_text("utf-8"))
    body["shares"][0]["share"] = SHARES[0].hex()
    result.write_bytes(canonical_bytes(body))
    assert subprocess.run(program, capture_output=True, text=True, check=False).returncode == 1


def test_the_ceremony_asks_for_as_many_shares_as_open_it(secret: PublicDesk) -> None:
    results = [one.partition(":")[2].partition(":")[2] for one in secret.results().split("/")]
    lines = [*results, CODES[0], CODES[2], "y"]
    words = ("draw", "run", BATCH, "--ceremony", "--as", "drawer", "--witness", "witness")
    said = secret.ssj(*words, typed="".join(f"{line}\n" for line in lines))
    assert said.code == 0, said.err
    assert "须交出 2 份" in said.out
    assert not any(share.hex() in said.out + said.err for share in SHARES)
    assert secret.case().state == "confirming"


def test_a_line_and_shares_are_read_as_they_were_printed() -> None:
    assert custodians_of(None) is None
    assert custodians_of("  ") is None
    made = custodians_of(LINE)
    assert made is not None
    assert made["threshold"] == 2
    for line in ("{}", LINE[:-1], LINE.replace("公证员", ""), "公证员"):
        with pytest.raises(DrawRefused, match="保管人一行"):
            custodians_of(line)
    typed = f" １：{SHARES[0].hex().upper()}\n3:{SHARES[2].hex()} "
    read = shares_of(typed, made)
    assert [(one["name"], one["index"], one["share"]) for one in read] == [
        ("公证员", 1, SHARES[0].hex()),
        ("企业代表", 3, SHARES[2].hex()),
    ]
    assert shares_of([{"code": CODES[0]}, {"code": ""}], made) == read[:1]
    assert shares_of(typed, None) == ()
    for code in ("4:" + SHARES[0].hex(), "1", "1:ab", f"0:{SHARES[0].hex()}"):
        with pytest.raises(DrawRefused, match="第 1 份不是保管人的份额"):
            shares_of([code], made)
