"""Every reader of what comes from outside: good files to begin with, how it is called, and what it may raise.

A reader is given the bytes of one file and a folder of its own. It may raise its own word for "not this file" and no
other exception; what it returns is thrown away. `test_fuzz_readers.py` holds that each module that reads is named here.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from small_files import a_backup, a_bag, a_database, a_kit, a_package, a_workbook, sheets_by_hand


def read_confirmations(data: bytes) -> object:
    """Read a file of confirmations."""
    from engine.register.confirmation_file import read_confirmations as read

    return read(data)


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader. `modules` are those of `engine` whose reading it goes through."""

    seeds: Callable[[], list[bytes]]
    read: Callable[[bytes, Path], object]
    allowed: tuple[str, ...]
    modules: tuple[str, ...]
    #: Bytes of the largest input, where the sound files themselves are larger than those of the other readers.
    largest: int = 64 * 1024


def _xlsform(data: bytes, folder: Path) -> None:
    """Import a workbook of XLSForm; what comes of it passes the check."""
    from engine.authoring.xlsform.importing import import_form
    from engine.authoring.xlsform.sheets import XlsFormError
    from engine.cli.definitions.form_import import import_form as command
    from engine.definition.library import load_files

    file = _put(data, folder, "f.xlsx")
    # It ends with 1 when something of the form cannot be said, as in the sound one.
    with suppress(SystemExit):
        command.callback(file, folder / "f.yaml", None, None, "json")  # type: ignore[misc] # a click command
    try:
        made = import_form(data, "f")
    except XlsFormError as problem:
        _sentence(problem)
        return
    assert made.name in load_files({"f.yaml": made.text}).forms


def _exchange(data: bytes, folder: Path) -> None:
    """Read a file as a platform's workbook, as a superior's, and as the example of a new format."""
    from engine.cli.exchange.files import read_bytes
    from engine.exchange.folder import formats_of
    from engine.exchange.outline import known_columns, outline_of
    from engine.exchange.placeholders import fill_workbook
    from engine.exchange.register_rows import read_entries
    from engine.exchange.table_file import ExchangeFileError, read_rows

    data = read_bytes(_put(data, folder, "theirs.xlsx"))
    used = formats_of(folder).formats["objects"]
    for read in (
        lambda: read_entries(used, read_rows(used, data).good, None),
        lambda: fill_workbook(data, {"coverage": "5%"}),
        lambda: outline_of("new", "objects", data, known_columns([used], "objects"), "theirs.xlsx"),
    ):
        with suppress(ExchangeFileError):
            read()


