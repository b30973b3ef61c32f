"""``ssj form``: the form library, and empty answer sheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from engine.cli.definitions.form_files import form_named, forms_of
from engine.cli.definitions.form_import import import_form
from engine.cli.definitions.form_print import print_form
from engine.cli.definitions.workflow_check import check
from engine.cli.options import as_json
from engine.cli.output import Column, listing, print_json, print_listing, tabbed
from engine.language import say, translate

if TYPE_CHECKING:
    from engine.lifecycle.model.form import Field, Form


@click.group("form")
def group() -> None:
    """表单库：检查、导入、列出、查看、生成空白答卷。不在部署里时用随产品附带的标准表单。

    例：ssj form preview annual_plan > plan.yaml
    """


group.add_command(check)
group.add_command(print_form)
group.add_command(import_form)


@group.command("list")
@listing
@click.pass_context
def list_forms(ctx: click.Context, output: str | None) -> None:
    """列出表单：编号、名称、栏数、检查事项数。"""
    found = [form for _, form in sorted(forms_of(ctx).items())]
    columns: list[Column[Form]] = [
        Column(say("编号"), lambda form: form.id),
        Column(say("名称"), lambda form: form.title),
        Column(say("栏数"), lambda form: len(form.fields)),
        Column(say("检查事项数"), lambda form: len(form.rows)),
    ]
    print_listing(found, columns, output, as_json=_summary, empty=say("没有表单。"))


@group.command("show")
@click.argument("name", metavar="FORM")
@as_json
@click.pass_context
def show(ctx: click.Context, name: str, json_output: bool) -> None:
    """查看一张表单：各栏、检查事项、依据。"""
    from engine.authoring.answer_sheet import kind_of, must_text
    from engine.definition.condition_rows.asked_when import asked_when

    forms = forms_of(ctx)
    form = form_named(forms, name)
    if json_output:
        print_json(_as_json(form))
        return
    click.echo(str(say("《{title}》（{id}）", title=form.title, id=form.id)))
    if form.help:
        click.echo(translate(form.help))
    if form.basis:
        click.echo(str(say("依据：{basis}", basis=form.basis)))
    for asked in form.fields:
        must = (
            say("系统计算")
            if asked.computed is not None
            else must_text(asked, asked_when(form, asked, forms.values()))
        )
        public = say("公开") if asked.public else ""
        click.echo(tabbed(asked.name, asked.title, must, kind_of(asked), public, asked.basis or ""))
    for row in form.rows:
        click.echo(tabbed(f"rows.{row.id}", row.title, row.points, row.basis))


@group.command("preview")
@click.argument("name", metavar="FORM")
@click.option("--item", "items", multiple=True, metavar="FORM", help="同时检查的事项表单；可写多次")
@click.pass_context
def preview(ctx: click.Context, name: str, items: tuple[str, ...]) -> None:
    """输出空白答卷（YAML，带说明，没有任何默认答案），填好后交给 --form。

    例：ssj form preview onsite_check --item employment_check > visit.yaml
    """
    from engine.authoring.answer_sheet import answer_sheet

    forms = forms_of(ctx)
    click.echo(answer_sheet(form_named(forms, name), [form_named(forms, item) for item in items]), nl=False)


def _summary(form: Form) -> dict[str, Any]:
    return {"id": form.id, "title": form.title, "fields": len(form.fields), "rows": len(form.rows)}


def _as_json(form: Form) -> dict[str, Any]:
    return {
        "id": form.id,
        "title": form.title,
        "help": form.help,
        "basis": form.basis,
        "fields": [_field(asked) for asked in form.fields],
        "rows": [
            {"id": r.id, "title": r.title, "points": r.points, "basis": r.basis, "method": r.method}
            for r in form.rows
        ],
    }


def _field(asked: Field) -> dict[str, Any]:
    return {
        "name": asked.name,
        "title": asked.title,
        "type": asked.type.value,
        # Of a question that is asked under a condition the condition says when.
        "required": asked.required and asked.relevant is None,
        **({} if asked.relevant is None else {"when": asked.relevant.expression.source}),
        "public": asked.public,
        "computed": asked.computed is not None,
        "choices": dict(asked.choices),
        "columns": [_field(column) for column in asked.columns],
        "least": asked.least,
        "most": asked.most,
        "unit": asked.unit,
        "help": asked.help,
        "basis": asked.basis,
        "example": asked.example,
    }
