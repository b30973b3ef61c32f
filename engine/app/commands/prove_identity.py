"""Proving who acts: by a password or a token. Refused attempts are entered in the history ``sign-in``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.app.access.identity_use_case import before_access
from engine.app.access.text_check import why_unfit_person
from engine.app.sign_in import sign_in
from engine.app.sign_in.passwords import PasswordsMissingError
from engine.app.sign_in.sign_in import NotSignedIn, SignedIn

if TYPE_CHECKING:
    from engine.app.services import Services

__all__ = ["NotSignedIn", "PasswordsMissingError", "SignedIn", "prove_by_password", "prove_by_token"]


@before_access("identity.prove")
def prove_by_password(
    services: Services, person: str, password: str, *, origin: str | None = None
) -> SignedIn | NotSignedIn:
    """Sign `person` in with a password; failures count for where it was typed (`origin`) too.

    Raises PasswordsMissingError where the library is not installed.
    """
    if (unfit := why_unfit_person(person)) is not None:
        return NotSignedIn(unfit.message)
    return sign_in.sign_in_with_password(services, person, password, origin=origin)


@before_access("identity.prove")
def prove_by_token(
    services: Services, token: str, *, person: str, origin: str | None = None
) -> SignedIn | NotSignedIn:
    """Sign `person` in with a token of theirs."""
    if (unfit := why_unfit_person(person)) is not None:
        return NotSignedIn(unfit.message)
    return sign_in.sign_in_with_token(services, token, person=person, origin=origin)
