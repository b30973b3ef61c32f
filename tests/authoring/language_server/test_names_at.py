from __future__ import annotations

import re
from functools import lru_cache

from workflow_mutations import texts

from engine.authoring.editor_settings import FIRST_LINE
from engine.authoring.language_server.names_at import ids_at, meaning_of, own_id, word_at
from engine.definition.library import Loaded, load_files


@lru_cache(maxsize=1)
def loaded() -> Loaded:
    return load_files(texts())


TEXT = texts()["workflows/training.yaml"]


def test_ids_are_those_of_the_kind_the_key_takes() -> None:
    assert ids_at(TEXT, "    to: ", loaded()) == {
        "preparing": "待制定培训安排",
        "training": "待组织培训",
        "to_archive": "待归档",
        "archived": "已归档",
    }
    assert ids_at(TEXT, "    for: [tra", loaded())["trainer"]
    assert ids_at(TEXT, "      5 working days: escalate dep", loaded())["deputy_head"]
    assert "supervision" in ids_at(TEXT, "    join: {super", loaded())
    assert ids_at(TEXT, "    form: ", loaded())["training_plan"] == "检查前培训安排"
    assert "supervision" in ids_at(TEXT, "      - start: ", loaded())
    assert "attended" in ids_at(TEXT, "      - that: form.", loaded())
    assert "held_on" in ids_at(TEXT, "    since: forms.training_record.he", loaded())
    assert ids_at(TEXT, "        to: case.", loaded()) == {"batch_title": "抽查任务"}
    assert ids_at(TEXT, "    title: ", loaded()) == {}
    # A file that is half written still has its own states; keys may be Chinese.
    broken = "workflow: errand\nstates:\n  open: {title: 待办\n  closed:\ntransitions:\n"
    assert list(ids_at(broken, "    到: ", loaded())) == ["open", "closed"]
    assert own_id(broken) == "errand"


def test_a_word_is_explained_with_its_basis() -> None:
    assert word_at("    form: training_record", 14) == "training_record"
    assert word_at("    form: ", 2) == ""
    assert meaning_of("training_record", TEXT, loaded()) == [
        "表单“检查前培训记录”（training_record）",
        "依据：实施方案 二（五）、三（三）",
    ]
    assert meaning_of("forms.callback_visit.proper", TEXT, loaded())[1] == "依据：实施方案 三（三）"
    assert meaning_of("training", TEXT, loaded())[0].startswith("检查前培训·待组织培训")
    assert meaning_of("section_chief", TEXT, loaded()) == ["角色“股室负责人”（section_chief）"]
    assert meaning_of("case.batch_title", TEXT, loaded()) == ["字段“抽查任务”"]
    assert meaning_of("nowhere", TEXT, loaded()) == []


def test_the_line_that_names_the_schema_hides_no_kind() -> None:
    """A form is known as one behind the comment its file begins with: another workflow may have its id."""
    form = texts()["forms/annual_plan.yaml"]
    assert form.startswith(FIRST_LINE)
    assert set(ids_at(form, "    when: form.", loaded())) == {
        one.name for one in loaded().forms["annual_plan"].fields
    }
    workflow = texts()["workflows/annual_plan.yaml"]
    assert set(ids_at(workflow, "    when: form.", loaded())) > set(ids_at(form, "    when: form.", loaded()))


def test_what_is_null_is_not_shown() -> None:
    """Every basis and help of the shipped files is null; files in which a condition needs its basis are left out."""
    nulled = {
        name: re.sub(r"^( *)(basis|help): [^|>].*$", r"\1\2: null", text, flags=re.MULTILINE)
        for name, text in texts().items()
        if name.startswith(("workflows/", "forms/")) and "bureau" not in name
    }
    rest = {name: text for name, text in texts().items() if name not in nulled}
    found = load_files({**nulled, **rest})
    seen = 0
    for name, text in nulled.items():
        own = own_id(text)
        form, workflow = found.forms.get(own), found.workflows.get(own)
        words = [f"forms.{own}", *(f"forms.{own}.{one.name}" for one in form.fields)] if form else []
        if workflow is not None and name.startswith("workflows/"):
            words += [own, *workflow.states, *workflow.clocks, *(f"case.{one}" for one in workflow.fields)]
        for word in words:
            lines = meaning_of(word, text, found)
            seen += bool(lines)
            assert not any(re.search(r"\b(null|None)\b", line) for line in lines), (name, word, lines)
    assert seen > 300
