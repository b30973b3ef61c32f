"""The test vectors of the protocol page: the engine, verify.py and verify.html give what they say."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from verifiers import NODE

from engine.draw.tickets import TicketMachine
from engine.draw.v2 import quotas, rosters, sealing, selection, teams
from engine.draw.v2.kit import program
from engine.draw.v2.kit.parts import program as verify
from engine.draw.v2.randomness import calendars, custodians, sources
from engine.draw.v2.shapes import canonical_bytes
from engine.kernel import ed25519

V: dict[str, Any] = json.loads(program("vectors.json"))


def ticket_of(prk: str) -> Any:
    return lambda label: hmac.digest(bytes.fromhex(prk), label.encode() + b"\x01", "sha256").hex()


def test_the_engine_gives_the_vectors() -> None:
    seal = V["seal"]
    key = bytes.fromhex(seal["key"])
    keys = sealing.RowKeys(key, "object")
    assert (keys.lot(seal["id"]), keys.salt(seal["id"])) == (seal["lot"], seal["salt"])
    assert sealing.seal_of(seal["salt"], seal["values"]) == seal["seal"]
    part = V["part"]
    assert sealing.opening_of(part["salt"]) == part["opening"]
    for name, takes_part in (("takes_part", True), ("takes_no_part", False)):
        assert sealing.part_of(part["opening"], takes_part=takes_part) == part[name]
    before = V["quotas_before"]
    assert quotas.quotas(before["rules"], before["strata"]) == before["quotas"]
    assert sealing.root_of(V["root"]["lines"]) == V["root"]["root"]
    assert sealing.root_of([]) == V["root"]["empty"]
    assert sealing.path_of(V["path"]["lines"], V["path"]["place"]) == V["path"]["path"]
    assert quotas.quotas(V["quotas"]["rules"], V["quotas"]["strata"]) == V["quotas"]["quotas"]
    entropy = V["entropy"]
    assert (
        sources.entropy_text(entropy["sources"], entropy["values"], entropy["commitment"], trial=False)
        == entropy["entropy"]
    )
    machine = selection.machine_of(bytes.fromhex(V["ticket"]["code"]), entropy["entropy"])
    assert machine.ticket(V["ticket"]["label"]).hex() == V["ticket"]["ticket"]
    rows = [rosters.PublicRow(lot, "", stratum, eligible) for lot, stratum, eligible in V["select"]["rows"]]
    assert selection.select(V["quotas"]["quotas"], rows, machine) == V["select"]["strata"]
    shares = {one["index"]: bytes.fromhex(one["share"]) for one in V["join"]["shares"]}
    assert custodians.join(shares).hex() == V["join"]["key"]
    signed = V["signature"]
    assert ed25519.verify(
        bytes.fromhex(signed["key"]), signed["text"].encode(), bytes.fromhex(signed["signature"])
    )
    for kind, expected in (("right", False), ("wrong", True)):
        for lottery, year, days in V["calendar"][kind]:
            assert bool(calendars.year_fault(lottery, year, days)) is expected
    given = V["teams"]
    objects = {row.lot: row for row in rosters.parse_objects(given["objects"].encode())}
    people = rosters.parse_people(given["people"].encode())
    found = teams.Teams(given["people_rules"], objects, people, TicketMachine(bytes.fromhex(given["prk"])))
    assert found.assign(given["visits"]) == given["units"]
    salts, line = [person.salt for person in people], V["people_line"]
    for one, text in (
        (given | {"salts": salts}, canonical_bytes(given["units"])),
        (line, line["text"].encode()),
    ):
        made = sealing.key_of_salts(one["salts"])
        assert (made.hex(), sealing.keyed_digest(made, text)) == (one["key"], one["hmac_sha256"])


def test_the_program_of_the_kit_gives_the_vectors() -> None:
    verify.bad.clear()
    assert verify.head(V["root"]["lines"]) == V["root"]["root"]
    place, path = V["path"]["place"], V["path"]["path"]
    assert verify.climb(V["path"]["lines"][place], place, 5, path) == V["root"]["root"]
    for one in (V["quotas"], V["quotas_before"]):
        assert verify.quotas(one["rules"], one["strata"]) == one["quotas"]
    opening = bytes.fromhex(V["part"]["opening"])
    assert [verify.part(opening, True), verify.part(opening, False)] == [
        V["part"]["takes_part"],
        V["part"]["takes_no_part"],
    ]
    entropy = V["entropy"]
    commitment = {"sources": entropy["sources"], "batch_id": "B"}
    assert verify.entropy_of(commitment, entropy["commitment"], entropy["values"], None) == entropy["entropy"]
    ticket = ticket_of(V["ticket"]["prk"])
    assert ticket(V["ticket"]["label"]) == V["ticket"]["ticket"]
    rows = [{"lot": lot, "stratum": stratum, "ok": ok} for lot, stratum, ok in V["select"]["rows"]]
    rules = {"quotas": V["quotas"]["quotas"], "object_rules": {"on_removal": "fill"}}
    assert verify.select(rules, rows, ticket, [])[0] == V["select"]["strata"]
    signed = V["signature"]
    assert verify.signed(
        bytes.fromhex(signed["key"]), signed["text"].encode(), bytes.fromhex(signed["signature"])
    )
    assert not verify.signed(bytes.fromhex(signed["key"]), b"x", bytes.fromhex(signed["signature"]))
    assert all(verify.days_right(*one) for one in V["calendar"]["right"])
    assert not any(verify.days_right(*one) for one in V["calendar"]["wrong"])
    assert verify.bad == []


@pytest.mark.skipif(NODE is None, reason="no node here")
def test_the_page_gives_the_vectors(tmp_path: Path) -> None:
    script = re.search(r"<script>(.*)</script>", program("verify.html").decode(), re.DOTALL)
    assert script is not None
    asks = """
    const V = JSON.parse(require("fs").readFileSync(0, "utf8")), none = () => {};
    const ticket = label => hex(hmac(unhex(V.ticket.prk), join(utf8(label), [1])));
    const rows = V.select.rows.map(([lot, stratum, ok]) => ({lot, stratum, ok}));
    const s = V.signature;
    console.log(JSON.stringify([
      head(V.root.lines) === V.root.root, head([]) === V.root.empty,
      climb(V.path.lines[V.path.place], V.path.place, 5, V.path.path) === V.root.root,
      [V.quotas, V.quotas_before].every(q => same(quotas(q.rules, q.strata, none), q.quotas)),
      hex(openingOf(V.part.salt)) === V.part.opening && partOf(unhex(V.part.opening), true) === V.part.takes_part && partOf(unhex(V.part.opening), false) === V.part.takes_no_part,
      entropyOf({sources: V.entropy.sources, batch_id: "B"}, V.entropy.commitment, V.entropy.values, null, none, []) === V.entropy.entropy,
      ticket(V.ticket.label) === V.ticket.ticket,
      same(select({quotas: V.quotas.quotas, object_rules: {on_removal: "fill"}}, rows, ticket, [], none)[0], V.select.strata),
      signed(unhex(s.key), utf8(s.text), unhex(s.signature)), !signed(unhex(s.key), utf8("x"), unhex(s.signature)),
      sha(unhex(V.people_line.salts.join(""))) === V.people_line.key,
      hex(hmac(unhex(V.teams.key), utf8(canonical(V.teams.units)))) === V.teams.hmac_sha256,
      V.calendar.right.every(([k, y, d]) => daysRight(k, y, d)), !V.calendar.wrong.some(([k, y, d]) => daysRight(k, y, d)),
    ]));
    """
    (tmp_path / "vectors.js").write_text(script[1] + asks, encoding="utf-8")
    run = subprocess.run(
        [str(NODE), str(tmp_path / "vectors.js")],
        input=json.dumps(V),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert json.loads(run.stdout) == [True] * 14


@pytest.mark.parametrize("name", ["PROTOCOL.md", "PROTOCOL.en.md"])
def test_the_page_prints_vectors_that_hold(name: str) -> None:
    page = program(name).decode()
    for value in (
        V["seal"]["seal"],
        V["seal"]["salt"],
        V["part"]["opening"],
        V["part"]["takes_part"],
        V["part"]["takes_no_part"],
        V["root"]["root"],
        V["entropy"]["entropy"],
        V["people_line"]["key"],
        V["people_line"]["hmac_sha256"],
        V["ticket"]["prk"],
        V["ticket"]["ticket"],
    ):
        assert value in page
    assert hashlib.sha256(V["entropy"]["entropy"].encode()).hexdigest()
    for part in V:
        assert f"`{part}`" in page
