"""Reading draws: who may, what is shown, and that reading changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from draws_fixtures import BATCH, CHIEF, CODES, DICE, Desk

from engine.app.queries import draws
from engine.app.queries.draws import DrawSummary, DrawView
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store
from engine.deployment.source import DeploymentSource
from engine.draw.kit import read_kit
from engine.draw.log import head
from engine.draw.verification import verify
from engine.kernel.refusal import NextAction, Refusal

DIGITS = DICE.removeprefix("dice:")


def ask(desk: Desk, name: str, *words: object, viewer: str = "drawer", **named: object) -> Any:
    """Ask one query of the module."""
    source = DeploymentSource(find_home(str(desk.home)), desk.clock)
    try:
        return getattr(draws, name)(source, viewer, *words, **named)
    finally:
        source.store.close()


def refused(answer: Any) -> Refusal:
    assert isinstance(answer, Refusal)
    return answer


def of_another_section(desk: Desk) -> str:
    """Start a batch of a section that is not that of insp-01; return its id."""
    desk.done("case", "start", "batch", "--title", "纪检", "--section", "discipline", "--as", "leading")
    return "batch-2"


def test_draws_are_listed_with_their_counts(desk: Desk) -> None:
    assert ask(desk, "list_draws") == []
    desk.complete()
    with desk.look() as transaction:
        batch = transaction.cases.get(BATCH)
    assert batch is not None
    drawn = len(desk.record().visits)
    assert ask(desk, "list_draws") == [DrawSummary(BATCH, 1, "complete", drawn, batch.title)]


QUERIES: list[tuple[str, tuple[object, ...]]] = [
    ("show_draw", (BATCH,)),
    ("draw_kit", (BATCH,)),
    ("verify_draw", (BATCH,)),
    ("list_anchors", (BATCH,)),
    ("anchor_request", (BATCH,)),
    ("hand_check", (BATCH, "91990102MA3W55JQ6H")),
    ("forecast_draw", (BATCH, 2)),
    ("trial_draw", (BATCH, DIGITS)),
    ("filed_minutes", (BATCH, [])),
]


@pytest.mark.parametrize(
    ("name", "words"), [("list_draws", ()), *QUERIES, ("open_ceremony", (BATCH, "witness"))]
)
def test_nobody_reads_without_being_known(desk: Desk, name: str, words: tuple[object, ...]) -> None:
    assert refused(ask(desk, name, *words, viewer="stranger")).reasons[0].code == "unknown-person"


@pytest.mark.parametrize(("name", "words"), QUERIES)
def test_a_section_reads_its_own_draws_only(desk: Desk, name: str, words: tuple[object, ...]) -> None:
    other = of_another_section(desk)
    answer = refused(ask(desk, name, other, *words[1:], viewer="insp-01"))
    # A draw of another section is answered as one there is not.
    missing = refused(ask(desk, name, "batch-9", *words[1:], viewer="insp-01"))
    assert str(answer.as_json()).replace(other, "batch-9") == str(missing.as_json())
    # A role of the whole bureau sees all sections: for it there is only no draw yet, or no plan, or no minutes.
    whole = ask(desk, name, other, *words[1:], viewer="leading")
    assert not isinstance(whole, Refusal) or whole.reasons[0].code not in ("case", "not-allowed")


def test_the_list_of_a_section_has_its_own_draws(desk: Desk) -> None:
    desk.committed()
    assert ask(desk, "list_draws", viewer="chief-relations") == []
    assert len(ask(desk, "list_draws", viewer=CHIEF)) == 1
    assert len(ask(desk, "list_draws", viewer="leading")) == 1


@pytest.mark.parametrize(("name", "words"), QUERIES)
def test_what_is_not_there_is_said_with_where_to_look(desk: Desk, name: str, words: tuple[Any, ...]) -> None:
    answer = refused(ask(desk, name, "batch-9", *words[1:]))
    assert answer.reasons[0].next in (NextAction("list_draws"), NextAction("list_cases"))
    assert "ssj" not in str(answer)


def test_an_embargoed_draw_is_shown_without_list_and_codes(kept: Desk) -> None:
    drawn = {visit.object_id for visit in kept.drawn_under_embargo().record().visits}
    found = ask(kept, "show_draw", BATCH, viewer="leading")
    assert isinstance(found, DrawView)
    assert found.embargoed
    told = json.loads(kept.done("draw", "show", BATCH, "--json"))
    text = json.dumps({**told, "objects": ""}, ensure_ascii=False) + kept.done("draw", "show", BATCH)
    assert not any(secret in text for secret in (*drawn, *CODES))
    assert told["entropy"] == f"{DICE}/batch:{BATCH}"
    assert "尚未公开" in str(refused(ask(kept, "draw_kit", BATCH)))
    assert "尚未公开" in str(refused(ask(kept, "hand_check", BATCH, next(iter(drawn)))))


def test_a_draw_is_shown_with_what_was_refused(desk: Desk) -> None:
    desk.complete()
    desk.step("commit_draw", "drawer")
    found = ask(desk, "show_draw", BATCH, 1)
    assert found.record == desk.record()
    assert [(one.step, one.actor) for one in found.attempts] == [("commit_draw", "drawer")]


def test_a_kit_has_the_files_of_the_anchors(desk: Desk) -> None:
    desk.committed()
    assert "还没有抽取" in str(refused(ask(desk, "draw_kit", BATCH)))
    text = ask(desk, "anchor_request", BATCH)
    assert f"head: {head(desk.record().log)}\n" in text
    letter = desk.home.parent / "letter.txt"
    letter.write_text(text, "utf-8")
    desk.done("draw", "anchor", BATCH, "--import", letter, "--by", "公证处", "--as", "drawer")
    desk.typed()
    desk.takes("draw_objects", "witness", {"entropy": DICE, "seen_original": True})
    files = ask(desk, "draw_kit", BATCH)
    record, damage = read_kit({name: data for name, data in files.items() if not name.startswith("anchor-")})
    assert (damage, verify(record).ok) == ((), True)
    assert files["anchor-1.text"].decode() == text
    assert [one.by for one in ask(desk, "list_anchors", BATCH)] == ["公证处"]
    filed, report = ask(desk, "verify_draw", BATCH)
    assert (report.ok, report.anchored, len(filed)) == (True, 1, 1)
    head_now = head(desk.record().log)
    assert ask(desk, "verify_draw", BATCH, anchors=[head_now])[1].anchored == len(desk.record().log)


def test_looking_ahead_changes_nothing(desk: Desk) -> None:
    before = desk.events(), desk.events("office")
    found = ask(desk, "forecast_draw", BATCH, 3)
    assert found.simulations == 3
    record = ask(desk, "trial_draw", BATCH, DIGITS)
    assert record.parsed.batch_id == f"TEST-{BATCH}"
    assert (desk.events(), desk.events("office")) == before
    assert ask(desk, "list_draws") == []
    assert "24 位" in str(refused(ask(desk, "trial_draw", BATCH, "1")))
    assert "没有抽取" in str(refused(ask(desk, "forecast_draw", "training-1")))


def test_the_ceremony_is_opened_for_who_will_hold_it(desk: Desk) -> None:
    assert refused(ask(desk, "open_ceremony", BATCH, "witness")).reasons[0].next == NextAction("commit_first")
    desk.committed()
    found = ask(desk, "open_ceremony", BATCH, "witness")
    assert (found.typing, found.drawing) == ("type_entropy", "draw_objects")
    assert refused(ask(desk, "open_ceremony", BATCH, "nobody")).reasons[0].code == "unknown-person"
    assert refused(ask(desk, "open_ceremony", "batch-9", "witness")).reasons[0].next == NextAction(
        "list_cases"
    )


def test_who_may_not_file_minutes_opens_no_ceremony(desk: Desk) -> None:
    desk.committed()
    said = refused(ask(desk, "open_ceremony", BATCH, "witness", viewer="witness"))
    assert [reason.code for reason in said.reasons] == ["not-allowed"]


def test_one_ticket_and_filed_minutes_are_read(desk: Desk) -> None:
    desk.drawn()
    drawn = desk.record().visits[0]
    assert ask(desk, "hand_check", BATCH, drawn.object_id).ticket == drawn.ticket
    desk.done("draw", "minutes", BATCH, "--as", "drawer")
    found = ask(desk, "filed_minutes", BATCH, [f"{BATCH}/1", f"{BATCH}/9"])
    assert [one.id for one in found] == [f"{BATCH}/1"]


def test_where_nobody_is_named_nothing_is_read(desk: Desk) -> None:
    """At ddd8a91 whoever reached the folder read every draw."""
    desk.complete()
    store = open_deployment_store(find_home(str(desk.home)))
    try:
        with store.write() as transaction:
            transaction.settings.put("reader", None)
    finally:
        store.close()
    kit = desk.home.parent / "kit"
    for words in (("list",), ("show", BATCH), ("verify", BATCH), ("kit", BATCH, kit), ("sheet", BATCH, "X")):
        said = desk.ssj("draw", *words)
        assert (said.code, "请写明是谁在查看" in said.err) == (1, True)
        assert desk.ssj("draw", *words[:1], *words[1:], "--as", "stranger").code == 1
    assert not kit.exists()
    for words in (("anchor", BATCH), ("forecast", BATCH), ("trial", BATCH)):
        assert desk.ssj("draw", *words).code == 1
    desk.done("draw", "kit", BATCH, kit, "--as", CHIEF)
    # What lies in files asks nobody.
    desk.done("draw", "verify", kit)


def test_the_list_comes_in_every_format(desk: Desk) -> None:
    desk.complete()
    count = len(desk.record().visits)
    assert desk.done("draw", "list") == f"{BATCH}\t1\tcomplete\t{count}\n"
    assert desk.done("draw", "list", "--format", "csv").splitlines()[1] == f"{BATCH},1,complete,{count}"
    assert desk.ssj("draw", "list", "--json").json() == [
        {"case": BATCH, "number": 1, "status": "complete", "drawn": count}
    ]
    assert "案件" in desk.done("draw", "list", "--format", "table")
