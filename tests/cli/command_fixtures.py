"""Commands as a person at a terminal meets them: arguments, files, exit codes, both streams, the database."""

from __future__ import annotations

import hashlib
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from engine.app.history.journal import add_entry
from engine.app.sign_in.mode import SETTING
from engine.app.sign_in.tokens import STREAM
from engine.cli.exits import CommandError
from engine.cli.main import main
from engine.deployment.clocks import SystemClock
from engine.deployment.home import find_home
from engine.deployment.open import open_deployment_store


@dataclass(frozen=True, slots=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Return the data of a ``--json`` listing."""
        return json.loads(self.out)


def ssj(*words: object, home: Path | None = None) -> Said:
    """Run a command in this process, exit codes of the contract included."""
    named = ["--home", str(home)] if home else []
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
        main([*named, *map(str, words)])
    assert "Traceback" not in err.getvalue()
    return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())


def done(*words: object, home: Path | None = None) -> Said:
    """Run a command that must succeed."""
    said = ssj(*words, home=home)
    assert said.code == 0, said.err
    return said


def called(command: click.Command, *words: object, home: Path | None = None, typed: bytes = b"") -> Said:
    """Run one command object without the entry of the command line, with `typed` as standard input."""
    out, err, code = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), pytest.MonkeyPatch.context() as patched:
        patched.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
        try:
            ended = command.main(
                list(map(str, words)),
                prog_name="ssj",
                standalone_mode=False,
                obj=str(home) if home is not None else None,
            )
            code = ended if isinstance(ended, int) else 0
        except click.ClickException as problem:
            problem.show()
            code = problem.code if isinstance(problem, CommandError) else problem.exit_code
        except SystemExit as left:
            code = int(left.code or 0)
    out.flush()
    out.seek(0)
    return Said(code, out.buffer.read().decode(), err.getvalue())


def put_sign_in_mode(home: Path, mode: str = "required") -> None:
    """Let the deployment ask everybody for a proof, or nobody, whoever has one; entered as the command enters it."""
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.write() as transaction:
            body = {"from": transaction.settings.get(SETTING), "to": mode}
            transaction.settings.put(SETTING, mode)
            add_entry(transaction, SystemClock().now(), "sign-in-mode", "leading", body, STREAM)
    finally:
        store.close()


def state_of(home: Path) -> tuple[object, ...]:
    """Return what a command that changes nothing leaves equal: histories without refusals, registers, own files."""
    store = open_deployment_store(find_home(str(home)))
    try:
        with store.read() as transaction:
            registers = tuple(
                hashlib.sha256(repr(transaction.registers.all(kind)).encode()).hexdigest()
                for kind in ("objects", "inspectors", "items", "experts", "people")
            )
            histories = tuple(
                (stream, event.kind, event.actor, repr(event.body))
                for stream in transaction.events.streams()
                for event in transaction.events.of(stream)
                if event.kind != "refused"
            )
            cases = tuple(transaction.cases.find(_everything(), limit=10_000))
    finally:
        store.close()
    files = tuple(
        (str(path.relative_to(home)), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(home.rglob("*.yaml"))
    )
    return (registers, histories, cases, files)


def _everything() -> Any:
    from engine.app.ports.records import CaseFilter

    return CaseFilter()
