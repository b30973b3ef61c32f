"""A token is good for its scopes, and never for what makes other credentials."""

from __future__ import annotations

import pytest
from register_fixtures import CLERK, KEEPER, by, reasons, small_application

from engine.app.access.scopes import never_by_token, scopes, unknown_scopes, why_out_of_scope
from engine.app.access.table import access_table
from engine.app.commands.credentials import (
    NewPassword,
    create_token,
    revoke_token,
    set_password,
    set_sign_in_mode,
)
from engine.app.history.credential import PASSWORD, proven
from engine.app.queries.people.persons import list_people
from engine.app.session.new_case import NewCase


def test_every_word_is_of_the_table() -> None:
    rows = [*access_table()]
    for name, covered in scopes().items():
        for word in covered:
            assert any(row == word or (word.endswith(".") and row.startswith(word)) for row in rows), (
                name,
                word,
            )
    assert never_by_token() <= set(rows)
    assert unknown_scopes(["read", "all", "everything"]) == ["everything"]


@pytest.mark.parametrize("row", sorted(access_table()))
def test_each_row_under_each_scope(row: str) -> None:
    assert why_out_of_scope(row, "anna") is None
    with proven("anna", PASSWORD):
        assert why_out_of_scope(row, "anna") is None
    for name, covered in scopes().items():
        fits = name == "all" or any(
            row == word or (word.endswith(".") and row.startswith(word)) for word in covered
        )
        with proven("anna", "0badcafe", (name,)):
            assert (why_out_of_scope(row, "anna") is None) == (fits and row not in never_by_token())


def test_commands_queries_and_cases_ask() -> None:
    application = small_application()
    with proven(CLERK, "0badcafe", ("read",)):
        assert not hasattr(list_people(application, CLERK), "reasons")
        started = application.start("errand", CLERK, NewCase(title="示例"))
        assert reasons(started) == ["令牌“0badcafe”只能用于 read，不能办理此事"]
        assert reasons(revoke_token(application, by(CLERK), "x")) != []
    with proven(CLERK, "0badcafe", ("registers",)):
        assert reasons(application.advance("errand-1", "finish", CLERK))[0].startswith("令牌")


def test_with_a_token_nobody_makes_tokens_or_sets_passwords() -> None:
    application = small_application()
    with proven(KEEPER, "0badcafe"):
        for outcome in (
            create_token(application, by(), KEEPER),
            create_token(application, by(), CLERK),
            set_password(application, by(), KEEPER, NewPassword("correct horse battery")),
            set_sign_in_mode(application, by(), "trust"),
        ):
            assert "凭令牌不能" in reasons(outcome)[0]
    assert "scopes" not in str(reasons(create_token(application, by(), KEEPER, scopes=("everything",))))
