"""The language server: documents as they are typed, the checker over them, and the answers an editor asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from engine.authoring.language_server.messages import MessageError, read_message, write_message
from engine.authoring.language_server.names_at import ids_at, meaning_of, own_id, word_at
from engine.definition.file_discovery import surrounding_files
from engine.definition.library import Loaded, load_paths
from engine.language import say
from engine.yamltext.problem import Problem, Severity

#: As the protocol numbers them.
_SEVERITIES: Mapping[Severity, int] = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.ADVICE: 3}
_METHOD_NOT_FOUND, _INVALID_PARAMS, _REFERENCE = -32601, -32602, 18


class _LackingError(Exception):
    """A message lacks a part, or it is of the wrong kind: `part` is its name in the protocol."""

    def __init__(self, part: str) -> None:
        super().__init__(part)
        self.part = part


def _part(given: Any, name: str, kind: type[Any]) -> Any:
    """Return a part of a message. Raises _LackingError where it is not there, or of another kind."""
    found = given.get(name) if isinstance(given, dict) else None
    # True and false are whole numbers to Python, and none to the protocol.
    if not isinstance(found, kind) or (kind is int and (isinstance(found, bool) or found < 0)):
        raise _LackingError(name)
    return found


def _uri(document: Any) -> str:
    """Return the address of a document. Raises _LackingError where it is none a file can have."""
    uri: str = _part(document, "uri", str)
    try:
        named = path_of(uri)
    except ValueError:
        raise _LackingError("uri") from None
    if "\0" in str(named):
        raise _LackingError("uri")
    return uri


@dataclass(slots=True)
class LanguageServer:
    """The documents that are open: uri -> text."""

    documents: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    #: uri -> what was loaded when the definition in it was sound last: it names things while something is wrong.
    _sound: dict[str, Loaded] = field(default_factory=dict)

    def answers(self, message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield what is to be sent for one message."""
        method, number = message.get("method"), message.get("id")
        given: Any = message.get("params") or {}
        if method == "exit":
            self.ended = True
        elif method in ("textDocument/didOpen", "textDocument/didChange", "textDocument/didClose"):
            try:
                yield from self._changed(str(method), given)
            except _LackingError:
                # Nobody waits for an answer: the text stays as it was.
                return
        elif number is not None:
            answer = _ANSWERS.get(str(method))
            if answer is None:
                yield {"id": number, "error": {"code": _METHOD_NOT_FOUND, "message": str(method)}}
                return
            try:
                yield {"id": number, "result": answer(self, given)}
            except _LackingError as lacking:
                said = str(say("请求里没有“{part}”，或者写得不对", part=lacking.part))
                yield {"id": number, "error": {"code": _INVALID_PARAMS, "message": said}}

    def _changed(self, method: str, given: Any) -> Iterator[Mapping[str, Any]]:
        document = _part(given, "textDocument", dict)
        uri = _uri(document)
        if method.endswith("didClose"):
            self.documents.pop(uri, None)
            self._sound.pop(uri, None)
            found: list[Mapping[str, Any]] = []
        else:
            changes = _part(given, "contentChanges", list) if method.endswith("didChange") else []
            self.documents[uri] = _part(changes[-1] if changes else document, "text", str)
            found = [
                _diagnostic(problem, self.documents[uri])
                for problem in self._loaded(uri).problems
                if problem.file == str(path_of(uri))
            ]
        yield {
            "method": "textDocument/publishDiagnostics",
            "params": {"uri": uri, "diagnostics": found},
        }

    def _loaded(self, uri: str) -> Loaded:
        path = path_of(uri)
        around = [file for file in surrounding_files([path]) if file.resolve() != path.resolve()]
        opened = {str(path_of(one)): text.encode() for one, text in self.documents.items() if one != uri}
        others = [file for file in around if str(file) not in opened]
        text = self.documents.get(uri, "").encode()
        loaded = load_paths([], context=others, extra={str(path): text, **opened})
        own = own_id(self.documents.get(uri, ""))
        if own in loaded.workflows or own in loaded.forms:
            self._sound[uri] = loaded
        return loaded

    def _known(self, uri: str) -> Loaded:
        """Return what names are taken from: what is loaded now, and of the file itself what was sound last where it is not."""
        loaded, own = self._loaded(uri), own_id(self.documents.get(uri, ""))
        last = self._sound.get(uri)
        if last is None or own in loaded.workflows or own in loaded.forms:
            return loaded
        library = loaded.library
        workflows = {name: one for name, one in last.workflows.items() if name == own}
        forms = {name: one for name, one in last.forms.items() if name == own}
        named = replace(
            library,
            workflows={**library.workflows, **workflows},
            forms={**library.forms, **forms},
        )
        return replace(loaded, library=named)

    def initialize(self, _: Any) -> Mapping[str, Any]:
        """Return what the server can do."""
        return {
            "capabilities": {
                "textDocumentSync": 1,
                "completionProvider": {"triggerCharacters": [" ", ".", "["]},
                "hoverProvider": True,
            },
            "serverInfo": {"name": "ssj"},
        }

    def completion(self, given: Any) -> list[Mapping[str, Any]]:
        """Return the ids that may stand at a position."""
        uri, line, column = self._place(given)
        text = self.documents.get(uri, "")
        found = ids_at(text, line[:column], self._known(uri))
        return [{"label": name, "kind": _REFERENCE, "detail": title} for name, title in found.items()]

    def hover(self, given: Any) -> Mapping[str, Any] | None:
        """Return what the word at a position means."""
        uri, line, column = self._place(given)
        word = word_at(line, column)
        lines = meaning_of(word, self.documents.get(uri, ""), self._known(uri)) if word else []
        return {"contents": {"kind": "plaintext", "value": "\n".join(lines)}} if lines else None

    def _place(self, given: Any) -> tuple[str, str, int]:
        uri = _uri(_part(given, "textDocument", dict))
        position = _part(given, "position", dict)
        lines = self.documents.get(uri, "").split("\n")
        number = _part(position, "line", int)
        line = lines[number] if number < len(lines) else ""
        return uri, line, _characters(line, _part(position, "character", int))

    def shutdown(self, _: Any) -> None:
        """Answer that the server is ready to end."""


