"""Passwords of these tests are cheap to check, and every file may go: what is tried is the order of store calls."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True, scope="module")
def cheap_passwords() -> object:
    with pytest.MonkeyPatch.context() as patched:
        from argon2 import PasswordHasher

        from engine.app.sign_in import passwords

        cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "_hasher", lambda: cheap)
        passwords.nobodys_hash.cache_clear()
        yield
        passwords.nobodys_hash.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def files_may_go() -> object:
    # Which day the time of a file is over is held elsewhere.
    with pytest.MonkeyPatch.context() as patched:
        from engine.app.commands.papers import retention

        patched.setattr(retention, "in_the_way", lambda *_: None)
        yield
