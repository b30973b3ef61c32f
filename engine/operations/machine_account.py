"""The account of the machine a command runs under."""

from __future__ import annotations

import os


def machine_account() -> str:
    """Return the name of the account, else its number; not what the environment says it is, which anybody can set."""
    try:
        import pwd
    except ModuleNotFoundError:
        # Windows asks the system for it.
        return os.getlogin()
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