def a_platforms_workbook() -> bytes:
    """Return a workbook of objects with a name to be filled in it."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["统一社会信用代码", "企业名称", "成立日期"],
        ["91990102MA6UF99T6T", "{{coverage}}", "2024-03-05"],
    ):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rename_file(data: bytes, folder: Path) -> None:
    """Read a file of new names for running cases, and the note of versions in a folder that was taken out."""
    from engine.authoring.rename_file import RenameFileError, read_rename_file
    from engine.cli.definitions.workflow_publish import BASE, versions_edited

    try:
        read_rename_file("f.yaml", data, "small")
    except RenameFileError as problem:
        _sentence(problem)
    _put(data, folder, BASE)
    versions_edited(folder)


def _paper_tests(data: bytes, folder: Path) -> None:
    from engine.documents.parts.paper_tests import PaperTestError, read_paper_tests

    try:
        read_paper_tests("papers.yaml", data)
    except PaperTestError as problem:
        _sentence(problem)


def _editor_message(data: bytes, folder: Path) -> None:
    """Read what an editor sends as a stream, and as the body of one message."""
    from engine.authoring.language_server.messages import MessageError, read_message

    for stream in (data, f"Content-Length: {len(data)}\r\n\r\n".encode() + data):
        with suppress(MessageError):
            read_message(io.BytesIO(stream))


def _exchange_format(data: bytes, folder: Path) -> None:
    from engine.exchange.folder import formats_of
    from engine.exchange.format_file import read_format
    from engine.yamltext.problem import as_text

    (folder / "exchange").mkdir(exist_ok=True)
    _put(data, folder / "exchange", "mine.yaml")
    found = formats_of(folder)
    as_text(found.problems, found.texts)
    read_format("mine.yaml", data)


def an_exchange_format() -> bytes:
    """Return a format with a bit of everything."""
    return (
        "exchange: mine\ntitle: 示例\nrows: {cases: visit, forms: [note], where: forms.note.n >= 1, each: case.items}\n"
        "key: [c]\ncolumns:\n  - c: {title: 编号, type: digits, digits: 6, value: case.id, required: true}\n"
        "  - d: {title: 结果, type: list, value: forms.note.result, codes: {a: '1'}, separator: ','}\n"
        "  - e: {title: 日期, type: date, written: slash, by_hand: true}\nchecks:\n  - {that: row.e >= row.c, else: 不对}\n"
    ).encode()


def a_survey() -> bytes:
    """Return a workbook of XLSForm with a bit of everything."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for row in (
        ["type", "name", "label", "required", "relevant", "constraint", "calculation", "choice_filter"],
        ["integer", "n", "人数", "yes", "", ". > 0", "", ""],
        ["begin repeat", "r", "职工", "", "${n} > 1", "", "", ""],
        ["decimal", "owed", "欠薪", "${n} = 2", "", "", "", ""],
        ["end repeat", "", "", "", "", "", "", ""],
        ["calculate", "total", "", "", "", "", "sum(${owed}) div ${n}", ""],
        ["select_one l", "c", "选", "no", "not(${n} = '')", "", "", "a = ${n}"],
    ):
        sheet.append(row)
    choices = book.create_sheet("choices")
    for row in (["list_name", "name", "label", "a"], ["l", "x", "甲", "1"], ["l", "y", "乙", "2"]):
        choices.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sentence(problem: object) -> None:
    """Hold that somebody who is refused is told something."""
    assert str(getattr(problem, "message", problem))


