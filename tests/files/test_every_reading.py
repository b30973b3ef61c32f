"""Each place that opens or parses something goes through `engine.files` within a budget, or stands here with its reason;
and each module that reads is the business of a reader of the fuzz tests, or stands here as well."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from readers import READERS

import engine

ROOT = Path(engine.__file__).parent

#: Methods and functions that open a file, read it whole, or parse what is in it.
METHODS = {"read_bytes", "read_text", "open", "fdopen"}
CALLS = {
    *("json.loads", "json.load", "yaml.load", "yaml.safe_load", "yaml.parse", "yaml.scan", "yaml.compose"),
    *("zipfile.ZipFile", "ZipFile", "tarfile.open", "gzip.open", "csv.reader", "open"),
    *("expat.ParserCreate", "sqlite3.connect"),
}

STDIN = {"sys.stdin.buffer.read", "sys.stdin.read"}

_OURS = "a file of the program itself, or one that is written"
_LOCKS = "opened to be locked, written or measured; nothing is read from it"
_NODES = "the reader of a definition, whose `open` and `read_text` look at nodes and open nothing"
_CELL = "a value the program itself has written: a column of the database, a value it just made"

#: Module -> why it may, where it does not go through `engine.files`.
ALLOWED = {
    "files": "this is where files are opened",
    "kernel.budget": "the one place that parses JSON",
    "yamltext.layout": "scans only what `source` has read within its bounds",
    "yamltext.shape": "parses events only; loads what has been measured",
    "yamltext.resource": _OURS,
    "register.profile_text": "composes what has been measured",
    "register.profile": "profiles that are shipped",
    "synthetic": _OURS,
    "draw.kit.__init__": _OURS,
    "draw.kit.verify": "given away with the kit: it imports nothing of the program",
    "draw.v2.kit": "programs given away with the kit, and the parts they are made of",
    "draw.record": _CELL,
    "app.audit.statements": _CELL,
    "app.audit.heads": _OURS,
    "app.audit.kit.verify_head": "given away: it imports nothing of the program, and reads 100 kB of a file at most",
    "app.audit.verify_rows": _CELL,
    "app.audit.seals": _CELL,
    "app.audit.verify_since": _CELL,
    "app.papers.files_due": _CELL,
    "web.pages.drawing.check": "a zip it makes of the public kit, for a second device",
    "documents.paper.word_file": "a zip it has just made, packed again with fixed times",
    "draw.backends.duckdb": "a roster of any size, read in pieces",
    "runtime.lock": _LOCKS,
    "runtime.channels": "files that are written; the answer of a server is read up to a bound, then parsed",
    "runtime.time_stamps": "the answer of an authority, read up to a bound",
    "deployment.head_key_file": "files that are written",
    "runtime.ticker": "a gate, no file",
    "definition.reader": _NODES,
    "definition.meaning": _NODES,
    "definition.file_discovery": "reads the first bytes of a file",
    "language": "the catalogue of the program, and its source when it is gathered",
    "site.atomic_replace": "files of the site, compared with what is to be in them",
    "site.pages": _OURS,
    "site.build": _OURS,
    "store.sql.file.compacting": "the database of the product, written anew",
    "store.sql.file.file_connection": "the database of the product, opened",
    "store.sql.file.file_place": "the list of mounts of the system",
    "store.sql.kept.kept_statements": _OURS,
    "calendars.kept_years": _OURS,
    "calendars.load": _OURS,
    "definition.compiled.program": _OURS,
    "store.migrations": _CELL,
    "store.sql.schema.of_sqlite": "an empty database in memory",
    "demo.set_up": "a form of the deployment it has just made",
    "app.queries.registers": _CELL,
    "app.sign_in.passwords": _OURS,
    "operations.doctor": _OURS,
    "operations.doctor_running": _OURS,
    "operations.backup": "its own copy of the database; files packed in pieces; the zip it writes",
    "operations.secrets": "the first bytes of a file",
    "operations.unpacking": "files that are written",
    "operations.move_database": "settings that are written; a note of the database",
    "cli.definitions.workflow_check": "standard input, one byte more than a definition may have",
    "cli.console": "the null device, opened to be written",
    "deployment.site_channel": "a zip that is written",
    "documents.archive": "a zip that is written",
    "documents.package.verify": "given away with the package: it imports nothing of the program",
    "documents.package.bag": _OURS,
    "documents.offline.kit": _OURS,
    "documents.thumbnail": "a picture whose size was looked at before",
    "documents.archive_verification": "the file in pieces, for its digest; a zip that is written to be compared",
    "calendars.import_file": "a text that has been measured",
    "exchange.outline": "the first rows of a text that has been measured",
    "exchange.placeholders": "a workbook the bounded pass has gone through; the zip it has measured",
    "exchange.writing": "a zip it has just made, packed again with fixed times",
    "register.confirmation_file": "a text that has been measured",
    # Within bounds of its own, which `tests/register` holds: cells, rows, columns, unpacked bytes.
    "register.sheet": "sheets have bounds of their own: cells, rows, columns, unpacked bytes",
}


def module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def named(module_name: str) -> str | None:
    """Return the entry of the list that speaks of a module, the longest."""
    fits = [key for key in ALLOWED if module_name == key or module_name.startswith(f"{key}.")]
    return max(fits, key=len, default=None)


#: How each of them ends; a module without one of these words calls none of them.
LAST_NAMES = {name.rpartition(".")[2] for name in CALLS | STDIN} | METHODS


def last_name(called: ast.expr) -> str:
    """Return how the name of what is called ends."""
    match called:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def trees(words: set[str]) -> Iterator[tuple[Path, ast.Module]]:
    """Yield the modules in which one of the words stands."""
    standing = re.compile(rf"\b(?:{'|'.join(sorted(words))})\b")
    for path in sorted(ROOT.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if standing.search(source):
            yield path, ast.parse(source)


def readings(tree: ast.Module) -> Iterator[str]:
    """Yield every call that opens or parses."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and last_name(node.func) in LAST_NAMES):
            continue
        called = ast.unparse(node.func)
        if (
            called in CALLS
            or called in STDIN
            or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS)
        ):
            yield f"{called}, line {node.lineno}"