_ANSWERS: Mapping[str, Any] = {
    "initialize": LanguageServer.initialize,
    "textDocument/completion": LanguageServer.completion,
    "textDocument/hover": LanguageServer.hover,
    "shutdown": LanguageServer.shutdown,
}


def serve(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    """Answer messages until the editor ends the session, or goes away."""
    server = LanguageServer()
    while not server.ended:
        try:
            message = read_message(incoming)
        except MessageError:
            return
        if message is None:
            return
        for answer in server.answers(message):
            write_message(outgoing, answer)


def path_of(uri: str) -> Path:
    """Return the file a document is."""
    parts = urlsplit(uri)
    text = unquote(parts.path)
    # file:///C:/folder on Windows
    return Path(text[1:] if len(text) > 2 and text[2] == ":" else text)


def _diagnostic(problem: Problem, text: str) -> Mapping[str, Any]:
    lines = text.split("\n")
    line = lines[problem.line - 1] if problem.line <= len(lines) else ""
    end = problem.end_column if problem.end_column > problem.column else problem.column + 1
    said = problem.message
    if problem.hint is not None:
        said = say("{problem}（{hint}）", problem=problem.message, hint=problem.hint)
    return {
        "range": {
            "start": {"line": problem.line - 1, "character": _units(line, problem.column - 1)},
            "end": {"line": problem.line - 1, "character": _units(line, end - 1)},
        },
        "severity": _SEVERITIES[problem.severity],
        "code": problem.rule,
        "source": "ssj",
        "message": str(said),
    }


def _units(line: str, column: int) -> int:
    """Return a column in characters as the protocol counts: in units of UTF-16."""
    return len(line[:column].encode("utf-16-le")) // 2


def _characters(line: str, units: int) -> int:
    """Return a column of the protocol in characters."""
    return len(line.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
