"""核验归档包：任何一个字节被改动都会指出是哪个文件。只用 Python 3.9 以上，不用别的。

Checks an archive package (BagIt, RFC 8493) and names every file that was changed.

    python verify.py             the folder this program is in
    python verify.py FILE.zip    a package as it was handed over
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import struct
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from engine.documents.package.filed_papers import files_unlike, papers_unlike, without_pdf
from engine.documents.package.recomputed import Problem, differing, read_back, recomputed
from engine.documents.package.sentences import SENTENCES

FORMAT = "ssj-archive/3"
SHA256, SHA512 = "tagmanifest-sha256.txt", "tagmanifest-sha512.txt"
MANIFEST, INFO, DECLARATION = "manifest-sha256.txt", "bag-info.txt", "bagit.txt"
HISTORY, SIGNATURES = "data/history.jsonl", "data/signatures.json"
ANSWERS, PERSONAL = "data/answers.json", "data/personal.json"
PAPERS, CASE = "data/papers.json", "data/case.json"
DOCUMENTS, PUBLICATIONS, EVIDENCE = "data/documents/", "data/publications/", "data/evidence/"
DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
GENESIS = "0" * 64
CHUNK = 1 << 20
#: What Python leaves beside this program where it is imported.
COMPILED = re.compile(r"__pycache__/verify\.[a-z0-9.-]+\.pyc")
#: The longest line of a history, and the longest file that is read as a whole.
MOST = 20000000
TIME = (1980, 1, 1, 0, 0, 0)

#: Whatever the libraries raise for bytes that are no sound package. RecursionError is a RuntimeError.
_ERRORS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError),
    *(ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError),
)


class PackageFiles(Protocol):
    """The files of a package, wherever they are."""

    def names(self) -> list[str]: ...

    def pieces(self, name: str) -> Iterator[bytes]: ...


class Folder:
    """A package that was unpacked; no link is followed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> list[str]:
        """Return the names of all files, sorted."""
        # A link to a folder is listed among the folders and not entered: it is a file that does not belong here.
        found = [
            (Path(folder) / name).relative_to(self.path).as_posix()
            for folder, folders, files in os.walk(self.path)
            for name in [*files, *(one for one in folders if (Path(folder) / one).is_symlink())]
        ]
        return sorted(name for name in found if not COMPILED.fullmatch(name))

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        full = self.path / name
        if full.is_symlink():
            raise ValueError(name)
        with full.open("rb") as stream:
            while part := stream.read(CHUNK):
                yield part


