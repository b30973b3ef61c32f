"""Readies a process that will be forked for commands: what the first command of a process works out is there already.

Modules, compiled statements and definitions are remembered by their content alone, so a command says the same with
and without it. Each command is still a process of its own.
"""

from __future__ import annotations

import gc
import io
import tempfile
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path


def warm() -> None:
    """Set a deployment up in a folder that goes away, read every published workflow and run a few commands there."""
    from engine.app.ports.records import CaseFilter
    from engine.deployment.home import find_home
    from engine.deployment.open import open_application

    with tempfile.TemporaryDirectory() as folder:
        home = str(Path(folder) / "bureau")
        _run("init", home, "--sample")
        with (
            closing((application := open_application(find_home(home))).store),
            application.store.read() as found,
        ):
            for workflow in application.definitions.workflows(found):
                application.definitions.latest(found, workflow)
            assert found.cases.find(CaseFilter(), limit=1) == []
        for words in _COMMANDS:
            _run("--home", home, *words.split())
    gc.collect()
    gc.freeze()


_COMMANDS = (
    "case start batch --title x --as leading",
    "case list --as leading",
    "case show batch-1 --as leading",
    "task list --as leading",
    "task show batch-1 --as leading",
)


def _run(*words: str) -> None:
    from engine.cli.main import main

    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main(list(words))
        except SystemExit as done:
            if done.code:
                raise RuntimeError(said.getvalue()) from None
