"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from command_fixtures import called

from engine.cli.options import acting, as_json, request_id_option


@click.command()
@acting
def act(person: str, request_id: str | None, dry_run: bool) -> None:
    click.echo(f"{person} {request_id} {dry_run}")


@click.command()
@as_json
@request_id_option
def look(json_output: bool, request_id: str | None) -> None:
    click.echo(f"{json_output} {request_id}")


def test_who_acts_is_needed_and_the_rest_is_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSJ_AS", raising=False)
    assert called(act, "--as", "a", home=home).out == "a None False\n"
    assert called(act, "--as", "a", "--request-id", "r", "--dry-run", home=home).out == "a r True\n"
    assert called(act, home=home).code == 1
    monkeypatch.setenv("SSJ_AS", "b")
    assert called(act, home=home).out == "b None False\n"
    assert called(act, "--as", "a").code == 3, "without a deployment nobody can be proved"


def test_json_and_a_request() -> None:
    assert called(look).out == "False None\n"
    assert called(look, "--json", "--request-id", "r").out == "True r\n"
