"""草稿: kept whatever is in them, for the person alone, until the step is done."""

from __future__ import annotations

from dataclasses import replace

from draft_fixtures import FORM, by, desk, publish, said

from engine.app.commands.drafts.drafts import discard_draft, save_draft
from engine.kernel.instants import to_text
from engine.kernel.refusal import Refusal

WRONG = {"firm": 7, "owed": "三千", "nothing": ["?"]}


def test_a_draft_is_kept_as_it_was_typed() -> None:
    office = desk()
    assert save_draft(office, by("anna"), "anna", "errand-1", "look", WRONG) is True
    with office.store.read() as transaction:
        (kept,) = transaction.drafts.of("anna")
    assert (kept.answers, kept.form, kept.state, kept.version) == (WRONG, "visit", "open", 1)


def test_nobody_saves_or_discards_for_another() -> None:
    office = desk()
    for who in ("bela", "kate"):
        assert said(save_draft(office, by(who), "anna", "errand-1", "look", {})) == [
            "这件事只能由本人（anna）办理"
        ]
        assert isinstance(discard_draft(office, by(who), "anna", "errand-1", "look"), Refusal)


def test_a_step_that_asks_nothing_now_has_no_draft() -> None:
    office = desk()
    for step in ("close", "back", "none"):
        assert "无从存草稿" in said(save_draft(office, by("anna"), "anna", "errand-1", step, {}))[0]
    assert isinstance(save_draft(office, by("anna"), "anna", "errand-7", "look", {}), Refusal)


def test_it_is_gone_when_its_person_has_done_the_step_and_not_before() -> None:
    office = desk()
    for who in ("anna", "bela"):
        save_draft(office, by(who), who, "errand-1", "look", WRONG)
    assert isinstance(office.advance("errand-1", "look", "anna", WRONG), Refusal)
    good = {"firm": "甲", "owed": "1.00"}
    assert not isinstance(office.advance("errand-1", "look", "anna", good, dry_run=True), Refusal)
    with office.store.read() as transaction:
        assert len(transaction.drafts.of("anna")) == 1
    assert not isinstance(office.advance("errand-1", "look", "anna", good), Refusal)
    with office.store.read() as transaction:
        assert transaction.drafts.of("anna") == []
        assert len(transaction.drafts.of("bela")) == 1


def test_discarding_tells_whether_there_was_one() -> None:
    office = desk()
    save_draft(office, by("anna"), "anna", "errand-1", "look", {})
    assert discard_draft(office, by("anna"), "anna", "errand-1", "look") is True
    assert discard_draft(office, by("anna"), "anna", "errand-1", "look") is False


def test_a_draft_of_another_version_is_kept_as_one_of_it() -> None:
    office = desk()
    publish(office.store, office.clock, FORM + "  - more: {title: 补充}\n")  # type: ignore[arg-type] # those of the desk
    with office.store.write() as transaction:
        case = transaction.cases.get("errand-1")
        assert case is not None
        transaction.cases.save(replace(case, version=2, rev=case.rev + 1), case.rev)
    for version, kept in ((1, 1), (2, 2), (None, 2)):
        assert save_draft(office, by("anna"), "anna", "errand-1", "look", {}, version=version) is True
        with office.store.read() as transaction:
            assert transaction.drafts.of("anna")[0].version == kept
    assert "没有表单" in said(save_draft(office, by("anna"), "anna", "errand-1", "look", {}, version=3))[0]
    # What was answered to the form of another version is not taken for an answer to this one.
    good = {"firm": "甲", "owed": "1.00", "more": "无"}
    refused = office.advance("errand-1", "look", "anna", good, dry_run=True, if_version=1)
    assert said(refused) == [
        "您填的是第 1 版流程的表，“errand-1”现在按第 2 版办理，没有办理；请对照现在的表核对"
    ]


def test_a_draft_of_another_window_is_not_replaced_unseen() -> None:
    office = desk()

    def save(answers: dict[str, object], seen: str | None) -> bool | Refusal:
        return save_draft(office, by("anna"), "anna", "errand-1", "look", answers, if_saved_at=seen)

    assert save({"firm": "甲"}, "") is True
    assert "另一个窗口" in said(save({"firm": "乙"}, ""))[0]
    with office.store.read() as transaction:
        (kept,) = transaction.drafts.of("anna")
    assert kept.answers == {"firm": "甲"}
    assert save({"firm": "乙"}, to_text(kept.saved_at)) is True
    assert save({"firm": "丙"}, None) is True


def test_a_check_row_that_is_an_answer_alone_is_kept_in_full() -> None:
    """As whatever reads a draft again expects it; everything else is kept as it was typed."""
    office = desk()
    rows = {"r1": "符合", "r2": {"answer": "不合"}, "r3": 7, "r4": ""}
    given = {"rows": rows, "items": {"it": {"rows": {"r1": "fail"}}, "x": 1}}
    assert save_draft(office, by("anna"), "anna", "errand-1", "look", given) is True
    with office.store.read() as transaction:
        (kept,) = transaction.drafts.of("anna")
    assert kept.answers == {
        "rows": {**rows, "r1": {"answer": "pass"}},
        "items": {"it": {"rows": {"r1": {"answer": "fail"}}}, "x": 1},
    }
