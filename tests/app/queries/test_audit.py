"""The audit as it is read: whole histories, roots, proofs."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from bureau_of_sections import Opened, open_sections
from heads_fixtures import Keys

from engine.app.commands import Caller
from engine.app.commands.seal import announce_key, seal, sign_head
from engine.app.daemons.retention import terms
from engine.app.queries.audit import (
    AuditReport,
    Leaf,
    PersonalReading,
    Seal,
    consistency_proof,
    export_seal,
    inclusion_proof,
    list_readings,
    refused_attempts,
    show_coverage,
    show_head,
    show_head_files,
    show_head_list,
    show_head_program,
    show_key_text,
    show_retention,
    show_seal,
    verify_histories,
)
from engine.kernel.append_only_tree import consistent
from engine.kernel.merkle_tree import ProofStep, root_of_proof
from engine.kernel.refusal import Refusal


@pytest.fixture
def opened() -> Opened:
    return open_sections()


def next_of(refusal: object) -> str:
    assert isinstance(refusal, Refusal)
    action = refusal.reasons[0].next
    assert action is not None
    return action.name


def test_before_the_first_seal(opened: Opened) -> None:
    assert next_of(show_seal(opened.services, "anna")) == "seal"
    found = verify_histories(opened.services, "anna")
    assert isinstance(found, AuditReport)
    assert (found.findings, found.first_day) == ((), "-")
    assert next_of(verify_histories(opened.services, "anna", "absent")) == "list_cases"


def test_a_seal_is_of_who_may_and_changes_nothing_that_would_want_another(opened: Opened) -> None:
    assert isinstance(seal(opened.services, Caller("anna")), Refusal)
    made = seal(opened.services, Caller("lena"))
    assert isinstance(made, Seal)
    assert seal(opened.services, Caller("lena")) is None
    with opened.services.store.read() as transaction:
        last = transaction.events.last("seal")
    assert last is not None
    assert last.actor == "lena"
    assert show_seal(opened.services, "anna") == made


def test_a_proof_leads_to_the_root(opened: Opened) -> None:
    made = seal(opened.services, Caller("lena"))
    assert isinstance(made, Seal)
    proof = inclusion_proof(opened.services, "anna", opened.case)
    assert not isinstance(proof, Refusal)
    steps = [ProofStep(one["side"] == "left", one["hash"]) for one in proof["steps"]]
    assert root_of_proof(Leaf(proof["name"], proof["entries"], proof["hash"]).leaf, steps) == made.root
    assert next_of(inclusion_proof(opened.services, "anna", "errand-9")) == "seal_first"


def test_what_outsiders_hold_is_held_against_the_store(opened: Opened) -> None:
    seal(opened.services, Caller("lena"))
    # It names the cases of all sections: those who answer for the whole hand it out.
    assert isinstance(export_seal(opened.services, "anna"), Refusal)
    held = export_seal(opened.services, "lena")
    assert not isinstance(held, Refusal)
    found = verify_histories(opened.services, "anna", None, json.dumps(held).encode())
    assert isinstance(found, AuditReport)
    assert found.findings == ()
    assert next_of(verify_histories(opened.services, "anna", None, b"[]")) == "give_seal_file"


def test_the_history_of_another_section_is_told_to_nobody_who_does_not_see_the_case(opened: Opened) -> None:
    assert seal(opened.services, Caller("lena")) is not None
    for ask in (
        lambda name: verify_histories(opened.services, "bela", name=name),
        lambda name: inclusion_proof(opened.services, "bela", name),
    ):
        found, absent = ask(opened.case), ask("visit-99")
        assert isinstance(found, Refusal)
        assert str(found) == str(absent).replace("visit-99", opened.case)
    assert isinstance(verify_histories(opened.services, "anna", name=opened.case), AuditReport)
    assert isinstance(verify_histories(opened.services, "bela"), AuditReport)


def test_a_head_and_the_proof_that_another_continues_it(opened: Opened) -> None:
    first = show_head(opened.services, "anna")
    assert not isinstance(first, Refusal)
    assert isinstance(seal(opened.services, Caller("lena")), Seal)
    second = show_head(opened.services, "anna")
    assert not isinstance(second, Refusal)
    assert second["size"] > first["size"]
    proof = consistency_proof(opened.services, "anna", first["size"], second["size"])
    assert not isinstance(proof, Refusal)
    old, new = bytes.fromhex(first["root"]), bytes.fromhex(second["root"])
    steps = [bytes.fromhex(one) for one in proof["hashes"]]
    assert consistent(first["size"], second["size"], old, new, steps)
    assert next_of(consistency_proof(opened.services, "anna", 0, 1)) == "show_head"
    assert next_of(consistency_proof(opened.services, "anna", 1, second["size"] + 1)) == "show_head"
    assert isinstance(show_head(opened.services, "nobody"), Refusal)
    written = show_head_program(opened.services, "anna")
    assert isinstance(written, bytes)
    assert written.startswith(b"#!")


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{}", b"{", b'{"size": 1e400, "root": "0", "bureau": "b"}', b'{"head": 1}', b"\xff"]
)
def test_a_file_that_is_no_head_is_refused(opened: Opened, text: bytes) -> None:
    said = verify_histories(opened.services, "lena", since=text)
    assert isinstance(said, Refusal)
    assert str(said.reasons[0].message) == "不是日志头文件"


def test_attempts_that_were_refused_are_told_newest_first(opened: Opened) -> None:
    assert isinstance(seal(opened.services, Caller("anna")), Refusal)
    assert isinstance(seal(opened.services, Caller("bela")), Refusal)
    found = refused_attempts(opened.services, "lena")
    assert not isinstance(found, Refusal)
    assert [one.person for one in found][:2] == ["bela", "anna"]
    assert len(refused_attempts(opened.services, "lena", limit=1)) == 1  # type: ignore[arg-type] # no refusal
    assert refused_attempts(opened.services, "lena", opened.case) == []
    assert next_of(refused_attempts(opened.services, "lena", "absent")) == "list_cases"
    assert isinstance(refused_attempts(opened.services, "anna"), Refusal)


def test_who_was_shown_personal_values_is_told(opened: Opened) -> None:
    with opened.services.store.write() as transaction:
        now = opened.services.clock.now()
        for number, person in enumerate(("anna", "bela", "anna"), 1):
            reading = PersonalReading(
                day="2024-09-02",
                person=person,
                use_case="register.read",
                about=f"objects/{number}",
                at=now + timedelta(minutes=number),
                credential="machine",
                columns=("phone",),
                rows=1,
            )
            transaction.readings.add([reading])
    found = list_readings(opened.services, "lena")
    assert not isinstance(found, Refusal)
    assert [one.about for one in found] == ["objects/3", "objects/2", "objects/1"]
    own = list_readings(opened.services, "lena", "anna", 1)
    assert not isinstance(own, Refusal)
    assert [one.about for one in own] == ["objects/3"]


def test_terms_and_what_verification_covers_are_told(opened: Opened) -> None:
    terms_ = show_retention(opened.services, "lena", {})
    assert not isinstance(terms_, Refusal)
    assert list(terms_) == list(terms({}).values()) != []
    found = show_coverage(opened.services, "anna")
    with opened.services.store.read() as transaction:
        assert found == transaction.statements.tables()


def test_kept_heads_are_given_to_outsiders_with_their_keys(opened: Opened) -> None:
    keys = Keys("one")
    (key,) = keys.secrets
    assert next_of(show_head_files(opened.services, "anna")) == "sign_head"
    before = show_key_text(opened.services, "anna", key)
    assert not isinstance(before, Refusal)
    assert before[0] is None
    assert not isinstance(announce_key(opened.services, Caller("lena"), key), Refusal)
    signed = sign_head(opened.services, Caller("lena"), keys)
    assert not isinstance(signed, Refusal)
    listed = show_head_list(opened.services, "anna")
    assert not isinstance(listed, Refusal)
    assert ([one["key"] for one in listed["keys"]], listed["heads"]) == ([key], [signed])
    files = show_head_files(opened.services, "anna")
    assert not isinstance(files, Refusal)
    assert json.loads(files["heads.json"]) == json.loads(json.dumps(listed))
    assert {"1.checkpoint", "verify_head.py"} <= set(files)
    after = show_key_text(opened.services, "anna", "ab" * 32)
    assert not isinstance(after, Refusal)
    assert (after[0], after[1].decode().splitlines()[-2:]) == (key, [key, "ab" * 32])
