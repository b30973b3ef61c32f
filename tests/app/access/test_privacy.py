"""What a policy says is not public is in no page, table, message or log: a value of its own in each private place, looked for everywhere.

The policy is YAML: ``public: true`` of fields, ``private: true`` of columns of registers, ``engine/site/private.yaml``.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from bureau_factories import BUREAU, Bureau

from engine.app.exchange.rows import FormatRows, RowsWanted
from engine.app.ports.records import RegisterEntry
from engine.app.queries.exchange.exchange import exchange_rows
from engine.app.queries.registers import list_entries, register_history
from engine.app.registers.import_entries import import_entries
from engine.app.registers.private_columns import private_keys_in_force
from engine.deployment.page_types import standard_page_types
from engine.exchange.format_file import read_format
from engine.kernel.refusal import Refusal
from engine.register.profile import KINDS, built_in
from engine.runtime.channels.webhook import WebhookChannel
from engine.site.build import build_site

CODE, FIRM = "91990102MA6UF99T6T", "示例一厂有限公司"
FORM = """
form: note
title: 记录
fields:
  - seen: {title: 所见, public: true}
  - inner: {title: 内部意见}
  - contact_phone: {title: 联系电话, public: true, type: text}
  - signed_by: {title: 签字人, public: true}
  - found: {title: 问题, public: true, columns: [{facts: {title: 事实}}, {mobile: {title: 手机}}]}
"""
VISIT = """
workflow: visit
title: 检查
about: object
initial: open
start: {by: clerk}
states:
  open: {title: 待办, for: clerk}
  done: {title: 办结, final: true}
transitions:
  - {do: check, title: 检查, from: open, to: done, form: note, then: [{publish: result}, {notify: [chief], message: "“{{ case.title }}”已办"}]}
"""
#: What stands in each private place; none of it may be found outside.
SECRETS = {
    name: f"SECRET{number}"
    for number, name in enumerate(
        ("inner", "contact_phone", "signed_by", "mobile", "contact", "phone", "legal_rep")
    )
}
ANSWERS = {
    **{name: SECRETS[name] for name in ("inner", "contact_phone", "signed_by")},
    "seen": "未订立合同，电话13800000000",
    "found": [{"facts": "欠薪", "mobile": SECRETS["mobile"]}],
}


@pytest.fixture(scope="module")
def office() -> Bureau:
    found = Bureau(BUREAU, FORM, VISIT)
    data = {name: SECRETS[name] for name in ("contact", "phone", "legal_rep")} | {"district": "一街"}
    entry = RegisterEntry("objects", CODE, FIRM, "north", data)
    import_entries(found.application, "objects", [entry], "system", source="f")
    found.start("visit", title=FIRM, subject={**data, "id": CODE, "name": FIRM})
    found.take("visit-1", "check", answers=ANSWERS)
    return found


def leaks(text: str) -> list[str]:
    """Return the private places whose value a text holds."""
    return [name for name, secret in {**SECRETS, "number": "13800000000"}.items() if secret in text]


def test_pages_and_tables_of_the_site_hold_nothing_private(office: Bureau, tmp_path: Path) -> None:
    with office.look() as transaction:
        publications, draws = transaction.records.publications(), transaction.records.draws()
        process = office.application.definitions.latest(transaction, "visit")
    assert process is not None
    assert len(publications) == 1
    out = tmp_path / "site"
    report = build_site(
        publications,
        draws,
        process.bureau,
        out,
        office.application.clock.now(),
        page_types=standard_page_types(),
    )
    found = {file.name: leaks(file.read_text("utf-8")) for file in out.rglob("*") if file.is_file()}
    assert {name: places for name, places in found.items() if places} == {}
    # What was left out is said.
    assert len(report.withheld) >= 3
    assert "未订立合同" in "".join(file.read_text("utf-8") for file in (out / "results").glob("*.html"))


def test_robots_say_neither_private_values_nor_the_firm(office: Bureau) -> None:
    with office.look() as transaction:
        items = [one for one in transaction.outbox.listed() if one.kind == "message"]
    assert items
    robot = WebhookChannel("https://x.cn", "wecom", 1, 1, 1)
    for one in items:
        said = json.dumps(robot.body(one), ensure_ascii=False)
        assert leaks(said) == []
        assert FIRM not in said
        assert leaks(json.dumps(dict(one.payload), ensure_ascii=False)) == []


def test_another_section_reads_no_private_column_in_lists_histories_or_workbooks(office: Bureau) -> None:
    application = office.application
    entries = list_entries(application, "bela", "objects")
    assert not isinstance(entries, Refusal)
    history = register_history(application, "bela", "objects")
    assert not isinstance(history, Refusal)
    columns = "".join(
        f"  - c{n}: {{title: {n}, value: entry.{c}}}\n" for n, c in enumerate(built_in("objects").columns)
    )
    text = f"exchange: all\ntitle: 全\nrows: {{register: objects}}\nkey: [c0]\ncolumns:\n{columns}"
    used = read_format("f.yaml", text.encode()).format
    assert used is not None
    made = exchange_rows(application, "bela", used, RowsWanted())
    assert isinstance(made, FormatRows)
    said = [str(entries), str(history), str(made.rows.rows)]
    with office.look() as transaction:
        kept = private_keys_in_force(transaction, "objects")
    assert {"contact", "phone"} <= kept
    assert [[name for name in leaks(text) if name in kept] for text in said] == [[], [], []]
    assert CODE in said[2]


def test_nothing_private_is_logged(office: Bureau, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        list_entries(office.application, "bela", "objects")
        office.start("visit", title=FIRM, subject={"id": CODE, "name": FIRM, "phone": SECRETS["phone"]})
        office.take("visit-2", "check", answers=ANSWERS)
    assert leaks(caplog.text) == []


def test_each_register_says_which_of_its_columns_are_private() -> None:
    """A telephone, a mail address or the number of a certificate is private in every register that has one."""
    for kind in KINDS:
        for column in built_in(kind).columns.values():
            if column.type.value in ("phone", "email"):
                assert column.private, f"{kind}.{column.id}"