class Packed:
    """A package as one file: a folder with the bag in it."""

    def __init__(self, archive: zipfile.ZipFile, base: str) -> None:
        self.archive = archive
        self.base = base

    def names(self) -> list[str]:
        """Return the names of all files in the folder, sorted."""
        return sorted(
            name[len(self.base) :] for name in self.archive.namelist() if name.startswith(self.base)
        )

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file piece by piece."""
        with self.archive.open(self.base + name) as stream:
            while part := stream.read(CHUNK):
                yield part


def problems(path: Path) -> list[Problem]:
    """Return what is wrong with a package, as (code, values) of SENTENCES; nothing where it is whole."""
    if path.is_dir():
        return check(Folder(path))
    try:
        archive = zipfile.ZipFile(path)
    except _ERRORS:
        return [("unreadable", {})]
    with archive:
        try:
            entries = archive.infolist()
            bad = wrongly_packed(entries, path.stat().st_size)
            names = archive.namelist()
            bases = sorted({name.split("/")[0] + "/" for name in names if "/" in name})
        except _ERRORS:
            return [("unreadable", {})]
        if bad:
            return bad
        tagged = [base for base in bases if base + DECLARATION in names]
        base = (tagged or bases or [""])[0]
        found: list[Problem] = [
            ("added", {"name": name}) for name in sorted(names) if not name.startswith(base)
        ]
        found += check(Packed(archive, base))
        try:
            return found or compare(path, archive)
        except _ERRORS:
            return [("unreadable", {})]


def wrongly_packed(entries: list[zipfile.ZipInfo], size: int) -> list[Problem]:
    """Name the entries no package has: compressed ones, and those larger than the file they are in."""
    found: list[Problem] = [
        ("packed", {"name": one.filename}) for one in entries if one.compress_type != zipfile.ZIP_STORED
    ]
    if not found and sum(one.file_size for one in entries) > size:
        found = [("larger", {"name": max(entries, key=lambda one: one.file_size).filename})]
    return found


def check(source: PackageFiles) -> list[Problem]:
    """Return what is wrong with the files of a package."""
    digests: dict[str, str] = {}
    wider: dict[str, str] = {}
    broken: list[str] = []
    names = source.names()
    for name in names:
        one, two = hashlib.sha256(), hashlib.sha512()
        try:
            for part in source.pieces(name):
                one.update(part)
                two.update(part)
        except _ERRORS:
            broken.append(name)
        digests[name], wider[name] = one.hexdigest(), two.hexdigest()
    found: list[Problem] = [("damaged", {"name": name}) for name in broken]
    if MANIFEST not in digests or (SHA256 not in digests and SHA512 not in digests):
        return found or [("no-bag", {})]
    changed, more = check_tags(source, digests, wider)
    found += more
    changed.update(broken)
    found += check_payload(source, digests, MANIFEST in changed, broken)
    named = {values["name"] for _, values in found if "name" in values}
    if INFO in digests and INFO not in named:
        found += check_info(source, names, named)
    if SIGNATURES in digests and SIGNATURES not in named:
        found += check_signatures(source, digests)
    held = {HISTORY, ANSWERS, PERSONAL, INFO}
    if HISTORY in digests and not held & named and is_held(source):
        found += [one for one in held_against_history(source) if one[0] != "earlier"]
        found += check_files(source, digests, named)
    if HISTORY in digests and PAPERS in digests and not {HISTORY, PAPERS, CASE, PERSONAL} & named:
        found += check_papers(source, digests)
    return found


def check_papers(source: PackageFiles, digests: dict[str, str]) -> list[Problem]:
    """Hold papers, publications and whom the case is about against what the history says of them."""
    try:
        texts = {name[len(DOCUMENTS) :]: digests[name] for name in digests if name.startswith(DOCUMENTS)}
        listed = [json.loads(read(source, name)) for name in digests if name.startswith(PUBLICATIONS)]
        published = {one["id"]: one for one in listed}
        rows = json.loads(read(source, PAPERS))
        found = papers_unlike(map(json.loads, lines(source, HISTORY)), texts, rows, published)
        first = json.loads(next(lines(source, HISTORY)))["body"].get("subject")
        kept = json.loads(read(source, PERSONAL))["texts"] if PERSONAL in digests else {}
        if first is not None and list(
            differing(read_back(first, kept), json.loads(read(source, CASE))["subject"])
        ):
            found.append(("subject", {}))
        return found
    except _ERRORS:
        return [("changed", {"name": PAPERS})]


def check_files(source: PackageFiles, digests: dict[str, str], named: set[str]) -> list[Problem]:
    """Hold the kept files of the case against the digests the history has of them; those `named` already are left out."""
    kept = {name[len(EVIDENCE) :]: digests[name] for name in digests if name.startswith(EVIDENCE)}
    known = {name[len(EVIDENCE) :] for name in named if name.startswith(EVIDENCE)}
    try:
        return files_unlike(map(json.loads, lines(source, HISTORY)), kept, known)
    except _ERRORS:
        return [("changed", {"name": HISTORY})]


def check_tags(
    source: PackageFiles, digests: dict[str, str], wider: dict[str, str]
) -> tuple[set[str], list[Problem]]:
    """Two lists speak of the same files: where one of them is wrong alone, it is the one that was changed."""
    one, one_exact = read_list(source, SHA256, 64)
    two, two_exact = read_list(source, SHA512, 128)
    changed = {name for name, exact in ((SHA256, one_exact), (SHA512, two_exact)) if not exact}
    gone = {name for name in (SHA256, SHA512) if name not in digests}
    tags = {name for name in digests if not name.startswith("data/")} - {SHA256, SHA512}
    found: list[Problem] = []
    for name in sorted(tags | set(one) | set(two)):
        fits = (one.get(name) == digests.get(name), two.get(name) == wider.get(name))
        if fits == (False, True):
            changed.add(SHA256)
        elif fits == (True, False):
            changed.add(SHA512)
        elif fits == (False, False):
            if name not in digests:
                gone.add(name)
            elif name not in one and name not in two:
                found.append(("added", {"name": name}))
            else:
                changed.add(name)
    found += [("missing", {"name": name}) for name in sorted(gone)]
    return changed, found + [("changed", {"name": name}) for name in sorted(changed - gone)]


def check_payload(
    source: PackageFiles, digests: dict[str, str], unsure: bool, broken: list[str]
) -> list[Problem]:
    """Hold every file below data/ against the manifest."""
    listed, _ = read_list(source, MANIFEST, 64)
    found: list[Problem] = []
    for name in sorted(set(listed) | {name for name in digests if name.startswith("data/")}):
        if name in broken or listed.get(name) == digests.get(name):
            continue
        if unsure:
            found.append(("unsure", {"name": name}))
        elif name not in digests:
            found.append(("missing", {"name": name}))
        else:
            found.append(("added" if name not in listed else "changed", {"name": name}))
    return found


def check_info(source: PackageFiles, names: list[str], named: set[str]) -> list[Problem]:
    """Hold the sizes and the head of the history against bag-info.txt."""
    info: dict[str, str] = {}
    found: list[Problem] = []
    try:
        for line in read(source, INFO).decode("utf-8").splitlines():
            key, _, value = line.partition(": ")
            info[key] = value
        if read(source, DECLARATION) != DECLARED:
            return [("no-bag", {})]
    except _ERRORS:
        return [("changed", {"name": INFO})]
    payload = [name for name in names if name.startswith("data/")]
    size = sum(len(part) for name in payload if name not in named for part in source.pieces(name))
    if not any(name in named for name in payload) and info.get("Payload-Oxum") != f"{size}.{len(payload)}":
        found.append(("info", {}))
    if HISTORY in payload and HISTORY not in named:
        found += check_history(source, info)
    return found


def check_history(source: PackageFiles, info: dict[str, str]) -> list[Problem]:
    """Compute every hash of the history anew."""
    previous, expected = GENESIS, 1
    found: list[Problem] = []
    try:
        for line in lines(source, HISTORY):
            event = json.loads(line)
            body = json.dumps(event["body"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            parts = [
                previous,
                event["stream"],
                str(event["seq"]),
                event["at"],
                event["actor"],
                event["kind"],
                body,
            ]
            right = hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()
            if event["seq"] != expected or event["previous"] != previous or event["hash"] != right:
                found.append(("event", {"seq": event["seq"]}))
            previous, expected = event["hash"], event["seq"] + 1
    except _ERRORS:
        return [("changed", {"name": HISTORY})]
    if not found and (info.get("Chain-Head") != previous or info.get("Event-Count") != str(expected - 1)):
        found.append(("events", {}))
    return found


def check_signatures(source: PackageFiles, digests: dict[str, str]) -> list[Problem]:
    """A signature holds for the bytes that were signed, and for no others."""
    found: list[Problem] = []
    try:
        rows = json.loads(read(source, SIGNATURES).decode("utf-8"))
        lost = [
            row
            for row in rows
            if not (row["holds"] or row.get("earlier")) or digests.get(row["file"]) != row["sha256"]
        ]
        found += [("signature", {"person": str(row["person"]), "record": str(row["title"])}) for row in lost]
    except _ERRORS:
        return [("changed", {"name": SIGNATURES})]
    return found


def is_held(source: PackageFiles) -> bool:
    """Tell whether a package is of the format whose answers and signatures are held against its history."""
    return f"Package-Format: {FORMAT}" in read(source, INFO).decode("utf-8").splitlines()


def held_against_history(source: PackageFiles) -> list[Problem]:
    """Compute answers and signatures anew from the history, and name what is other than it says."""
    try:
        said, kept = json.loads(read(source, ANSWERS)), json.loads(read(source, PERSONAL))
        rows = json.loads(read(source, SIGNATURES)) if SIGNATURES in source.names() else []
        return recomputed(map(json.loads, lines(source, HISTORY)), said, kept, rows)
    except _ERRORS:
        return [("changed", {"name": ANSWERS})]


def notes(path: Path) -> list[Problem]:
    """Return what is to be said of a package that is whole: signatures on what was lawfully changed, documents without PDF."""
    if path.is_dir():
        return notes_of(Folder(path))
    with zipfile.ZipFile(path) as archive:
        return notes_of(Packed(archive, archive.namelist()[0].split("/")[0] + "/"))


def notes_of(source: PackageFiles) -> list[Problem]:
    """Return the signatures on an earlier version of their form, and the documents without PDF."""
    held = HISTORY in source.names() and is_held(source)
    lacking = without_pdf(source.names())
    found = [one for one in held_against_history(source) if one[0] == "earlier"] if held else []
    return found + ([("no-pdf", {"names": ", ".join(lacking)})] if lacking else [])


def read_list(source: PackageFiles, name: str, digits: int) -> tuple[dict[str, str], bool]:
    """Return name -> digest as a manifest lists them, and whether it is written as such a list always is."""
    line = re.compile(f"([0-9a-f]{{{digits}}})  (.+)")
    try:
        content = read(source, name)
        rows = [line.fullmatch(row) for row in content.decode("utf-8").split("\n")[:-1]]
    except _ERRORS:
        return {}, False
    listed = {row[2]: row[1] for row in rows if row}
    again = "".join(f"{listed[key]}  {key}\n" for key in sorted(listed))
    return listed, again.encode("utf-8") == content


def read(source: PackageFiles, name: str) -> bytes:
    """Return a file as a whole, up to a bound."""
    content = b""
    for part in source.pieces(name):
        content += part
        if len(content) > MOST:
            raise ValueError(name)
    return content


def lines(source: PackageFiles, name: str) -> Iterator[str]:
    """Yield the lines of a file."""
    rest = b""
    for part in source.pieces(name):
        rows = (rest + part).split(b"\n")
        rest = rows.pop()
        for row in rows:
            yield row.decode("utf-8")
        if len(rest) > MOST:
            raise ValueError(name)
    if rest:
        yield rest.decode("utf-8")


def entry_of(name: str) -> zipfile.ZipInfo:
    """Return what a package says of one of its files: nothing that differs between two machines."""
    entry = zipfile.ZipInfo(name, TIME)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def compare(path: Path, archive: zipfile.ZipFile) -> list[Problem]:
    """Pack the files again and hold the two files against each other: every byte of the ZIP counts."""
    with tempfile.TemporaryFile() as made:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as again:
            for name in sorted(archive.namelist()):
                entry = entry_of(name)
                entry.file_size = archive.getinfo(name).file_size
                with again.open(entry, "w") as target, archive.open(name) as stream:
                    for part in iter(lambda: stream.read(CHUNK), b""):
                        target.write(part)
            starts = sorted((entry.header_offset, entry.filename) for entry in again.infolist())
            directory = again.start_dir
        made.seek(0)
        place = 0
        with path.open("rb") as given:
            while True:
                one, two = given.read(CHUNK), made.read(CHUNK)
                if one != two:
                    short = min(len(one), len(two))
                    place += next((at for at in range(short) if one[at] != two[at]), short)
                    break
                if not one:
                    return []
                place += len(one)
    before = [name for start, name in starts if start <= place]
    if place < directory and before:
        return [("entry", {"name": before[-1], "place": place})]
    return [("directory", {"place": place})]


def filled(sentence: str, values: dict[str, Any]) -> str:
    """Return a sentence with the values for its names."""
    return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), sentence)


def main(arguments: list[str]) -> int:
    """Print what is wrong; return 1 where something is."""
    path = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    found = problems(path)
    for code, values in found:
        for sentence in SENTENCES[code]:
            # A name that is no text is printed as it can be.
            print(filled(sentence, values).encode("utf-8", "backslashreplace").decode("utf-8"))
    for code, values in [] if found else notes(path):
        print(*(filled(sentence, values) for sentence in SENTENCES[code]), sep="\n")
    if not found:
        print("核验通过：每个字节都与归档时相同。")
        print("whole: every byte is as it was filed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
