"""Whatever a file holds, a parser gives a value or collected problems, in bounded time; `--soak` tries far more.

What a parser may raise is its own word for "not this file"; anything else fails here, as it would end a command with
a sentence about the program instead of one about the file.
"""

from __future__ import annotations

import io
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mangling import EDITS, VALUES, files, mangled, repacked

import engine
from engine.app.audit.verify_seals import SealFileError, read_outside
from engine.calendars.import_file import read_calendar_year
from engine.calendars.yaml_year import read_local
from engine.definition.expressions import parse_condition, parse_expression
from engine.definition.library import load_files
from engine.definition.resources import forms_dir, workflows_dir
from engine.definition.templates import parse_template
from engine.deployment.home import DeploymentMissingError, read_settings
from engine.draw.commitment import Commitment
from engine.draw.entropy import entropy_problems, parse_code, source_problems
from engine.draw.kit import kit_files, program, read_kit
from engine.draw.log import read_log
from engine.draw.record import DrawRecord, read_result
from engine.draw.refused import DrawRefused
from engine.draw.roster import parse_objects, parse_people
from engine.draw.verification import verify
from engine.kernel.budget import BudgetExceededError, RepeatedKeyError
from engine.kernel.canonical_json import read_canonical
from engine.operations.backup import BackupError, Manifest
from engine.register.import_result import read_register
from engine.register.profile import profile_from
from engine.runtime.channels import open_channels
from engine.runtime.daemon_settings import read_daemon_settings
from engine.runtime.settings import SettingsError
from engine.yamltext.plain import read_plain

sys.path.append(str(Path(__file__).parent.parent / "draw"))
from draw_factories import whole_draw

#: Seconds of the processor no file of this size may cost.
MAX_SECONDS = 10
FEW = settings(
    max_examples=60 if settings().max_examples <= 100 else 5_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)

WORKFLOWS = {path.name: path.read_bytes() for path in sorted(workflows_dir().glob("*.yaml"))}
FORMS = {path.name: path.read_bytes() for path in sorted(forms_dir().glob("*.yaml"))}
YAML = [*WORKFLOWS.values(), *FORMS.values()]
CSV = "统一社会信用代码,企业名称,区县\n91990102MA3W55JQ6H,示例甲有限公司,清河区\n91990102MA3WFR6T21,示例乙有限公司,\n"
KIT = dict(kit_files(whole_draw()))
RECORD = whole_draw().to_json()


@contextmanager
def bounded() -> Iterator[None]:
    began = time.process_time()
    yield
    assert time.process_time() - began < MAX_SECONDS


@contextmanager
def refusing(*kinds: type[Exception]) -> Iterator[None]:
    """Allow these, exactly these and no kind of them, and only with something to say."""
    told = "fine"
    try:
        with bounded():
            yield
    except kinds as problem:
        if type(problem) not in kinds:
            raise
        told = str(problem)
    assert told


def workbook() -> bytes:
    book = openpyxl.Workbook()
    for line in CSV.splitlines():
        book.active.append(line.split(","))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


XLSX = workbook()
CALENDAR = {
    "json": json.dumps(
        {"year": 2026, "papers": [], "days": [{"name": "元旦", "date": "2026-01-01", "isOffDay": True}]}
    ).encode(),
    "csv": "日期,名称,类型\n2026-01-01,元旦,放假\n2026-01-04,元旦,上班\n".encode(),
    "yaml": "year: 2026\nsource: 示例\nholidays:\n  元旦: 2026-01-01..2026-01-03\nworkdays:\n  2026-01-04: 元旦\n".encode(),
}


@FEW
@given(files(*YAML))
def test_yaml(content: bytes) -> None:
    with bounded():
        _value, problems = read_plain(content, "f.yaml")
        assert problems == [] or all(isinstance(one, str) for one in problems)


