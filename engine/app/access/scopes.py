"""What a token is good for: some use cases of the access table, and never the making of other credentials."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from engine.app.history.credential import ALL, credential_of, is_token, scopes_of
from engine.kernel.refusal import NextAction, RefusalReason
from engine.language import say
from engine.yamltext.resource import read_resource

_FILE = Path(__file__).with_name("access.yaml")


@cache
def scopes() -> Mapping[str, tuple[str, ...]]:
    """Return scope -> the use cases it covers; one that ends in a full stop covers all that begin so."""
    return {name: tuple(covered) for name, covered in read_resource(_FILE)["scopes"].items()}


@cache
def never_by_token() -> frozenset[str]:
    """Return the use cases no token is good for."""
    return frozenset(read_resource(_FILE)["never_by_token"])


def unknown_scopes(named: Sequence[str]) -> list[str]:
    """Return the words of `named` that are no scopes."""
    return [name for name in named if name not in scopes()]


def why_out_of_scope(use_case: str, person: str) -> RefusalReason | None:
    """Return why what `person` has proved themselves by is not good for a use case; None where it is, or is no token."""
    credential = credential_of(person)
    if not is_token(credential):
        return None
    if use_case in never_by_token():
        message = say("凭令牌不能设口令、发令牌、改权限或确认提请；请用口令登录办理")
        return RefusalReason("credential", message, next=NextAction("use_password"))
    granted = scopes_of(person)
    if ALL in granted or any(_covers(scope, use_case) for scope in granted):
        return None
    return RefusalReason(
        "credential",
        say("令牌“{id}”只能用于 {scopes}，不能办理此事", id=credential, scopes=list(granted)),
        next=NextAction("list_tokens"),
    )


def _covers(scope: str, use_case: str) -> bool:
    return any(
        use_case == covered or (covered.endswith(".") and use_case.startswith(covered))
        for covered in scopes().get(scope, ())
    )
