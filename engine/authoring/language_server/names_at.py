"""What may stand at a place of a definition, and what the word there means."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.authoring.explain import explain_part
from engine.authoring.language_server.written_names import WrittenName, written_names
from engine.definition import keywords
from engine.definition.library import Loaded
from engine.language import Message, say
from engine.lifecycle.model.form import Form

_WORD = re.compile(r"[A-Za-z_][\w.]*")
_KEY = re.compile(r"(?<!\w)(\w++)\s*+[:：][^:：]*+$")
_KIND = re.compile(r"^(\w+|流程|表单)\s*[:：]\s*([a-z]\w*)", re.MULTILINE)
#: ``escalate ROLE``, which is no value of a key.
_ESCALATE = re.compile(rf"(?:{'|'.join(word for pair in keywords.ESCALATE.items() for word in pair)}) +\w*$")
#: Keys whose values are ids of one kind.
_STATES = frozenset({"to", "from", "initial", "during", "pauses_in", "state", "reached"})
_PEOPLE = frozenset({"for", "by", "notify", "escalate", "approve", "among", "once"})
_FORMS = frozenset({"form"})
_WORKFLOWS = frozenset({"start", "workflow", "of", "join"})
_CLOCKS = frozenset({"clock", "on_expiry", "pauses"})


def ids_at(text: str, line: str, loaded: Loaded) -> dict[str, str]:
    """Return the ids that may stand at the end of `line`, a line of `text` up to the cursor: id -> what it is called."""
    word = re.search(r"(?<![\w.])[\w.]*+$", line)
    path = word[0].split(".") if word else [""]
    if len(path) > 1:
        return _fields(path, text, loaded)
    key = _KEY.search(line)
    english = keywords.canonical(key[1]) if key else None
    if english in _STATES:
        return _states(text, loaded)
    if english in _PEOPLE or _ESCALATE.search(line):
        return _people(text, loaded)
    if english in _FORMS:
        return {form.id: form.title for form in loaded.forms.values()}
    if english in _WORKFLOWS:
        return {one.id: one.title for one in loaded.workflows.values()}
    if english in _CLOCKS:
        return {**_section(text, "clocks"), **_states(text, loaded)}
    return {}


def _fields(path: list[str], text: str, loaded: Loaded) -> dict[str, str]:
    if path[0] == "forms" and len(path) == 2:
        return {form.id: form.title for form in loaded.forms.values()}
    own = own_id(text)
    if path[0] == "forms" and len(path) == 3:
        form = loaded.forms.get(path[1])
    elif path[0] == "form":
        kind = _KIND.search(text)
        # A form and a workflow may have one id.
        in_form = kind is not None and keywords.canonical(kind[1]) == "form"
        form = loaded.forms.get(own) if in_form else None
        if form is None and not in_form:
            # Whichever form the step fills in: all of the workflow are offered.
            workflow = loaded.workflows.get(own)
            forms = workflow.forms.values() if workflow is not None else ()
            return {one.name: one.title for each in forms for one in each.fields}
    elif path[0] == "case":
        workflow = loaded.workflows.get(own)
        declared = workflow.fields.values() if workflow is not None else ()
        return {one.name: one.title for one in declared} or _section(text, "fields")
    else:
        form = None
    if form is None and (path[0] == "form" or path[:2] == ["forms", own]):
        return _section(text, "fields")
    return {one.name: one.title for one in form.fields} if form is not None else {}


def own_id(text: str) -> str:
    """Return the id of the definition a text is."""
    found = _KIND.search(text)
    return found[2] if found else ""


def _section(text: str, name: str) -> dict[str, str]:
    """Return the ids below a key of the top with their titles, as they stand: the file may be half written."""
    return {one.id: one.title for one in written_names(text, name).values()}


def _states(text: str, loaded: Loaded) -> dict[str, str]:
    workflow = loaded.workflows.get(own_id(text))
    known = {state.id: state.title for state in workflow.states.values()} if workflow is not None else {}
    written = _section(text, "states")
    # What was sound last may have states that are gone from the text.
    return {name: known.get(name) or title for name, title in written.items()} or known


def _people(text: str, loaded: Loaded) -> dict[str, str]:
    bureau = loaded.bureau
    roles = {role.id: role.title for role in bureau.roles.values()} if bureau is not None else {}
    workflow = loaded.workflows.get(own_id(text))
    parties: Mapping[str, str] = workflow.parties if workflow is not None else _section(text, "parties")
    return {**parties, **roles}


def word_at(line: str, column: int) -> str:
    """Return the word, dots included, at a column of a line, from 0."""
    for match in _WORD.finditer(line):
        if match.start() <= column <= match.end():
            return match[0]
    return ""


def meaning_of(word: str, text: str, loaded: Loaded) -> list[str]:
    """Return what a word of a definition means, with its basis; nothing where it is no id that is known."""
    own = own_id(text)
    if lines := explain_part(loaded, f"{own}.{word}"):
        return lines
    first, _, second = word.removeprefix("forms.").partition(".")
    found: list[Message | str] = []
    if (form := loaded.forms.get(first)) is not None:
        found = _form(form, second)
    elif (workflow := loaded.workflows.get(word)) is not None:
        found = [say("流程“{title}”（{id}）", title=workflow.title, id=word)]
        found += _basis(workflow.basis)
    elif loaded.bureau is not None and word in loaded.bureau.roles:
        found = [say("角色“{title}”（{id}）", title=loaded.bureau.roles[word].title, id=word)]
    elif word.startswith("case.") and (owner := loaded.workflows.get(own)) is not None:
        field = owner.fields.get(word.removeprefix("case."))
        found = [say("字段“{title}”", title=field.title), *_basis(field.basis)] if field is not None else []
    return [str(line) for line in found or _as_written(word, text)]


def _as_written(word: str, text: str) -> list[Message | str]:
    """Return what a name the file declares means, as far as its own text says it: it may not be sound."""
    if (one := written_names(text, "states").get(word)) is not None and one.title:
        return [say("环节“{title}”（{id}）", title=one.title, id=word), *_details(one)]
    if (one := written_names(text, "clocks").get(word.removeprefix("clocks.").split(".")[0])) is not None:
        return [say("时限“{title}”（{id}）", title=one.title or one.id, id=one.id), *_details(one)]
    if (one := written_names(text, "parties").get(word)) is not None:
        return [say("当事方“{title}”（{id}）", title=one.title or word, id=word)]
    if (
        one := written_names(text, "fields").get(word.removeprefix("case.").removeprefix("form."))
    ) is not None:
        return [say("字段“{title}”", title=one.title or one.id), *_details(one)]
    return []


def _details(one: WrittenName) -> list[Message | str]:
    found: list[Message | str] = []
    if one.deadline:
        found.append(say("时限：{deadline}", deadline=one.deadline))
    if one.help:
        found.append(say("说明：{help}", help=one.help))
    return [*found, *_basis(one.basis)]


def _form(form: Form, name: str) -> list[Message | str]:
    if not name:
        return [say("表单“{title}”（{id}）", title=form.title, id=form.id), *_basis(form.basis)]
    field = form.field(name)
    if field is None:
        return []
    return [
        say("表单“{form}”的“{field}”", form=form.title, field=field.title),
        *_basis(field.basis or form.basis),
    ]


def _basis(basis: str | None) -> list[Message | str]:
    return [say("依据：{basis}", basis=basis)] if basis else []
