"""The forms of a deployment's files, or the standard ones outside a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from engine.cli.exits import REFUSED, CommandError
from engine.language import say

if TYPE_CHECKING:
    from engine.definition.library import Loaded
    from engine.lifecycle.model.form import Form


def forms_of(ctx: click.Context) -> Mapping[str, Form]:
    """Return the sound forms; what is not sound is named on stderr. Raises CommandError where none is."""
    return loaded_of(ctx).forms


def loaded_of(ctx: click.Context) -> Loaded:
    """Return the definitions read. Raises CommandError where no form is sound."""
    from engine.cli.session import home_of
    from engine.definition.file_discovery import definition_files
    from engine.definition.library import load_paths
    from engine.definition.resources import forms_dir, workflows_dir
    from engine.deployment.home import DeploymentMissingError, find_home
    from engine.yamltext.problem import as_text

    named = ctx.find_root().obj
    try:
        files = definition_files(find_home(named).path)
    except DeploymentMissingError:
        if named:
            home_of(ctx)
        files = [*definition_files(workflows_dir()), *definition_files(forms_dir())]
    loaded = load_paths(files)
    if not loaded.forms and loaded.problems:
        raise CommandError(as_text(loaded.problems, loaded.sources), REFUSED)
    wrong = {problem.file for problem in loaded.problems if problem.severity.value == "error"}
    if wrong:
        click.echo(
            str(say("有错误、未列入的文件：{files}；用 ssj form check 查看", files=sorted(wrong))), err=True
        )
    return loaded


def form_named(forms: Mapping[str, Form], name: str) -> Form:
    """Return a form by its id. Raises CommandError where there is none."""
    found = forms.get(name)
    if found is None:
        from engine.kernel.did_you_mean import did_you_mean

        hint = did_you_mean(name, forms)
        problem = say("没有表单“{form}”；用 ssj form list 查看", form=name)
        raise CommandError(say("{problem}（{hint}）", problem=problem, hint=hint) if hint else problem)
    return found