@settings(FEW, max_examples=FEW.max_examples // 2)
@given(st.sampled_from(sorted(WORKFLOWS)), EDITS)
def test_a_workflow_among_the_others(name: str, edits: list[Any]) -> None:
    # The bureau and the forms it needs stay whole, so that what is deep inside is reached.
    chosen = {"bureau.yaml": WORKFLOWS["bureau.yaml"], "library.yaml": WORKFLOWS["library.yaml"]}
    chosen[name] = mangled(WORKFLOWS[name], edits)
    with bounded():
        loaded = load_files({k: v for k, v in chosen.items() if v is not None})
        for problem in loaded.problems:
            assert problem.line >= 1
            assert problem.column >= 1
            assert str(problem.message)


@FEW
@given(st.sampled_from(sorted(FORMS)), EDITS)
def test_a_form(name: str, edits: list[Any]) -> None:
    with bounded():
        loaded = load_files({name: mangled(FORMS[name], edits)})
        assert all(str(problem.message) for problem in loaded.problems)


EXPRESSIONS = [
    b"form.signed_by | length >= 2 and not case.late", b"actor.id != 'clerk-1'", b"[a for a in b]", b"1 if a else 2",
    b"count(children, state='done') == 3", b"form.day + 3 > today",
]  # fmt: skip


@settings(FEW, max_examples=FEW.max_examples * 3)
@given(files(*EXPRESSIONS))
def test_an_expression_and_a_sentence_with_places(content: bytes) -> None:
    text = content.decode("utf-8", "replace")
    with bounded():
        for parsed in (parse_expression(text, None), parse_condition(text, None)):
            assert (parsed.expression is None) == bool(parsed.faults)
        template, faults = parse_template("{{ " + text + " }} 余", None)
        assert (template is None) == bool(faults)


@FEW
@given(files(CSV.encode(), CSV.encode("gb18030")), st.sampled_from([None, "gbk", "utf8", "klingon"]))
def test_a_register_in_csv(content: bytes, encoding: str | None) -> None:
    register(content, "f.csv", encoding=encoding)


@FEW
@given(files(XLSX))
def test_a_workbook(content: bytes) -> None:
    register(content, "f.xlsx")


@FEW
@given(
    st.sampled_from(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"]),
    EDITS,
)
def test_a_workbook_whose_inside_is_mangled(name: str, edits: list[Any]) -> None:
    register(repacked(XLSX, name, edits), "f.xlsx")


def register(content: bytes, name: str, **how: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        with bounded():
            reading = read_register("objects", path, **how)
            for problem in (*reading.problems, *reading.faults, *reading.notes):
                assert str(problem)


@FEW
@given(files((Path(engine.__file__).parent / "register" / "profiles/objects.yaml").read_bytes()))
def test_a_profile_of_a_register(content: bytes) -> None:
    with bounded():
        profile, problems = profile_from(content, "f.yaml")
        assert (profile is None) == bool(problems)


@FEW
@given(st.sampled_from(sorted(CALENDAR)), st.data())
def test_a_calendar_year(ending: str, data: st.DataObject) -> None:
    content = data.draw(files(CALENDAR[ending]))
    with bounded():
        year, problems = read_calendar_year(f"f.{ending}", content)
        assert (year is None) == bool(problems)
        read_local("f.yaml", content)


SETTINGS = (
    b"database: data/ssj.db\nsynchronous: FULL\nchannels:\n  log: {path: logs/m.jsonl}\n  mail: {host: h, from: a@b.cn}\n"
    b'site: public\nsweep_seconds: 30\nnightly_at: "02:30"\nretry_minutes: [1, 5]\nhealth_port: 8321\n'
)


@settings(FEW, max_examples=FEW.max_examples * 2)
@given(files(SETTINGS))
def test_the_settings(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "settings.yaml"
        path.write_bytes(content)
        found: Mapping[str, Any] = {}
        with refusing(DeploymentMissingError):
            found = read_settings(path)
        with refusing(SettingsError):
            read_daemon_settings(found, Path(folder))
        with refusing(SettingsError):
            open_channels(found.get("channels") or {}, Path(folder), addresses=lambda _: None)


@FEW
@given(st.sampled_from(sorted(set(KIT) - {"verify.py", "verify.html", "PROTOCOL.md"})), EDITS)
def test_a_kit(name: str, edits: list[Any]) -> None:
    kit = {**KIT, name: mangled(KIT[name], edits)}
    with refusing(DrawRefused):
        record, _ = read_kit(kit)
        assert str(verify(record))


@settings(FEW, max_examples=FEW.max_examples // 3)
@given(st.sampled_from(sorted(set(KIT) - {"verify.py", "verify.html", "PROTOCOL.md"})), EDITS)
def test_the_strangers_program(name: str, edits: list[Any]) -> None:
    space: dict[str, Any] = {"__name__": "kit", "__file__": "verify.py"}
    exec(compile(program("verify.py"), "verify.py", "exec"), space)  # noqa: S102 - our own program
    with tempfile.TemporaryDirectory() as folder:
        for other, data in KIT.items():
            content = mangled(data, edits) if other == name else data
            (Path(folder) / other).write_bytes(content)
        with bounded(), redirect_stdout(io.StringIO()) as said:
            assert space["main"]([folder]) in ((0,) if mangled(KIT[name], edits) == KIT[name] else (1, 2))
        assert said.getvalue()


TEXT_PARSERS: dict[str, tuple[Callable[[str], Any], bytes]] = {
    "commitment": (Commitment.from_json, KIT["commitment.json"]),
    "result": (read_result, KIT["result.json"]),
    "log": (lambda text: read_log(text.splitlines()), KIT["log.jsonl"]),
    "canonical": (read_canonical, KIT["result.json"]),
    "objects": (lambda text: parse_objects(text.encode()), KIT["roster.tsv"]),
    "people": (lambda text: parse_people(text.encode()), KIT["inspectors.tsv"]),
    "entropy": (lambda text: entropy_problems(text, ["ssq", "dice:6"], "B1"), b"ssq:2026001:01.05.09.17.22.30+07/dice:012345/batch:B1"),
    "sources": (lambda text: source_problems(text.split(",")), b"ssq,dice:6,dlt"),
    "code": (parse_code, b"ab" * 32),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXT_PARSERS)
def test_texts_of_a_draw(name: str) -> None:
    parse, seed = TEXT_PARSERS[name]

    @FEW
    @given(files(seed))
    def run(content: bytes) -> None:
        # Each says "not this text"; whoever asks turns those of the language into a sentence.
        with refusing(DrawRefused, ValueError, json.JSONDecodeError, BudgetExceededError, RepeatedKeyError):
            parse(content.decode("utf-8", "replace"))

    run()


@FEW
@given(st.sampled_from(sorted(RECORD)), VALUES)
def test_a_record_of_a_draw_in_the_database(name: str, value: Any) -> None:
    with refusing(DrawRefused):
        assert str(verify(DrawRecord.from_json({**RECORD, name: value})))


@FEW
@given(files(b'{"format": "shuangsuiji-seal/1", "seals": [], "heads": [["a", 1, "00"]]}'))
def test_seals_somebody_kept(content: bytes) -> None:
    with refusing(SealFileError):
        read_outside(content)


@FEW
@given(VALUES)
def test_the_manifest_of_a_backup(value: Any) -> None:
    from engine.operations.unpacking import read_manifest

    with tempfile.TemporaryDirectory() as folder:
        import zipfile

        path = Path(folder) / "b.zip"
        with zipfile.ZipFile(path, "w") as package:
            body = value if not isinstance(value, dict) else {"format": "shuangsuiji-backup/1", **value}
            package.writestr("manifest.json", json.dumps(body))
        with refusing(BackupError):
            assert isinstance(read_manifest(path), Manifest)
