"""The parameters of the commands that are paths, and the words of those that write."""

from __future__ import annotations

from collections.abc import Iterator

import click

from engine.cli.main import cli

#: Command and parameter -> its words, PATH where the path goes. What is not here takes no path to write to.
WRITES = {
    "archive pack-year/folder": "archive pack-year inspection 2024 PATH --as archivist",
    "document save-year/folder": "document save-year inspection 2024 PATH --as archivist",
    "archive pack/file": "archive pack batch-1 PATH --as leading",
    "audit head/file": "audit head --program PATH --as leading",
    "audit heads/folder": "audit heads --out PATH --as leading",
    "audit root/file": "audit root --export PATH --as leading",
    "backup/file": "backup PATH --as leading",
    "case kit/file": "case kit batch-1 PATH --as leading",
    "case save-file/file": "case save-file batch-1/F1 PATH --as leading",
    "document preview/file": "document preview notice PATH",
    "document render/file": "document render batch-1 record PATH --as leading",
    "document save/file": "document save batch-1/1 PATH --as leading",
    "form print/file": "form print notice PATH",
    "draw anchor/out": "draw anchor batch-1 --export PATH --as leading",
    "draw kit/directory": "draw kit batch-1 PATH --as leading",
    "draw minutes/directory": "draw minutes batch-1 --out PATH --as leading",
    "draw run/directory": "draw run batch-1 --ceremony --witness witness --out PATH --as leading",
    "draw shares/folder": "draw shares 甲 乙 --threshold 2 --out PATH",
    "draw trial/directory": "draw trial batch-1 --kit PATH --as leading",
    "exchange export/file": "exchange export objects PATH --as leading",
    "exchange fill/file": "exchange fill FILE PATH --as leading",
    "form import/out": "form import FILE --out PATH",
    "register import/skipped": "register import objects FILE --skip-bad --skipped PATH --as leading",
    "task calendar/file": "task calendar --output PATH --as leading",
    "task week/file": "task week --section labour_inspection --html PATH --as leading",
    "workflow explore/save": "workflow explore FILE --save PATH",
    "workflow export/folder": "workflow export PATH --as leading",
}


def parameters() -> Iterator[tuple[str, click.Parameter]]:
    def walk(name: str, command: click.Command) -> Iterator[tuple[str, click.Parameter]]:
        if isinstance(command, click.Group):
            context = click.Context(command)
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                assert found is not None
                yield from walk(f"{name} {below}".strip(), found)
            return
        for parameter in command.params:
            yield f"{name}/{parameter.name}", parameter

    yield from walk("", cli)
