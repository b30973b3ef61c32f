"""The account of the machine a command runs under."""

from __future__ import annotations

import os
from pathlib import Path


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


def owns(folder: Path) -> bool:
    """Tell whether the account that runs this owns a folder, or is the administrator, and was not lent by `sudo` to others."""
    if not hasattr(os, "geteuid"):
        return True
    owner, lent = folder.stat().st_uid, os.environ.get("SUDO_UID", "")
    if lent.isdecimal() and int(lent) not in (0, owner) and os.geteuid() != 0:
        return False
    return os.geteuid() in (0, owner)
