"""No name in a text of a definition is worked out: what is written decides what is shown, in public texts before all."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from definition_examples import FILE, load_example
from faults_put_in import texts, w

from engine.definition.library import load_files

#: Ways to show a field whose name is not written: of Jinja, and of this language.
SPELLINGS = (
    "{{ form[case.title] }}",
    "{{ form['wit' ~ 'ness'] }}",
    "{{ form['wit' + 'ness'] }}",
    "{{ form['witness'] }}",
    "{{ form | attr('witness') }}",
    "{{ attr(form, 'witness') }}",
    "{{ form.get('witness') }}",
    "{{ form }}",
    "{{ forms.onsite_check }}",
    "{{ form | join }}",
    "{{ join(form) }}",
    "{{ collect([form], it.witness) }}",
    "{{ collect([form], it[case.title]) }}",
    "{{ first([form]).witness }}",
    "{{ form._witness }}",
    "{{ form.witness | upper }}",
    "{% set f = 'witness' %}{{ form[f] }}",
    "{% for f in form %}{{ f }}{% endfor %}",
    "{% macro one(f) %}{{ form[f] }}{% endmacro %}",
)
#: The texts that leave the house: what is written around them.
STEP = """\
transitions:
  - do: finish
    title: 办结
    from: open
    to: done
    form: onsite_check
    then:
      - {%s}
states:
  open: {title: 待办, for: clerk, no deadline: 示例}
  done: {title: 办结, final, open_children: leave}
"""
PLACES = (
    'publish: result, title: "%s"',
    'notify: clerk, message: "%s"',
    'start: follow_up, title: "%s", parties: {handlers: "= [actor.id]"}',
)


def _every() -> Iterator[str]:
    for place in PLACES:
        for spelling in SPELLINGS:
            yield STEP % (place % spelling)


@pytest.mark.parametrize("text", list(_every()))
def test_a_computed_name_is_refused_where_it_is_written(text: str) -> None:
    loaded = load_example(text)
    found = [one for one in loaded.problems if one.file == FILE and one.severity.value == "error"]
    assert 9 in {one.line for one in found}
    assert "demo" not in loaded.workflows


@pytest.mark.parametrize(
    "name", ["'plan[case.title]'", "plan.title[0]", "'plan.*'", "plan", "'plan.ti' ~ 'tle'"]
)
def test_a_column_of_a_public_list_is_named(name: str) -> None:
    site, files = w("page_types"), texts()
    wrong = files[site].replace("value: plan.title}", f"value: {name}}}", 1)
    assert wrong != files[site]
    found = load_files({**files, site: wrong}).problems
    assert [one for one in found if one.file == site and one.severity.value == "error"]
