"""In the demonstration whoever inspects names one duty of each wrong row whose basis has several."""

from __future__ import annotations

from engine.definition.library import load_paths
from engine.definition.resources import forms_dir, workflows_dir
from engine.documents.duties import cited, read_duties
from engine.synthetic.scenario import shipped


def test_every_row_with_several_duties_has_one_that_is_named_and_it_is_one_of_them() -> None:
    library = load_paths([*workflows_dir().glob("*.yaml"), *forms_dir().glob("*.yaml")])
    duties = read_duties([forms_dir() / "templates"])
    articles = dict(shipped().articles)
    for form in {form.id: form for one in library.workflows.values() for form in one.forms.values()}.values():
        for row in form.rows:
            owed = {(one.law, number) for one in cited(duties.owed(row.basis)) for number in one.numbers}
            if len(owed) < 2:
                continue
            named = articles.pop(f"{form.id}.{row.id}")
            assert {(one.law, number) for one in cited(named) for number in one.numbers} < owed, row.id
            assert duties.owed(named)
    assert articles == {}
