"""What was answered on a case, form by form."""

from __future__ import annotations

from bureau_factories import done
from worklist_factories import paper_bureau

from engine.app.history.replay import history
from engine.app.worklist.answers import answered_forms
from engine.app.worklist.case_view import explain_task


def test_a_form_is_shown_with_who_gave_it_and_when() -> None:
    bureau, case = paper_bureau()
    done(
        bureau.application.advance(
            case,
            "propose",
            "anna",
            {"why": "缘由", "kind": "a", "rows": {"r1": {"answer": "pass"}, "r2": {"answer": "n/a"}}},
            reason="送",
        )
    )
    with bureau.look() as transaction:
        found = explain_task(bureau.application, transaction, bureau.clock.now(), case, None)
        assert found is not None
        again = answered_forms(transaction, found.process, found.case, history(transaction, case))
    assert found.answers == again
    (form,) = again
    assert (form.id, form.by, form.times) == ("proposal", "anna", 1)
    assert [(line.title, line.text) for line in form.lines] == [
        ("缘由", "缘由"),
        ("类别", "甲类"),
        ("字数", "1"),
        ("内容完整", "符合"),
        ("依据准确", "不适用"),
    ]
