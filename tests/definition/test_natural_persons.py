"""Whatever names a natural person, or says where one is found, is marked, in shipped forms and registers: it is forgotten at its term."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from engine.app.registers.private_columns import personal_keys, private_keys
from engine.definition.library import Loaded, load_files
from engine.lifecycle.forms.personal import TEXTUAL
from engine.lifecycle.forms.row_parts import PERSONAL_PARTS, ROW_PARTS
from engine.lifecycle.model.form import Field
from engine.register.columns import CellType
from engine.register.profile import KINDS, LEDGER, built_in

ROOT = Path(__file__).parents[2]
#: In titles: people by what they are, and by how they are found. Not 负责人 of a unit alone, which is a duty.
TITLED = re.compile(
    r"姓名|(代表|联系|负责|签收|受访|提出|被询问|见证|代理|主持|记录|申请|投诉|举报|经办|委托|到场|参加|检查|办案|执法|受送达|证|当事|联络)(人|人员|员)$"
    r"|法定代表人|当事人$|电话|手机|邮箱|住址|身份证|证件号|执法证|联系方式"
)
NAMED = re.compile(
    r"(^|_)(name|phone|mobile|email|witness|contact|representative|person|whom|members|recorder|chair|agent)(_|$)|_by$"
)
#: Columns of registers that stay with the entry: the names of the office's own people, and of firms.
STAYING = {
    "experts.name", "inspectors.name", "people.name", "objects.name", "visits.name", "items.name",
    "objects.licence_name",
}  # fmt: skip
#: Types that hold no name, telephone or address as it is typed.
COUNTED = {CellType.DATE, CellType.BOOLEAN, CellType.INTEGER, CellType.CHOICE, CellType.CHOICES, CellType.CODE, CellType.CODES}  # fmt: skip


@cache
def shipped() -> Loaded:
    return load_files(
        {
            path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
            for folder in ("workflows", "forms")
            for path in sorted((ROOT / folder).rglob("*.yaml"))
        }
    )


def texts(
    fields: tuple[Field, ...], before: str, *, marked: bool = False
) -> Iterator[tuple[str, Field, bool]]:
    """Yield each field that is filled with a text, columns of lists too, and whether it or its list is personal."""
    for field in fields:
        if field.type in TEXTUAL and field.computed is None:
            yield f"{before}.{field.name}", field, marked or field.personal
        yield from texts(tuple(field.columns), f"{before}.{field.name}", marked=marked or field.personal)


def test_every_text_that_names_a_person_is_personal_in_the_forms() -> None:
    found = [one for name, form in shipped().library.forms.items() for one in texts(form.fields, name)]
    assert len(found) > 150
    unmarked = [
        (where, field.title)
        for where, field, marked in found
        if (TITLED.search(field.title) or NAMED.search(field.name)) and not marked
    ]
    assert unmarked == []
    parts = [part.name for part in ROW_PARTS if TITLED.search(part.title) or NAMED.search(part.name)]
    assert set(parts) <= set(PERSONAL_PARTS) == {"person"}


def test_the_rule_sees_those_that_are_marked() -> None:
    """Most of what is marked and no long text is so by this rule: it would have found it."""
    marked = {
        where
        for name, form in shipped().library.forms.items()
        for where, field, personal in texts(form.fields, name)
        if personal and (TITLED.search(field.title) or NAMED.search(field.name))
    }
    assert {
        "onsite_check.legal_representative",
        "onsite_check.contact",
        "onsite_check.contact_phone",
        "callback_visit.answered_by",
        "paper_service.witness",
        "discussion.chair",
        "hearing_notice.recorder",
        "inquiry_record.person",
        "inquiry_record.recorder",
        "objection_entry.objector_name",
        "objection_entry.contact",
        "hearing_request.asked_by",
    } <= marked


@pytest.mark.parametrize("kind", [*KINDS, LEDGER])
def test_every_column_that_names_a_person_is_forgotten_at_its_term(kind: str) -> None:
    profile = built_in(kind)
    unmarked = [
        column.id
        for column in profile.columns.values()
        if any(TITLED.search(title) for title in (column.title, *column.also)) or NAMED.search(column.id)
        if column.type not in COUNTED
        and f"{kind}.{column.id}" not in STAYING
        and column.id not in personal_keys(profile)
    ]
    assert unmarked == []
    assert private_keys(profile) <= personal_keys(profile)


def test_who_represents_a_firm_may_be_read_and_is_forgotten() -> None:
    objects = built_in("objects")
    assert personal_keys(objects) - private_keys(objects) == {"legal_rep"}
