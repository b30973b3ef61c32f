"""What the history of a case says each of its forms held, version by version, and where the row of the case says something else.

A version is what one entry made of a form: given by a step, corrected, or rewritten by a migration. Its bytes are what
a signature is bound to, whatever the way it was given. Papers print who gave the form last, and when.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from engine.app.ports.documents import FormGiven
from engine.language import Message, say
from engine.lifecycle.case import EventKind
from engine.lifecycle.chain import canonical
from engine.lifecycle.command import ENGINE, FIRM, SYSTEM
from engine.lifecycle.forms.personal import (
    FORGOTTEN_TEXTS,
    MARK,
    TEXTS_DIGEST,
    KeptTexts,
    ids_in,
    read_back,
    texts_digest,
    without_texts,
)
from engine.value import named_value

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.lifecycle.case import Case
    from engine.lifecycle.chain import Event
    from engine.lifecycle.model.form import Form

#: How many answers a sentence names.
_NAMED = 5


@named_value
class FormVersion:
    """A form as one entry of the history left it."""

    form: str
    #: Number of the entry.
    seq: int
    #: The version of the workflow the case was at.
    definition: int
    #: With ids in the place of personal texts; None: the case had none of the form any more.
    answers: Mapping[str, Any] | None
    #: The digest the entry has of its personal texts; "" where it has none.
    texts: str = ""
    #: The personal texts the entry has ids of, by id.
    ids: tuple[str, ...] = ()
    #: How the people signed it who took the step together, as the entry has it; empty: one person gave it.
    signatures: tuple[Mapping[str, Any], ...] = ()
    #: One answer was corrected, or a migration rewrote it: nobody gave it anew.
    changed: bool = False

    @property
    def bound(self) -> bool:
        """Tell whether `content` covers every answer: one with ids and without the digest of the texts does not."""
        return bool(self.texts) or not _has_ids(self)

    @property
    def content(self) -> bytes:
        """Return the bytes a signature on this version is bound to."""
        return line({
            "answers": self.answers,
            "definition": self.definition,
            "form": self.form,
            "texts": self.texts,
        })  # fmt: skip

    def in_clear(self, kept: KeptTexts | None) -> bytes:
        """Return the answers with their personal texts: what signatures are bound to that were entered before forms had versions."""
        return line(dict(self.answers or {}) if kept is None else read_back(dict(self.answers or {}), kept))


@named_value
class FormHistory:
    """All versions of one form of a case, and what differs now."""

    versions: tuple[FormVersion, ...]
    #: Answers of the row that are not those of the last version, ``rows.r1.answer``; "" is the form as a whole.
    altered: tuple[str, ...] = ()
    #: The personal texts of the last version are destroyed, as they have to be after their term.
    forgotten: bool = False


def line(value: Any) -> bytes:
    """Return a value as it is signed and packed: one canonical line."""
    return (canonical(value) + "\n").encode("utf-8", "backslashreplace")


def digest(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def form_histories(events: Iterable[Event], case: Case) -> dict[str, FormHistory]:
    """Return each form that the history of a case or its row has, with its versions and what differs in the row."""
    definition, forgotten = 0, 0
    versions: dict[str, list[FormVersion]] = {}
    for event in events:
        body = event.body
        if "version" in body:
            definition = int(body["version"])
        if body.get(FORGOTTEN_TEXTS):
            forgotten = event.seq
        for form, answers in _given(body):
            one = FormVersion(
                form=form,
                seq=event.seq,
                definition=definition,
                answers=answers,
                texts=str(body.get(TEXTS_DIGEST, "")),
                ids=tuple(dict.fromkeys(ids_in(body))) if TEXTS_DIGEST in body else (),
                signatures=tuple(body.get("signatures", ())) if body.get("form") == form else (),
                changed=event.kind in _CHANGING,
            )
            versions.setdefault(form, []).append(one)
    rows: Mapping[str, Any] = without_texts(case.forms)
    found = {}
    for form in dict.fromkeys((*versions, *rows)):
        there = tuple(versions.get(form, ()))
        last = there[-1] if there else None
        altered = tuple(_differing(None if last is None else last.answers, rows.get(form)))
        gone = last is not None and last.seq < forgotten
        if last is not None and not altered and not gone:
            altered = tuple(_other_texts(last, case.personal, forgotten=bool(forgotten)))
        found[form] = FormHistory(versions=there, altered=altered, forgotten=gone and _has_ids(last))
    return found


_CHANGING = frozenset({EventKind.CORRECTED.value, EventKind.MIGRATED.value})


def _given(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    if isinstance(form := body.get("form"), str) and form:
        yield form, body.get("answers") or {}
    if isinstance(forms := body.get("forms"), Mapping):
        yield from forms.items()


def _has_ids(version: FormVersion | None) -> bool:
    return version is not None and next(ids_in(version.answers), None) is not None


def _other_texts(version: FormVersion, kept: KeptTexts | None, *, forgotten: bool) -> Iterator[str]:
    """Yield the personal answers of a version where a text of its entry is not what it was."""
    answers = version.answers or {}
    names = [name for name, value in answers.items() if next(ids_in(value), None) is not None]
    texts = {} if kept is None else kept.texts
    if names and version.texts:
        whole = {one: texts[one] for one in version.ids if one in texts}
        if texts_digest("" if kept is None else kept.key, whole) != version.texts:
            # Which of the texts it is can be said only where one is missing: the digest is of all of them.
            missing = [name for name in names if any(one not in texts for one in ids_in(answers[name]))]
            yield from missing or names
    elif not forgotten:
        yield from (name for name in names if any(one not in texts for one in ids_in(answers[name])))


def _differing(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Yield where two answers differ, by the names that lead there."""
    if isinstance(before, Mapping) and isinstance(now, Mapping) and MARK not in {**before, **now}:
        for name in sorted({**before, **now}):
            there = f"{path}.{name}" if path else str(name)
            if (name in before) != (name in now):
                yield there
            else:
                yield from _differing(before[name], now[name], there)
    elif type(before) is str is type(now):
        if before != now:
            yield path
    elif canonical(before) != canonical(now):
        yield path