def test_everything_is_read_within_a_budget() -> None:
    wrong, used = {}, set()
    for path, tree in trees(LAST_NAMES):
        if found := list(readings(tree)):
            key = named(module(path))
            used.add(key)
            if key is None:
                wrong[module(path)] = found
    assert wrong == {}
    assert set(ALLOWED) <= used


READING = {"read_file", "read_text", "read_stream", "read_folder", "open_container", "read_json", "read_source", "load_plain", "parse_json"}  # fmt: skip
#: Modules that read, and are no business of the fuzz tests.
UNFUZZED = {
    "deployment.unfinished_year": "the journal the program itself has written; the year is read by `calendars.yaml_year`",
    "app.queries.events": "statements the program itself has written",
    "web.pages.file.evidence": "a kept file, given back as it is and not parsed",
    "cli.draws.anchor": "bytes only: the proof is looked into by `app.draws.anchors`",
    "cli.registers.import_file": "the text of a profile, held against the published one; `register.profile` reads it",
    "web.pages.office.register_import": "the text of a profile, held against the published one; `register.profile` reads it",
    "files.age": "the file of somebody's keys: what looks like one is given to the library, anything else is refused",
    "web.serving": "bytes only: measured, then the library of TLS loads the certificate and the key",
    "files.content_store": "bytes only: they are held against their digest, and nothing is parsed",
    "cli.cases.answers.attachments": "bytes only: `app.papers.files` looks into them",
    "cli.cases.case_files": "bytes only: `kernel.file_types` looks at the first ones",
    "deployment.jobs.handlers": "bytes only: a package that is there already, for its digest",
    "draw.kit.verify": "given away; `test_fuzz_parsers` runs it",
    "draw.v2.kit.parts": "given away with the kit: it imports nothing of the program",
    "runtime.channels.call": "the answer of another system: `test_call` tries bad ones",
    "runtime.channels.webhook": "the answer of a server: `test_error_families` tries bad ones",
    "runtime.time_stamps": "certificates and the answer of an authority: its own test tries bad ones",
    "kernel.budget": "what the readers are made of",
    "yamltext.shape": "what the readers are made of",
    "authoring.language_server.written_names": "a text under the hands of its author, by the reader definitions are read with",
    "exchange.format_check": "the formats that come with the product: `exchange.format_file` reads them",
    "operations.unfinished": "reads through `files.journal`",
}


def test_each_module_that_reads_belongs_to_a_reader_of_the_fuzz_tests() -> None:
    known = {one for reader in READERS.values() for one in reader.modules}
    for one in known:
        assert (ROOT / Path(*one.split("."))).with_suffix(".py").exists(), one
    unknown = []
    for path, tree in trees(READING):
        calls = {node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}  # fmt: skip
        if calls & READING and module(path) not in known and not module(path).startswith(tuple(UNFUZZED)):
            unknown.append(module(path))
    assert unknown == []
