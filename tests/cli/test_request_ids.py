"""Every command of the command line that changes something takes a request id; every other one is named here, and why."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.cli import main

#: What changes nothing: it reads a deployment, or works on files alone.
READS = {
    "archive check", "archive due", "archive pack", "archive verify", "case items", "case kit", "case signatures", "document preview", "job list", "job show", "audit check", "audit consistency", "audit head", "audit heads", "audit keys", "audit proof", "audit readings", "audit retention", "audit refused", "audit root", "audit verify",
    "proposal list", "proposal show", "calendar due",
    "calendar show", "case history", "case list", "case show", "case tree", "delegation list", "document list",
    "document render", "document save", "draw chain", "draw forecast", "draw kit", "draw list", "draw select", "draw shares",
    "draw sheet", "draw show", "draw sign-head", "draw slip", "draw tickets", "draw trial", "draw verify", "form check", "form import", "form list",
    "form preview", "form show", "inbox list", "incident list", "incident show", "register diff",
    "register duplicates", "register expiring", "register history", "register list", "register show", "report kpi",
    "exchange list", "exchange show", "exchange check", "exchange fill", "exchange new", "firm search", "firm show",
    "report statistics", "report times", "user sheet",
    "report progress", "report supervision", "site serve", "task calendar", "task draft list", "task draft show", "task list", "task show", "task week",
    "user list", "user show", "user token list", "workflow check", "workflow diagram", "workflow diff",
    "case files", "case save-file", "form print", "inbox kinds", "paper list", "paper series", "paper show",
    "workflow explain", "workflow explore", "workflow export", "workflow fmt", "workflow language-server", "workflow new", "workflow impact", "workflow test", "workflow list", "workflow schema", "workflow show", "workflow simulate", "workflow replay",
}  # fmt: skip
#: What makes a place or keeps it running, and is no command on the data in it; done again it finds what is there.
#: The lost password of the last administrator is set by whoever has the machine: done again it is set again.
#: A new signing key is a file first: broken off and done again it goes on with the same key.
PLACES = {
    "audit new-key",
    "init",
    "demo",
    "serve",
    "web",
    "daemon",
    "job work",
    "doctor",
    "restore",
    "user recover",
}


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))
        elif found is not None:
            yield " ".join((*path, name)), found


def root() -> click.Group:
    (found,) = (value for value in vars(main).values() if isinstance(value, click.Group))
    return found


def takes_request_id(command: click.Command) -> bool:
    return any(parameter.name == "request_id" for parameter in command.params)


def test_what_changes_something_takes_a_request_id() -> None:
    without = {name for name, command in commands(root()) if not takes_request_id(command)}
    assert without == READS | PLACES
