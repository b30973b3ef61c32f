"""A workbook of XLSForm -> the text of a form that passes the check, and what of the workbook could not be kept.

What is made is read by the check. A line it refuses belongs to a part of a question; that part is left out, its cell
is named with what the check says, and the form is made anew, until nothing is refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.authoring.xlsform.cell_problem import BookCell, CellProblem, ordered
from engine.authoring.xlsform.choice_lists import ChoiceList, read_choices
from engine.authoring.xlsform.form_lines import FormLines
from engine.authoring.xlsform.headers import Labels, unread, with_usual_headers
from engine.authoring.xlsform.limits import FormTooLargeError, Steps
from engine.authoring.xlsform.sheets import FormSheet, XlsFormError, read_sheets
from engine.authoring.xlsform.survey import SurveyReader
from engine.authoring.xlsform.yaml_lines import FormLine, comment, scalar
from engine.definition.library import load_files
from engine.language import Message, say
from engine.yamltext.problem import Problem, Severity

#: What the id of a form looks like.
FORM_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
#: So often a form is made anew at most; each time at least one part more is left out.
_ROUNDS = 60


@dataclass(frozen=True, slots=True)
class ImportedForm:
    """The form's id and text, and every problem in the order of its cell."""

    name: str
    text: str
    problems: tuple[CellProblem, ...]

    @property
    def complete(self) -> bool:
        """Tell whether everything the workbook asks was kept."""
        return all(problem.severity is not Severity.ERROR for problem in self.problems)


def import_form(
    data: bytes, file: str, *, name: str | None = None, language: str | None = None
) -> ImportedForm:
    """Return what the bytes of a workbook come to; `file` gives the id where neither `name` nor the settings do.

    Raises `XlsFormError` where it is no XLSForm at all, or nothing of it can be kept.
    """
    problems: list[CellProblem] = []
    sheets = {kind: with_usual_headers(sheet, kind) for kind, sheet in read_sheets(data, problems).items()}
    settings = next(iter(sheets["settings"].rows), None) if "settings" in sheets else None
    wanted = language or (settings.get("default_language") if settings is not None else "")
    labels = Labels(sheets.values(), wanted)
    if language and labels.unknown:
        raise XlsFormError(
            say("没有名为“{name}”的语言", name=language),
            say("现有：{names}", names=labels.languages or ["-"]),
        )
    for kind, sheet in sheets.items():
        problems += unread(sheet, kind, labels)
    reader = SurveyReader(labels, problems)
    reader.read(sheets["survey"])
    if not reader.every:
        raise _nothing(problems)
    choices = read_choices(sheets.get("choices"), labels, problems)
    title = (settings.get("form_title") if settings is not None else "") or file
    form_id = name or _form_id((settings.get("form_id") if settings is not None else "") or file)
    try:
        text, found = _checked(reader, choices, labels, form_id, title, sheets["survey"], Steps.of(len(data)))
    except FormTooLargeError as problem:
        message = say(
            "由这个文件做出的表单太大：以文件的大小，最多 {most} 行，长的行按几行算", most=problem.most
        )
        hint = say("每道题都另有一份它的选项表：请把长的选项表写成单位设置的 codes（代码表），或分成几个表单")
        raise XlsFormError(message, hint) from problem
    return ImportedForm(form_id, text, ordered([*problems, *found]))


def _checked(
    reader: SurveyReader,
    choices: dict[str, ChoiceList],
    labels: Labels,
    form_id: str,
    title: str,
    survey: FormSheet,
    steps: Steps,
) -> tuple[str, list[CellProblem]]:
    left_out: dict[str, Message] = {}
    refused: list[CellProblem] = []
    for _ in range(_ROUNDS):
        noted: list[CellProblem] = []
        maker = FormLines(reader.every, choices, labels, title, left_out, noted, steps)
        lines = _whole(maker, reader, form_id, title, survey)
        text = "".join(f"{line.text}\n" for line in lines)
        wrong = load_files({f"{form_id}.yaml": text}).problems
        errors = [one for one in wrong if one.severity is Severity.ERROR]
        if not errors:
            warnings = [_of_cell(one, lines[one.line - 1]) for one in wrong]
            return text, [*refused, *noted, *warnings]
        for one in errors:
            line = lines[one.line - 1]
            part = line.part if line.part not in left_out else line.part.split(":")[0]
            if not part or part in left_out:
                raise _nothing([*reader.problems, *refused, *noted])
            left_out[part] = one.message
            refused.append(_of_cell(one, line))
    raise _nothing([*reader.problems, *refused])


def _nothing(problems: list[CellProblem]) -> XlsFormError:
    return XlsFormError(say("survey 表里没有可以导入的问题"), problems=ordered(problems))


def _of_cell(problem: Problem, line: FormLine) -> CellProblem:
    return CellProblem(line.cell, problem.rule, problem.severity, problem.message, problem.hint)


def _whole(
    maker: FormLines, reader: SurveyReader, form_id: str, title: str, survey: FormSheet
) -> list[FormLine]:
    head = BookCell(survey.name)
    lines = [
        FormLine(comment(str(say("由 XLSForm 工作簿导入"))), head, ""),
        FormLine(f"form: {form_id}", head, ""),
        FormLine(f"title: {scalar(title)}", head, ""),
        FormLine("fields:", head, ""),
        *maker.fields(reader.items),
    ]
    if maker.constraints:
        lines += [FormLine("constraints:", head, ""), *maker.constraints]
    return lines


def _form_id(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "form"
    return plain[:50] if plain[0].isalpha() else f"form_{plain}"[:50]
