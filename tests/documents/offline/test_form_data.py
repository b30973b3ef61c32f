"""A form as plain values: every question with its conditions, in the order in which they need each other."""

from __future__ import annotations

import json

from kit_factories import forms

from engine.documents.offline.form_data import form_data, names_outside


def test_every_question_and_condition_is_there() -> None:
    form, item = forms()
    data = form_data(form)
    json.dumps(data)
    assert [one["name"] for one in data["fields"]] == [one.name for one in form.fields]
    assert sorted(data["order"]) == sorted(one.name for one in form.fields)
    assert data["constraints"][0]["that"][0] == "logic"
    assert [row["id"] for row in form_data(item)["rows"]] == ["r1", "r2"]
    assert names_outside(form) == set()
