"""How `--as` is taken: at its word, or proved. A row of the database, so that no folder somebody names decides it.

What a `settings.yaml` says besides can only ask for more: ``sign_in: required`` there is obeyed, ``trust`` takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.app.ports.store import Transaction

TRUST, REQUIRED = "trust", "required"
MODES = (TRUST, REQUIRED)
#: The setting that holds it.
SETTING = "sign_in"


def sign_in_mode(transaction: Transaction, settings: Mapping[str, Any]) -> str:
    """Return `TRUST` or `REQUIRED`; `settings` are those of the deployment, which can only ask for more."""
    return REQUIRED if REQUIRED in (transaction.settings.get(SETTING), settings.get(SETTING)) else TRUST