def _put(data: bytes, folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _plain(data: bytes, folder: Path) -> None:
    from engine.cli.cases.answers.typed_answer import typed_answer
    from engine.cli.session import read_answers_file
    from engine.lifecycle.model.form import Field, FieldType
    from engine.yamltext.plain import read_plain

    read_plain(data, "f.yaml")
    for kind in (FieldType.PHOTO, FieldType.CHOICES, FieldType.TEXT):
        asked = Field(name="x", title="问", type=kind, choices={"a": "甲"})
        typed_answer(asked, data.decode("utf-8", "replace"), asked.choices)
    read_answers_file(str(_put(data, folder, "answers.yaml")))


@cache
def _workflow() -> dict[str, bytes]:
    form = "form: small\ntitle: 示例\nfields:\n  - day: {title: 日期, type: date, optional: true}\n  - note: {title: 说明, optional: true}\n"
    flow = (
        "workflow: small\ntitle: 示例\nabout: nothing\ninitial: open\nstates:\n  open:\n    title: 待办\n    for: clerk\n"
        "    deadline: 10 working days\n    remind: [3 working days before]\n  done: {title: 办结, final: true}\ntransitions:\n"
        "  - do: finish\n    title: 办结\n    from: open\n    to: done\n    by: clerk\n    form: small\n    require:\n"
        "      - that: form.note | length >= 2\n        else: 请写明说明\n"
    )
    bureau = "bureau: small\ntitle: 示例局\nroles:\n  clerk: 经办人\nsections:\n  one: 一股\n"
    return {"form.yaml": form.encode(), "flow.yaml": flow.encode(), "bureau.yaml": bureau.encode()}


def _definitions(data: bytes, folder: Path) -> None:
    from engine.definition.library import load_paths
    from engine.yamltext.problem import as_text

    # In the place of the sound one of its kind: of two of one name the later is not looked into.
    kind = data.partition(b":")[0]
    others = {name: content for name, content in _workflow().items() if not content.startswith(kind + b":")}
    loaded = load_paths(
        [_put(content, folder, name) for name, content in {**others, "mine.yaml": data}.items()]
    )
    as_text(loaded.problems, loaded.sources)


_CONDITIONS = (
    "workflow: small\ntransitions:\n  - do: a\n    when: form.count > 3 and not filled(form.note)\n"
    "    require: [{that: \"case.kind in ['x', '说']\", else: 不行}]\n    to: [{b: sum(form.rows, it.n * 2) >= 1/3}, {else: c}]\n"
)


def _condition_rows(data: bytes, _: Path) -> None:
    """Say every condition of a text as rows and in words, and write the first ones anew."""
    from engine.definition.condition_rows.places import conditions_in
    from engine.definition.condition_rows.replacing import NotReplacedError, replaced
    from engine.definition.condition_rows.rows import rows_of, same_expression
    from engine.definition.condition_rows.spoken import spoken
    from engine.yamltext.source import read_source

    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    for number, place in enumerate(conditions_in(read_source("f.yaml", text.encode()).root)):
        spoken(place.text, {})
        rows = rows_of(place.text)
        assert rows is None or same_expression(rows.text, place.text)
        try:
            if number < 3:
                replaced(text, place.node, "form.other == 'y'")
        except NotReplacedError as problem:
            _sentence(problem)


_STORY = (
    "test: small\nstories:\n  - story: 一\n    given: {on: 2024-09-20, parties: {a: 2}}\n    when:\n"
    "      - {do: finish, by: clerk, answers: {note: 甲}, then: {state: done}}\n      - {wait: 3 days}\n  - story: 二\n    begins_with: 一\n    when: []\n"
    "excused: {step.a: 甲}\n"
)


def _stories(data: bytes, folder: Path) -> None:
    from engine.authoring.stories.story import read_stories
    from engine.yamltext.layout import formatted

    once = formatted(data.decode("utf-8", "replace"))
    assert formatted(once) == once
    read_stories(_put(data, folder, "stories.yaml").name, data)


def _register(ending: str) -> Callable[[bytes, Path], None]:
    def read(data: bytes, folder: Path) -> None:
        from engine.register.import_result import read_register

        reading = read_register("objects", _put(data, folder, f"f.{ending}"))
        for problem in (*reading.problems, *reading.faults, *reading.notes):
            assert str(problem)

    return read


def _profile(data: bytes, folder: Path) -> None:
    from engine.register.profile import load_profile

    profile, problems = load_profile(_put(data, folder, "f.yaml"))
    assert (profile is None) == bool(problems)


def _calendar(data: bytes, folder: Path) -> None:
    from engine.app.execution.calendar_change import file_of
    from engine.calendars.import_file import read_calendar_year
    from engine.calendars.load import CalendarFileError, load_calendar

    for ending in ("yaml", "json", "csv"):
        year, problems = read_calendar_year(f"f.{ending}", data)
        assert (year is None) == bool(problems)
    _put(data, folder, "2031.yaml")
    _put(data, folder, "local.yaml")
    file_of(folder, 2031)
    try:
        load_calendar([folder])
    except CalendarFileError as problem:
        _sentence(problem)


def _kit(data: bytes, folder: Path) -> None:
    """`data` is the number of a file, a line, and its content."""
    from engine.draw.kit import KIT_NAMES, read_kit
    from engine.draw.verification import verify
    from engine.files.reading import read_folder
    from engine.kernel.budget import KIT_FILE

    kit = dict(a_kit())
    names = sorted(name for name in kit if not name.startswith(("verify.", "PROTOCOL")))
    kit[names[data[0] % len(names)] if data else names[0]] = data[1:]
    for name, content in kit.items():
        _put(content, folder, name)
    record, _ = read_kit(read_folder(folder, KIT_NAMES, KIT_FILE))
    assert str(verify(record))


def _kit_seeds() -> list[bytes]:
    kit = a_kit()
    names = sorted(name for name in kit if not name.startswith(("verify.", "PROTOCOL")))
    return [bytes([number]) + kit[name] for number, name in enumerate(names)]


def _heads() -> list[bytes]:
    import json

    from engine.draw.v2.heads import head_file, sign_head
    from engine.draw.v2.log import PublicLog

    at = datetime(2026, 3, 2, tzinfo=UTC)
    body = {"commitment": "0" * 64, "subject": "x", "sha256": "1" * 64}
    head = head_file(PublicLog("示例局").append("note", body, at, "p")).encode()
    return [head, json.dumps(sign_head(head, "公证处", bytes(32), at).as_json()).encode()]


def _head(data: bytes, _: Path) -> None:
    from engine.draw.refused import DrawRefused
    from engine.draw.v2.heads import sign_head, signed_head

    try:
        signed_head(data)
    except DrawRefused as refused:
        _sentence(refused)
    sign_head(data, "公证处", bytes(32), datetime(2026, 3, 2, tzinfo=UTC))


def _held_heads() -> list[bytes]:
    head = {"size": 3, "root": "0" * 64, "bureau": "示例局"}
    return [_json(head), _json({"head": head, "signature": "1" * 128})]


def _held_head(data: bytes, _: Path) -> None:
    from engine.app.queries.audit import _held_head
    from engine.kernel.budget import JSON_ERRORS

    try:
        _held_head(data)
    except JSON_ERRORS:
        raise ValueError("no head") from None


def _draw_texts(data: bytes, folder: Path) -> None:
    from engine.draw.commitment import Commitment
    from engine.draw.refused import DrawRefused
    from engine.draw.roster import parse_objects, parse_people
    from engine.draw.tickets import read_labels
    from engine.files.reading import read_text
    from engine.kernel.budget import KIT_FILE

    for parse in (parse_objects, parse_people, read_labels):
        try:
            parse(data)
        except DrawRefused as refused:
            _sentence(refused)
    Commitment.from_json(read_text(_put(data, folder, "commitment.json"), KIT_FILE))


def _archive(data: bytes, folder: Path) -> None:
    from engine.documents.archive_verification import verify_package

    for problem in verify_package(_put(data, folder, "f.zip")):
        _sentence(problem)


def _destroyed(data: bytes, _: Path) -> object:
    from engine.app.registers.forgetting import read_list

    return read_list(data.decode())


def _carried_form(data: bytes, _: Path) -> object:
    from engine.web.forms.unsent import unpacked

    return unpacked(data.decode())


def _offline_record(data: bytes, folder: Path) -> None:
    from engine.documents.offline.record import OfflineRecordError, read_record

    try:
        read_record(data)
    except OfflineRecordError as problem:
        _sentence(problem)


def _pictures(data: bytes, folder: Path) -> None:
    from engine.app.papers.facts import PaperRefusedError
    from engine.app.papers.files import type_of
    from engine.files.pictures import PictureError, camera_data, without_metadata

    camera_data(data)
    for name in ("a.jpg", "a.png", "a.docx"):
        try:
            type_of(data, name)
        except PaperRefusedError as problem:
            _sentence(problem)
    try:
        without_metadata(data)
    except PictureError:
        return


def _backup(data: bytes, folder: Path) -> None:
    from engine.operations.backup import _is_backup
    from engine.operations.restore import verify_backup

    # With the digest at the end mended, nearly always: else everything is refused at it, and nothing behind it reached.
    if len(data) % 8 and len(data) > 64:
        data = data[:-64] + hashlib.sha256(data[:-64]).hexdigest().encode()
    file = _put(data, folder, "f.zip")
    _is_backup(file)
    verify_backup(file)


def _database(data: bytes, folder: Path) -> None:
    """A backup that is sound but for the database in it."""
    from engine.operations.restore import verify_backup

    file = folder / "f.zip"
    with zipfile.ZipFile(io.BytesIO(a_backup())) as old, zipfile.ZipFile(file, "w") as new:
        body = json.loads(old.read("manifest.json"))
        body["files"]["database.sqlite"] = [len(data), hashlib.sha256(data).hexdigest()]
        body["whole"] = False
        for name in old.namelist():
            new.writestr(
                name, {"database.sqlite": data, "manifest.json": _json(body)}.get(name, old.read(name))
            )
    verify_backup(file)


_SETTINGS = (
    b"database: data/ssj.db\nsynchronous: FULL\nchannels:\n  log: {path: logs/m.jsonl}\n  mail: {host: h, from: a@b.cn}\n"
    b"  robot: {type: webhook, url: 'https://example.cn/x?token=1'}\n"
    b'site: public\nsweep_seconds: 30\nnightly_at: "02:30"\nretry_minutes: [1, 5]\nhealth_port: 8321\nsign_in: trust\n'
)


def _api_body(data: bytes, _: Path) -> None:
    import json

    from engine.web.api.gate import read_body
    from engine.web.visit import Answer

    found = read_body({"content-type": "application/json"}, data)
    if isinstance(found, Answer):
        _sentence(json.loads(found.body)["title"])


def _settings(data: bytes, folder: Path) -> None:
    from engine.deployment.home import DeploymentMissingError, Home, read_settings
    from engine.operations.move_database import MoveError, name_database
    from engine.operations.secrets import without_secrets
    from engine.runtime.channels import open_channels
    from engine.runtime.daemon_settings import read_daemon_settings
    from engine.runtime.settings import SettingsError

    without_secrets(data.decode("utf-8", "replace"))
    file = _put(data, folder, "settings.yaml")
    try:
        found = read_settings(file)
    except DeploymentMissingError as problem:
        _sentence(problem)
        return
    for work in (
        lambda: read_daemon_settings(found, folder),
        lambda: open_channels(found.get("channels") or {}, folder, addresses=lambda _: None),
        lambda: name_database(Home(folder, found), "data/other.db"),
    ):
        try:
            work()
        except (SettingsError, MoveError) as wrong:
            _sentence(wrong)


def _template(data: bytes, folder: Path) -> None:
    from engine.documents.render import RenderError, render
    from engine.documents.template_folder import read_texts, template_titles

    _put(data, folder, "f.html")
    _put(data, folder, "f.txt")
    try:
        render("f", {"title": "示例", "rows": [{"a": 1}] * 5, "today": "2024-01-01"}, [folder])
    except RenderError as problem:
        _sentence(problem)
    read_texts([folder])
    template_titles([folder])


_DUTIES = (
    "powers:\n  - 劳动保障监察条例 第十条、第十一条第二款\n  - 社会保险法 第七十七条\n"
    "cooperation:\n  - {power: 劳动保障监察条例 第十条, assistance: 劳动保障监察条例 第六条}\n"
    "duties:\n  - {breach: 劳动合同法 第十条、第十四条；劳动法 第十六条, order: 劳动合同法 第八十二条, otherwise: 劳动保障监察条例 第三十条}\n"
    "  - {breach: 社会保险法 第五十八条, refer: 社会保险费征收机构}\n"
)


def _duties(data: bytes, folder: Path) -> None:
    from engine.documents.duties import duties_of

    found = duties_of("duties.yaml", data)
    cited = [f"{law} 第一条" for law, _ in [*found.answers, *found.powers]][:50]
    for basis in cited:
        found.owed(basis), found.empowering(basis)
    found.order(cited), found.otherwise(cited)


def _expression(data: bytes, folder: Path) -> None:
    from engine.definition.expressions import parse_condition, parse_expression
    from engine.definition.templates import parse_template

    text = data.decode("utf-8", "replace")
    for parsed in (parse_expression(text, None), parse_condition(text, None)):
        assert (parsed.expression is None) == bool(parsed.faults)
    template, faults = parse_template("{{ " + text + " }} 余", None)
    assert (template is None) == bool(faults)


def _seals(data: bytes, folder: Path) -> None:
    from engine.app.audit.verify_seals import SealFileError, read_outside
    from engine.cli.exits import CommandError
    from engine.cli.records.audit import check

    try:
        read_outside(data)
    except SealFileError as problem:
        _sentence(problem)
    try:
        check.callback(_put(data, folder, "proof.json"), None)  # type: ignore[misc] # a click command
    except CommandError as wrong:
        _sentence(wrong)


def _own_notes(data: bytes, folder: Path) -> None:
    from engine.demo.run_state import _read
    from engine.deployment.home import Home
    from engine.deployment.own_database import HOME_ID, id_of
    from engine.deployment.set_up import FolderNotEmptyError
    from engine.files.journal import read_journal
    from engine.operations.exchange import finish

    (folder / "data").mkdir(exist_ok=True)
    _put(data, folder, "data/demo.json")
    try:
        _read(folder)
    except FolderNotEmptyError as problem:
        _sentence(problem)
    place = folder / "bureau"
    _put(data, folder, HOME_ID)
    id_of(Home(folder))
    journal = _put(data, folder, ".bureau.ssj-restore.json")
    read_journal(journal)
    finish(place)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


_ANSWERS = [
    "企业名称: 示例甲有限公司\n日期: 2024-06-30\n人员: [insp-01, insp-02]\n情况:\n  说明: |\n    两行\n    文字\n".encode(),
    _json(
        {"企业名称": "示例甲有限公司", "人员": ["insp-01", "insp-02"], "内层": {"a": [1, True, None, "x"]}}
    ),
]
_CSV = "统一社会信用代码,企业名称,区县\n91990102MA3W55JQ6H,示例甲有限公司,清河区\n91990102MA3WFR6T21,示例乙有限公司,\n"
_CALENDARS = [
    _json({"year": 2031, "papers": [], "days": [{"name": "元旦", "date": "2031-01-01", "isOffDay": True}]}),
    "日期,名称,类型\n2031-01-01,元旦,放假\n2031-01-04,元旦,上班\n".encode(),
    "year: 2031\nsource: 示例\nholidays:\n  元旦: 2031-01-01..2031-01-03\nworkdays: [2031-01-04]\n".encode(),
    "closures: {2031-03-03: 停电检修}\nopenings: {2031-03-08: 补班}\n".encode(),
]
_SEALS = [
    _json({"format": "shuangsuiji-seal/1", "seals": [], "heads": [["a", 1, "00"]]}),
    _json(
        {
            "format": "shuangsuiji-proof/1",
            "name": "case-1",
            "entries": 3,
            "hash": "ab" * 32,
            "steps": [{"side": "left", "hash": "cd" * 32}],
            "seal": {"root": "ef" * 32},
        }
    ),
]
_TEMPLATES = [
    b"<p>{{ title }}</p>{% for row in rows %}<b>{{ row.a | default('') }}</b>{% endfor %}\n",
    b"{% macro m(x) %}{{ x | upper }}{% endmacro %}{{ m(title) }}{% if today > '2023' %}{{ today[:4] }}{% endif %}",
    "# 说明\n第一行\n第二行\n".encode(),
]
_EXPRESSIONS = [
    b"form.signed_by | length >= 2 and not case.late", b"actor.id != 'clerk-1'", b"count(children, state='done') == 3",
    b"form.day + 3 > today", b"a.b.c", b"(1 + 2) * 3 <= form.n",
]  # fmt: skip
_RENAMES = [
    b"migrate: small\nstates: {open: waiting}\nfields:\n  small: {note: remark}\nvalues:\n  small.note: {a: b}\n",
    _json({"small": 3}),
]
_PAPER_TESTS = (
    "papers: standard\nnever: [待核对]\nexample: {day: 2026-03-05, title: 示例, subject: {id: a}}\nkinds:\n  notice:\n    workflow: small\n"
    "    parts:\n      名称: {title: 通知, basis: 示例}\n    answers: {note: 甲}\n    papers: [notice]\n"
).encode()
_EDITOR_MESSAGE = _json(
    {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"rootUri": "file:///a"}}
)
_DRAW_TEXTS = [b"A-1\nA-2\nA-3\n"]