def altered_sentences(histories: Mapping[str, FormHistory], forms: Mapping[str, Form]) -> dict[str, Message]:
    """Return form -> the sentence that says which of its answers are not those of the history."""
    return {
        name: altered_sentence(found, forms.get(name), name)
        for name, found in histories.items()
        if found.altered
    }


def altered_sentence(found: FormHistory, form: Form | None, name: str) -> Message:
    """Return the sentence that says which answers of a form are not those of the history."""
    title = name if form is None else form.title
    titles = {} if form is None else {asked.name: asked.title for asked in form.fields}
    if "" in found.altered:
        return say("《{form}》与历史不符：整张表单在办理以外被增删", form=title)
    heads = dict.fromkeys(path if "." in path else titles.get(path, path) for path in found.altered)
    names, more = list(heads)[:_NAMED], len(heads) - _NAMED
    if more > 0:
        return say(
            "《{form}》的{fields}等 {count} 项与历史不符：在办理以外被改动",
            form=title,
            fields=names,
            count=len(heads),
        )
    return say("《{form}》的{fields}与历史不符：在办理以外被改动", form=title, fields=names)


def person_of(actor: str) -> str:
    """Return who did something, as papers name people; empty where it was nobody of the bureau."""
    return "" if actor in (ENGINE, FIRM, SYSTEM) else actor


def forms_given(events: Iterable[Event], zone: tzinfo) -> tuple[FormGiven, ...]:
    """Return each form a history gives as it was last given, in the order in which that was."""
    found: dict[str, FormGiven] = {}
    for event in events:
        name = event.body.get("form")
        if isinstance(name, str):
            found.pop(name, None)
            by, principal = person_of(event.actor), str(event.body.get("for") or "")
            found[name] = FormGiven(name, by, event.at.astimezone(zone).date(), event.seq, principal)
    return tuple(found.values())
