"""No answer of a filed case of the year can be rewritten, put in or taken out of its row without every face saying so.

Each case the year has filed or closed is walked along: every answer of every form, its personal ones too, is changed, taken
out, and given a neighbour; a form is put in and taken out. An answer at the same place of the same form is tried once.
"""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from engine.app.commands.application import Application
from engine.app.papers.completeness import piece_states
from engine.app.papers.form_versions import altered_sentences, form_histories
from engine.app.papers.signing import signature_states
from engine.app.ports.case_file import CaseFile
from engine.app.ports.store import Transaction
from engine.app.queries.cases import show_case
from engine.app.queries.papers.archive import check_archive, read_archive
from engine.app.queries.papers.signing import list_signatures
from engine.app.services import Services
from engine.app.session.scope import own_scope
from engine.app.session.unit_of_work import UnitOfWork
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.documents.archive import package_bytes
from engine.documents.package import verify
from engine.documents.package.contents import package_of
from engine.documents.package.recomputed import Problem
from engine.kernel.refusal import Refusal
from engine.lifecycle.case import Case
from engine.lifecycle.forms.personal import MARK
from engine.store.case_codec import case_of
from tests.demonstration import demonstration

VIEWER = "archivist"
#: How many cases of one workflow are walked along.
CASES = 2


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What was done to the body of a row: to which form, at which place of it, how."""

    form: str
    place: str
    how: str
    body: dict[str, Any]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demonstration(tmp_path_factory) / "demo"


def other(value: Any) -> Any:
    """Return another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    return f"{value}x" if isinstance(value, str) else "x" if value is None else [*value, "x"]


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the way to every answer, mappings and rows among them."""
    if isinstance(value, dict) and list(value) != [MARK]:
        for name, one in value.items():
            yield (*path, name)
            yield from places(one, (*path, name))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield (*path, number)
            yield from places(one, (*path, number))


def rewritings(body: dict[str, Any]) -> Iterator[Rewriting]:
    """Yield every rewriting of the answers of a row."""
    for form, answers in body.get("forms", {}).items():
        for path in places(answers):
            place = ".".join("#" if isinstance(one, int) else one for one in path)
            for how in ("change", "delete", "insert"):
                yield Rewriting(form, place, how, rewritten(body, (form, *path), how))
        gone = deepcopy(body)
        del gone["forms"][form]
        yield Rewriting(form, "", "delete", gone)
    put = deepcopy(body)
    put.setdefault("forms", {})["forged"] = {"a": 1}
    yield Rewriting("forged", "", "insert", put)


def rewritten(body: dict[str, Any], path: tuple[str | int, ...], how: str) -> dict[str, Any]:
    made = deepcopy(body)
    *way, last = path
    holder: Any = made["forms"]
    for one in way:
        holder = holder[one]
    value = holder[last]
    if how == "insert":
        if isinstance(holder, list):
            holder.insert(int(last), "forged")
        else:
            holder[f"{last}_forged"] = value
    elif isinstance(value, dict) and list(value) == [MARK]:
        texts = made["personal"]["texts"]
        if how == "change":
            texts[value[MARK]] += "x"
        else:
            del texts[value[MARK]]
    elif how == "delete":
        del holder[last]
    else:
        holder[last] = {**value, "forged": 1} if isinstance(value, dict) else other(value)
    return made


def filed_rows(home: Path) -> dict[str, list[Any]]:
    """Return the rows of some cases of each workflow that are over, by id."""
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as database:
        names = database.execute(
            'SELECT id, workflow FROM "case" WHERE closed_at IS NOT NULL ORDER BY length(body) DESC, id'
        ).fetchall()
        chosen: dict[str, list[str]] = {}
        for name, workflow in names:
            if len(chosen.setdefault(workflow, [])) < CASES:
                chosen[workflow].append(name)
        return {
            name: list(
                database.execute(
                    "SELECT id, workflow, version, state, rev, head, parent, section, subject_id, title, opened_at,"
                    ' entered_at, closed_at, suspended_at, assignee, body FROM "case" WHERE id = ?',
                    (name,),
                ).fetchone()
            )
            for several in chosen.values()
            for name in several
        }


class Faces:
    """What every face says of a case, as it stands in its row."""

    def __init__(self, application: Application, transaction: Transaction, found: CaseFile) -> None:
        services = Services(application.store, application.clock, application.definitions)
        self.uow = UnitOfWork(services, transaction, application.clock.now())
        self.transaction = transaction
        viewer = self.uow.people.actor(VIEWER)
        assert viewer is not None
        self.viewer = viewer
        # What a rewriting of answers leaves as it is.
        self.found = replace(found, documents=[], draw={}, files=[], papers=[], publications=[])

    def silent(self, case: Case, form: str) -> list[str]:
        """Return the faces that say nothing of a rewritten form."""
        forms = self.found.forms
        altered = altered_sentences(form_histories(self.found.events, case), forms)
        signatures = signature_states(self.transaction, case, self.found.events)
        pieces = piece_states(self.uow, case, own_scope(self.uow, case, self.viewer))
        file = replace(
            self.found, case=case, signatures=signatures, altered=tuple(altered.values()), pieces=pieces
        )
        files = package_of(file, {})
        said = {
            "case": set(altered) == {form},
            "signatures": not any(one.holds for one in signatures if one.signature.record == form),
            "archive check": altered[form] in [m for one in pieces for m in one.missing]
            if form in altered
            else False,
            "package": b"Complete: no" in files[f"{case.id}/bag-info.txt"],
            "verify": bool(problems_of(files)),
        }
        return [face for face, says in said.items() if not says]


def problems_of(files: dict[str, bytes]) -> list[Problem]:
    with zipfile.ZipFile(io.BytesIO(package_bytes(files))) as package:
        base = package.namelist()[0].split("/")[0] + "/"
        return verify.check(verify.Packed(package, base))


def test_every_face_says_of_every_answer_that_it_was_rewritten(home: Path) -> None:
    application = open_application(find_home(str(home)))
    tried: set[tuple[str, str, str, str]] = set()
    silent = []
    try:
        with application.store.read() as transaction:
            for name, row in filed_rows(home).items():
                found = read_archive(application, VIEWER, name)
                assert not isinstance(found, Refusal)
                faces = Faces(application, transaction, found)
                for one in rewritings(json.loads(row[15])):
                    key = (row[1], one.form, one.place, one.how)
                    if key in tried:
                        continue
                    tried.add(key)
                    case = case_of([*row[:15], json.dumps(one.body)])
                    silent += [(name, *key, face) for face in faces.silent(case, one.form)]
    finally:
        application.store.close()
    assert silent == []
    assert len(tried) > 1000


def test_a_filed_case_rewritten_in_the_database_says_so_wherever_it_is_looked_at(home: Path) -> None:
    application = open_application(find_home(str(home)))
    try:
        name, row = next(
            (name, row)
            for name, row in filed_rows(home).items()
            if "onsite_check" in json.loads(row[15]).get("forms", {})
        )
        body = json.loads(row[15])
        whole = list_signatures(application, VIEWER, name)
        assert not isinstance(whole, Refusal)
        assert [one.holds for one in whole] == [True] * 4
        body["forms"]["onsite_check"]["visited_on"] = "2024-01-01"
        write(home, name, json.dumps(body))
        try:
            view = show_case(application, VIEWER, name, as_person=VIEWER)
            assert not isinstance(view, Refusal)
            assert [str(one) for one in view.altered] == [
                "《现场检查记录》的检查日期与历史不符：在办理以外被改动"
            ]
            assert [one.holds for one in view.signatures] == [True, True, False, False]
            pieces = check_archive(application, VIEWER, name)
            assert not isinstance(pieces, Refusal)
            missing = [str(message) for one in pieces for message in one.missing]
            assert missing[0] == str(view.altered[0])
            assert sum("签名已失效" in one for one in missing) == 2
        finally:
            write(home, name, row[15])
    finally:
        application.store.close()


def write(home: Path, case: str, body: str) -> None:
    with closing(sqlite3.connect(home / "data" / "ssj.db")) as database:
        database.execute('UPDATE "case" SET body = ? WHERE id = ?', (body, case))
        database.commit()
