"""What the commands on registers share: which registers there are."""

from __future__ import annotations

import click

#: The same as `engine.register.profile.KINDS` and the ledger, without importing them.
KINDS = click.Choice(("objects", "inspectors", "items", "experts", "people", "visits"))
