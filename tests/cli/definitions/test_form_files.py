"""The forms commands know: those of a deployment, else the standard ones."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from engine.cli.definitions.form_files import form_named, loaded_of
from engine.cli.exits import CommandError


def test_a_form_is_found_by_its_id_or_the_nearest_is_named(home: Path) -> None:
    with click.Context(click.Command("x"), obj=str(home)) as ctx:
        forms = loaded_of(ctx).forms
    assert form_named(forms, "notice").id == "notice"
    with pytest.raises(CommandError) as wrong:
        form_named(forms, "notise")
    assert "notice" in str(wrong.value.message)