def _profiles() -> list[bytes]:
    import engine

    folder = Path(engine.__file__).parent / "register" / "profiles"
    return [
        b"register: objects\ncolumns: {}\nheaders:\n  \xe4\xbc\x81\xe4\xb8\x9a: name\nignore: [x]\n",
        (folder / "items.yaml").read_bytes(),
    ]


def _drawn() -> list[bytes]:
    kit = a_kit()
    return [*_DRAW_TEXTS, kit["commitment.json"], kit["roster.tsv"], kit["inspectors.tsv"]]


#: Exceptions that are the reader's own word for "not this file", shown to people as a sentence.
_SENTENCES = ("BudgetExceededError", "RepeatedKeyError", "CommandError")

READERS: dict[str, Reader] = {
    "answers": Reader(lambda: _ANSWERS, _plain, _SENTENCES, ("yamltext.plain", "yamltext.source", "cli.session")),
    "definitions": Reader(
        lambda: list(_workflow().values()), _definitions, (), ("definition.library", "yamltext.source")
    ),
    "condition rows": Reader(
        lambda: [_CONDITIONS.encode()],
        _condition_rows,
        (),
        ("definition.condition_rows.replacing", "web.pages.studio.conditions"),
    ),
    "stories": Reader(
        lambda: [_STORY.encode()],
        _stories,
        ("StoryError",),
        (
            "authoring.stories.story",
            "yamltext.layout",
            "cli.definitions.workflow_test",
            "cli.definitions.workflow_authoring",
            "definition.file_discovery",
            "web.pages.studio.stories",
        ),
    ),
    "rename file": Reader(
        lambda: _RENAMES,
        _rename_file,
        ("CommandError", "BudgetExceededError"),
        ("cli.definitions.workflow_migrate", "cli.definitions.workflow_publish"),
    ),
    "paper tests": Reader(lambda: [_PAPER_TESTS], _paper_tests, (), ("documents.parts.paper_tests",)),
    "editor messages": Reader(
        lambda: [_EDITOR_MESSAGE, b"Content-Length: 2\r\n\r\n{}"], _editor_message, (), ("authoring.language_server.messages",)
    ),
    "csv": Reader(
        lambda: [_CSV.encode(), _CSV.encode("gb18030")], _register("csv"), (), ("register.sheet.open_table", "register.sheet.csv_table")
    ),
    "workbook": Reader(
        lambda: [a_workbook(), *sheets_by_hand("xlsx")], _register("xlsx"), (), ("register.sheet.open_table", "register.sheet.book.container")
    ),
    "exchange": Reader(
        lambda: [a_platforms_workbook(), "统一社会信用代码,企业名称\n1,甲\n".encode()],
        _exchange,
        ("CommandError",),
        ("cli.exchange.files", "exchange.folder"),
    ),
    "exchange format": Reader(
        lambda: [an_exchange_format()], _exchange_format, (), ("exchange.format_file",)
    ),
    "xlsform": Reader(
        lambda: [a_survey()], _xlsform, ("CommandError",), ("authoring.xlsform.sheets", "cli.definitions.form_import")
    ),
    "ods": Reader(lambda: sheets_by_hand("ods"), _register("ods"), (), ("register.sheet.book.ods",)),
    "xls": Reader(lambda: sheets_by_hand("xls"), _register("xls"), (), ("register.sheet.book.compound_file",)),
    "web page": Reader(lambda: sheets_by_hand("html"), _register("xls"), (), ("register.sheet.html_table",)),
    "confirmations": Reader(
        lambda: ["编号,列,值,理由\nX1,电话,1,核对过\n".encode(), b"id,column,value,reason\na,b,c,d\n"],
        lambda data, _: read_confirmations(data), (), ("register.confirmation_file", "cli.registers.confirming"),
    ),
    "profile": Reader(_profiles, _profile, (), ("register.profile", "register.profile_text", "yamltext.shape")),
    "calendar": Reader(
        lambda: _CALENDARS,
        _calendar,
        _SENTENCES,
        (
            *("calendars.import_file", "calendars.load", "calendars.yaml_year", "app.execution.calendar_change"),
            *("cli.system.calendar_import",),
        ),
    ),
    "kit": Reader(_kit_seeds, _kit, ("DrawRefused",), ("draw.kit.__init__", "cli.draws.offline", "files.reading")),
    "heads of the log": Reader(
        _heads, _head, ("DrawRefused",), ("draw.v2.heads", "cli.draws.party")
    ),
    "head held outside": Reader(_held_heads, _held_head, ("ValueError",), ("app.queries.audit",)),
    "draw texts": Reader(
        _drawn,
        _draw_texts,
        ("DrawRefused", "BudgetExceededError", "RepeatedKeyError", "UnicodeDecodeError"),
        ("cli.draws.select", "kernel.canonical_json"),
    ),
    "list of what is destroyed": Reader(
        lambda: [_json({"subject": "inspectors/i-1", "until": "2027-01-01T00:00:00Z"}) + b"\n"],
        _destroyed,
        ("DamagedListError", "UnicodeDecodeError"),
        ("app.registers.forgetting",),
    ),
    "carried form": Reader(
        lambda: [_json({"address": "/cases/a-1", "texts": {"q.a": ["1"]}, "again": False, "files": ["a.pdf"]})],
        _carried_form,
        ("UnicodeDecodeError",),
        ("web.forms.unsent",),
    ),
    "duties": Reader(
        lambda: [_DUTIES.encode()],
        _duties,
        ("DutyFileError",),
        ("documents.duties",),
    ),
    "offline record": Reader(
        lambda: [_json({"format": "ssj-offline-record/1", "case": "c", "answers": {"a": 1}, "files": {}})],
        _offline_record,
        (),
        ("documents.offline.record", "kernel.budget", "cli.records.case_kit"),
    ),
    "pictures": Reader(
        lambda: [b"\xff\xd8\xff\xe1\0\x10Exif\0\0MM\0*\0\0\0\x08\xff\xda\0\x02\xff\xd9", b"\x89PNG\r\n\x1a\n" + b"\0" * 40],
        _pictures,
        (),
        ("app.papers.files", "files.pictures", "documents.thumbnail"),
    ),
    "archive": Reader(
        lambda: [a_package(), a_bag()],
        _archive,
        (),
        ("documents.archive_verification", "documents.package.verify", "files.containers"),
    ),
    "backup": Reader(
        lambda: [a_backup()], _backup, ("BackupError",), ("operations.backup", "operations.unpacking", "operations.restore")
    ),
    "database": Reader(
        lambda: [a_database()], _database, ("BackupError",), ("operations.restore",), largest=1024 * 1024
    ),
    "api body": Reader(
        lambda: [_json({"answers": {"found": "漏签", "count": 3}, "dry_run": True})], _api_body, (), ("web.api.gate",)
    ),
    "settings": Reader(
        lambda: [_SETTINGS], _settings, (), ("deployment.home", "operations.secrets", "operations.move_database")
    ),
    "template": Reader(
        lambda: _TEMPLATES, _template, ("BudgetExceededError", "UnicodeDecodeError"), ("documents.render", "documents.context", "documents.template_folder")
    ),
    "expression": Reader(lambda: _EXPRESSIONS, _expression, (), ("definition.expressions",)),
    "seals": Reader(
        lambda: _SEALS,
        _seals,
        _SENTENCES,
        ("app.audit.verify_seals", "cli.records.audit"),
    ),
    "own notes": Reader(
        lambda: [
            _json({"seed": "1", "objects": None, "source": None}),
            _json({"format": "ssj-journal/1", "change": "restore", "fresh": ".x", "kept": None}),
        ],
        _own_notes,
        (),
        ("demo.run_state", "deployment.own_database", "files.journal", "operations.exchange"),
    ),
}  # fmt: skip
