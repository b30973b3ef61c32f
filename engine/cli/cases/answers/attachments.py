"""Files answered by their path: their bytes are kept with the case before an answer names them, as the page does."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli.cases.answers.typed_answer import MANY_FILES
from engine.cli.exits import REFUSED, CommandError
from engine.files.reading import read_file
from engine.kernel.budget import KEPT_FILE, BudgetExceededError
from engine.kernel.refusal import Refusal
from engine.language import Message, say

if TYPE_CHECKING:
    from engine.app.commands import Caller
    from engine.app.commands.application import Application
    from engine.app.queries.cases import TaskView
    from engine.lifecycle.model.form import Field


class AttachmentError(Exception):
    """A file cannot be an answer; `message` says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.text)
        self.message = message


class Attachments:
    """The files of one case: those it has (`kept`, id -> SHA-256), and those that are kept with it as they are named."""

    def __init__(self, application: Application, by: Caller, case: str, kept: Mapping[str, str]) -> None:
        self._application, self._by, self._case = application, by, case
        self._there = set(kept.values())
        self._names = {name for one, sha256 in kept.items() for name in (one, one.rpartition("/")[2], sha256)}
        #: Digests of what a dry run would have kept.
        self.coming: set[str] = set()

    def answer(self, asked: Field, value: Any) -> Any:
        """Return an answer of files with what is at each path, kept; ids of kept files stay. Raises AttachmentError."""
        if isinstance(value, list):
            return [self._one(asked, one) for one in value]
        answer = self._one(asked, value) if value else value
        return [answer] if asked.type in MANY_FILES and answer else answer

    def _one(self, asked: Field, text: Any) -> Any:
        if not isinstance(text, str) or text in self._names:
            return text
        try:
            path = Path(text).expanduser()
            found = path.is_file()
            content = read_file(path, KEPT_FILE) if found else b""
        except BudgetExceededError as problem:
            raise AttachmentError(say("“{name}”：{problem}", name=text, problem=problem.message)) from None
        except (OSError, ValueError, RuntimeError):
            # No name of a file: too long, with a character none may have, or of nobody's folder; or not to be read.
            found = False
        if not found:
            raise AttachmentError(
                say(
                    "“{title}”：没有文件“{path}”；请写文件的路径，或本件附件的编号",
                    title=asked.title,
                    path=text,
                )
            )
        digest = hashlib.sha256(content).hexdigest()
        if digest not in self._there:
            # Reads zips and pictures; most steps keep no file.
            from engine.app.commands.papers.files import NewFile, keep_file

            outcome = keep_file(
                self._application, self._by, self._case, NewFile(content, path.name, asked.title)
            )
            if isinstance(outcome, Refusal):
                raise AttachmentError(outcome.reasons[0].message)
            self._there.add(digest)
            if self._by.dry_run:
                self.coming.add(digest)
        return {"name": path.name, "sha256": digest}


def attaching(
    application: Application, by: Caller, coming: set[str]
) -> Callable[[TaskView, Field, Any], Any]:
    """Return what keeps the files an answer names with its case and adds to `coming` what a dry run would have kept.

    It raises CommandError where a file cannot be an answer.
    """

    def attach(view: TaskView, asked: Field, value: Any) -> Any:
        files = Attachments(application, by, view.case.id, {one.id: one.sha256 for one in view.files})
        try:
            return files.answer(asked, value)
        except AttachmentError as problem:
            raise CommandError(problem.message, REFUSED) from None
        finally:
            coming.update(files.coming)

    return attach
