"""Whether a form is one of ours."""

from __future__ import annotations

import pytest

from engine.web.guards import CONTENT_POLICY, form_token, is_ours

TOKEN = form_token("secret")


@pytest.mark.parametrize(
    ("headers", "token", "ours"),
    [
        ({}, TOKEN, True),
        ({}, "", False),
        ({"origin": "http://h", "host": "h"}, TOKEN, True),
        ({"origin": "http://x", "host": "h"}, TOKEN, False),
        ({"sec-fetch-site": "same-origin"}, TOKEN, True),
        ({"sec-fetch-site": "cross-site"}, TOKEN, False),
        ({}, form_token("another"), False),
        ({}, "字", False),
    ],
)
def test_is_ours(headers: dict[str, str], token: str, ours: bool) -> None:
    assert is_ours(headers, token, TOKEN) is ours


def test_nothing_inline_and_no_token_without_a_secret() -> None:
    assert "unsafe" not in CONTENT_POLICY
    assert form_token("") == ""
    assert not is_ours({}, "", "")
