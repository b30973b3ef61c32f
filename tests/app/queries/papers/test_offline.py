"""What an offline form is made of, for who may see the case."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from bureau_of_sections import open_sections

from engine.app.ports.records import RegisterEntry
from engine.app.queries.papers import offline
from engine.app.queries.papers.offline import (
    OfflineStep,
    PeopleToChoose,
    _to_choose,
    compare_record,
    offline_forms,
)
from engine.app.worklist.form_setting import FormSetting
from engine.definition.library import load_files
from engine.kernel.refusal import Refusal
from engine.store.memory import MemoryStore


def test_a_section_reads_its_own_and_no_other() -> None:
    opened = open_sections()
    made = ("x", "y")
    assert isinstance(offline_forms(opened.services, "bela", opened.case, "bela"), Refusal)
    assert isinstance(compare_record(opened.services, "bela", opened.case, "s", made, {}, "r"), Refusal)


def test_a_record_of_a_step_there_is_not_is_not_current() -> None:
    opened = open_sections()
    found = compare_record(opened.services, "anna", opened.case, "none", ("x", "y"), {"a": 1}, "r")
    assert not isinstance(found, Refusal)
    assert (found.current, found.imported, found.same, found.form) == (False, False, False, None)


ASKED = """form: visit
title: 现场检查
fields:
  - experts: {title: 参加的专家, persons, optional: true}
  - signed_by: {title: 签字人, persons}
  - lines: {title: 名单, type: list, columns: [{inspectors: {title: 检查员, type: person}}]}
"""


def to_choose(denied: tuple[str, ...] = ()) -> dict[str, PeopleToChoose]:
    """Return whom the questions may be answered with; `denied` are the lists the viewer may not read."""
    store, now = MemoryStore(), datetime(2024, 9, 2, tzinfo=UTC)
    with store.write() as transaction:
        rows = [
            RegisterEntry("inspectors", "P01", "检查员甲", None, {}),
            RegisterEntry("inspectors", "P02", "检查员乙", None, {}),
            RegisterEntry("people", "Q01", "职员", None, {"roles": []}),
            RegisterEntry("people", "Q02", "离职者", None, {"roles": [], "status": "left"}),
            RegisterEntry("experts", "E01", "专家甲", None, {"phone": "示例"}),
            RegisterEntry("experts", "E02", "专家乙", None, {"status": "left"}),
        ]
        transaction.registers.put(rows, now)
    form = load_files({"visit.yaml": ASKED}).forms["visit"]
    step = OfflineStep("finish", "完成检查", form, (), FormSetting({}, {}, frozenset()))
    with store.read() as transaction:
        context = SimpleNamespace(
            transaction=transaction, why_denied=lambda use: "no" if use in denied else None
        )
        return _to_choose(cast("Any", context), [step], {"P01": "检查员甲"})


def test_people_are_listed_by_the_register_a_question_names_those_of_the_case_first() -> None:
    assert to_choose() == {
        "": PeopleToChoose(["P01"], {"P02": "检查员乙", "Q01": "职员"}, whole=True),
        "experts": PeopleToChoose([], {"E01": "专家甲"}, whole=False),
        "inspectors": PeopleToChoose(["P01"], {"P02": "检查员乙"}, whole=False),
    }


def test_nobody_is_listed_whom_the_viewer_may_not_read_or_who_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = to_choose(("person.read", "register.read"))
    assert {name: (one.own, one.others) for name, one in found.items()} == {
        "": (["P01"], {}),
        "experts": ([], {}),
        "inspectors": ([], {}),
    }
    monkeypatch.setattr(offline, "MAX_PEOPLE", 1)
    assert to_choose()[""] == PeopleToChoose(["P01"], {}, whole=False)
