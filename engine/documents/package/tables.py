"""The data of a package as CSV for spreadsheets, with a dictionary that says what each column and field is."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from engine.kernel.formula_guard import guarded
from engine.kernel.instants import to_text
from engine.language import SOURCE_LANGUAGE, in_language, say
from engine.lifecycle.forms.in_words import placed_answers
from engine.lifecycle.forms.row_parts import ROW_PARTS
from engine.lifecycle.model.form import Field, Form

if TYPE_CHECKING:
    from engine.app.ports.case_file import CaseFile

#: File -> its columns with what they hold.
COLUMNS: Mapping[str, Sequence[tuple[str, Any]]] = {
    "answers.csv": (
        ("form", say("表单编号，见 dictionary.csv")),
        ("form_title", say("表单名称")),
        ("field", say("字段；检查事项记作 rows.编号，事项表单的字段在前面加上 items.事项表单编号")),
        ("title", say("字段名称")),
        ("answer", say("答案，写成文字")),
    ),
    "history.csv": (
        ("seq", say("序号")),
        ("at", say("时间（UTC）")),
        ("actor", say("人员编号")),
        ("kind", say("事件种类")),
        ("title", say("办理名称")),
        ("state", say("办理后的环节")),
        ("hash", say("该条的 SHA-256")),
    ),
    "papers.csv": (
        ("id", say("文书编号")),
        ("kind", say("文种（模板）")),
        ("number", say("文号")),
        ("state", say("办到哪一步")),
        ("on", say("那一步的日期")),
        ("replaces", say("代替哪一份")),
    ),
    "evidence.csv": (
        ("id", say("附件编号")),
        ("title", say("附件名称")),
        ("name", say("存入时的文件名")),
        ("file", say("在包里的文件")),
        ("size", say("字节")),
        ("sha256", say("SHA-256")),
        ("by", say("存入人")),
        ("at", say("存入时间（UTC）")),
        ("taken", say("相机所记的拍摄时间")),
        ("place", say("相机所记的地点（纬度、经度）")),
        ("device", say("拍摄的设备")),
    ),
    "contents.csv": (
        ("number", say("归档次序")),
        ("title", say("材料名称")),
        ("complete", say("齐全、缺少或不需要")),
        ("missing", say("缺少什么")),
    ),
    "dictionary.csv": (
        ("where", say("文件，或表单编号")),
        ("name", say("列，或字段")),
        ("title", say("含义")),
        ("type", say("类型")),
        ("choices", say("可选的代码和文字")),
    ),
}


def table(name: str, rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file that spreadsheets open as UTF-8, with no cell that runs as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column for column, _ in COLUMNS[name]])
    writer.writerows([guarded("" if cell is None else cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def answer_rows(found: CaseFile) -> Sequence[Sequence[object]]:
    """Return one row for each answer of the case, in Chinese whoever packs it."""
    with in_language(SOURCE_LANGUAGE):
        return list(_answers(found))


def _answers(found: CaseFile) -> Iterator[Sequence[object]]:
    zone = ZoneInfo(found.timezone)
    for name, answers in sorted(found.case.forms.items()):
        form = found.forms.get(name)
        if form is None:
            continue
        for (place, title), text in placed_answers(form, answers, found.names, zone, found.forms):
            yield name, form.title, place, title, text


def history_rows(found: CaseFile) -> Iterator[Sequence[object]]:
    """Yield one row for each event."""
    for event in found.events:
        state = (
            (event.body.get("case") or {}).get("state") if isinstance(event.body.get("case"), Mapping) else ""
        )
        title = event.body.get("title", "")
        yield event.seq, to_text(event.at), event.actor, event.kind, title, state or "", event.hash


def paper_rows(found: CaseFile) -> Iterator[Sequence[object]]:
    """Yield one row for each paper."""
    for one in found.papers:
        yield one.id, one.kind, one.number, one.state.value, one.facts[-1].on.isoformat(), one.replaces


def forms_answered(found: CaseFile) -> list[str]:
    """Return the ids of the forms a case has answers to, those of its items too."""
    items = [answers.get("items") or {} for answers in found.case.forms.values()]
    return sorted({*found.case.forms, *(name for given in items for name in given)})


def dictionary_rows(forms: Mapping[str, Form], names: Iterable[str]) -> Iterator[Sequence[object]]:
    """Yield what each column of each table is, and each field, column of a list and check row of the forms `names`."""
    for file, columns in COLUMNS.items():
        for column, meaning in columns:
            yield f"data/{file}", column, str(meaning), "text", ""
    for name in names:
        form = forms.get(name)
        if form is None:
            continue
        for asked in form.fields:
            yield name, asked.name, asked.title, asked.type.value, _choices(asked)
            for inside in asked.columns:
                place = f"{asked.name}.{inside.name}"
                yield name, place, f"{asked.title}·{inside.title}", inside.type.value, _choices(inside)
        for row in form.rows:
            yield name, f"rows.{row.id}", row.title, "pass / fail / n/a", row.basis
        for part in ROW_PARTS if form.rows else ():
            yield name, f"rows.*.{part.name}", str(part.title), part.type.value, ""


def _choices(asked: Field) -> str:
    return "；".join(f"{code}={shown}" for code, shown in asked.choices.items())
