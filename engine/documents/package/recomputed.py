"""What a package says of answers and signatures, computed anew from its history. A part of `verify.py` (see `bag`).

It needs the standard library alone, Python 3.9 or later, and what it reads is what the history of any case holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

# ==== what follows goes into verify.py ====

Problem = tuple[str, dict[str, Any]]
#: What the history has in the place of a personal text, and what is read of a text that is destroyed.
MARK, GONE = "@personal", object()


def recomputed(
    events: Iterable[dict[str, Any]], said: dict[str, Any], kept: dict[str, Any], rows: list[dict[str, Any]]
) -> list[Problem]:
    """Name the answers, personal texts and signatures that are other than the history says.

    `said` are the answers by form, `kept` the personal texts with their key, `rows` the signatures.
    """
    texts = kept["texts"]
    history = FormsOfHistory(texts)
    for event in events:
        history.take(event)
    found: list[Problem] = []
    for seq, names, digest in history.texts:
        there = {name: texts[name] for name in names if name in texts}
        made = hashlib.sha256(kept["key"].encode() + b"\n" + canonical(there)[:-1]).hexdigest()
        if seq > history.forgotten and made != digest:
            found.append(("text", {"seq": seq}))
    for form in sorted({*said, *history.forms}):
        before = history.forms[form][-1]["answers"] if form in history.forms else None
        fields = differing(read_back(before, texts), said.get(form))
        found += [("answer", {"form": form, "field": field or "*"}) for field in fields]
    return found + history.signatures_unlike(rows)


class FormsOfHistory:
    """What a history says of the forms of its case and of who signed them."""

    def __init__(self, kept: dict[str, str]) -> None:
        self.kept = kept
        self.definition = self.forgotten = 0
        #: form -> its versions, each as it is signed
        self.forms: dict[str, list[dict[str, Any]]] = {}
        #: Number of the event, the ids of personal texts in it, their digest.
        self.texts: list[tuple[int, list[str], str]] = []
        #: id of a signature -> who signed, which record; its digest, or the number of the version of the form
        self.signed: dict[str, tuple[Any, str, Any]] = {}
        #: id of a signature -> how, when, on whose device and by whom it was given: what its entry says of it.
        self.given: dict[str, dict[str, Any]] = {}

    def take(self, event: dict[str, Any]) -> None:
        """Take the next event."""
        body, seq = event["body"], event["seq"]
        self.definition = body.get("version", self.definition)
        if body.get("forgotten"):
            self.forgotten = seq
        if "texts_sha256" in body:
            self.texts.append((seq, list(ids_in(body)), body["texts_sha256"]))
        given = dict(body.get("forms") or {})
        form = body.get("form")
        if form:
            given[form] = body.get("answers") or {}
        for name, answers in given.items():
            version = {"answers": answers, "definition": self.definition, "form": name}
            self.forms.setdefault(name, []).append({**version, "texts": body.get("texts_sha256", "")})
        if form and "signatures" in body:
            people: dict[Any, str] = {}
            for one in body["signatures"]:
                people.setdefault((one["person"], one.get("for")), one["at"])
            for number, ((person, _), when) in enumerate(people.items(), 1):
                name = f"{event['stream']}/E{seq}-{number}"
                self.signed[name] = (person, form, len(self.forms[form]) - 1)
                self.given[name] = {"way": "step", "device": "", "at": when, "by": person}
        elif event["kind"] == "recorded" and "signature" in body:
            signer = read_back(body["signer"], self.kept)
            self.signed[body["signature"]] = (signer, body["record"], body["sha256"])
            # Entries of before name no seal and no picture.
            names = ("way", "device", "seal", "picture")
            said = {name: read_back(body[name], self.kept) for name in names if name in body}
            self.given[body["signature"]] = {**said, "at": event.get("at"), "by": event.get("actor")}

    def signatures_unlike(self, rows: list[dict[str, Any]]) -> list[Problem]:
        """Name the signatures that are not those of the history, and those on an earlier version of their form."""
        found: list[Problem] = []
        there = {row["id"]: row for row in rows}
        for name in sorted({*there, *self.signed}):
            row = there.get(name, {})
            person, record, bound = self.signed.get(name, ("", "", None))
            if person is GONE:
                # Whoever it was is destroyed with the texts of the case.
                person = row.get("person", "")
            who = {"id": name, "person": row.get("name") or row.get("person") or person}
            versions = self.forms.get(record, [])
            last = len(versions) - 1
            at = bound if isinstance(bound, int) else self.version_of(versions, bound)
            right = hashlib.sha256(canonical(versions[at])).hexdigest() if isinstance(bound, int) else bound
            said = (row.get("person"), row.get("record"), row.get("sha256"))
            other = any(
                value is not GONE and row.get(key) != value for key, value in self.given.get(name, {}).items()
            )
            if said != (person, record, right) or other or (versions and (at < last) != row["earlier"]):
                found.append(("unsigned", who))
            elif versions and at < last:
                found.append(("earlier", {**who, "record": row["title"]}))
        return found

    def version_of(self, versions: list[dict[str, Any]], digest: Any) -> int:
        """Return the number of the newest version that has a digest, from 0; the last where none has it."""
        for at in reversed(range(len(versions))):
            clear = read_back(versions[at]["answers"], self.kept)
            if digest in (sha256_of(versions[at]), sha256_of(clear)):
                return at
        return len(versions) - 1


def canonical(value: Any) -> bytes:
    """Return a value as it is signed: one line of JSON in one shape only."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return (text + "\n").encode("utf-8", "backslashreplace")


def sha256_of(value: Any) -> str:
    """Return the digest of a value as it is signed; "" of one with texts that are destroyed."""
    try:
        return hashlib.sha256(canonical(value)).hexdigest()
    except TypeError:
        return ""


def ids_in(value: Any) -> Iterator[str]:
    """Yield the ids of the personal texts in a value, each once."""
    if isinstance(value, dict) and list(value) == [MARK]:
        yield value[MARK]
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from ids_in(one)


def read_back(value: Any, texts: dict[str, str]) -> Any:
    """Return a value with the personal texts in the place of their ids."""
    if isinstance(value, dict):
        if list(value) == [MARK]:
            return texts.get(value[MARK], GONE)
        return {name: read_back(one, texts) for name, one in value.items()}
    return [read_back(one, texts) for one in value] if isinstance(value, list) else value


def differing(before: Any, now: Any, path: str = "") -> Iterator[str]:
    """Yield where two answers differ."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted({**before, **now}):
            there = f"{path}.{name}" if path else name
            if (name in before) != (name in now):
                yield there
            else:
                yield from differing(before[name], now[name], there)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for number, one in enumerate(before):
            yield from differing(one, now[number], f"{path}[{number}]")
    elif before is not GONE and (type(before) is not type(now) or before != now):
        yield path
