"""Sound files of about so many million bytes, for readers without a small limit: ``python large_files.py READER MB``.

Prints the bytes of the file, the seconds of the processor it cost to read it, and the memory of the process above that
of one which has read a small file of the kind.
"""

from __future__ import annotations

import hashlib
import io
import json
import resource
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
for place in (ROOT, ROOT / "tests" / "fuzz"):
    sys.path.insert(0, str(place))

from small_files import a_package  # noqa: E402


def _lines(million: float, line: Callable[[int], str], head: str = "", tail: str = "") -> Iterator[bytes]:
    """Yield lines until there are so many million bytes."""
    yield head.encode()
    size = number = 0
    while size < million * 1_000_000:
        made = line(number).encode()
        size, number = size + len(made), number + 1
        yield made
    yield tail.encode()


def _seals(file: Path, million: float) -> None:
    with file.open("wb") as out:
        head = '{"format": "shuangsuiji-seal/1", "seals": [], "heads": [["a", 1, "00"]'
        out.writelines(_lines(million, lambda n: f',\n["case-{n}", 3, "{"ab" * 32}"]', head, "]}"))


def _labels(file: Path, million: float) -> None:
    with file.open("wb") as out:
        out.writelines(_lines(million, lambda n: f"91990102MA3W{n:06d}\n"))


def _csv(file: Path, million: float) -> None:
    from engine.register.uscc import check_digit

    def row(number: int) -> str:
        code = f"91990102MA{number:07d}"
        return f"{code}{check_digit(code)},示例{number}有限公司,清河区\n"

    with file.open("wb") as out:
        out.writelines(_lines(million, row, "统一社会信用代码,企业名称,区县\n"))


def _archive(file: Path, million: float) -> None:
    from datetime import UTC, datetime

    from engine.documents.archive import event_json, line_of, package_bytes
    from engine.documents.archive_verification import EVENTS, MANIFEST
    from engine.lifecycle.chain import GENESIS, canonical, follow

    with zipfile.ZipFile(io.BytesIO(a_package())) as package:
        files = {name: package.read(name) for name in package.namelist()}
    manifest = json.loads(files[MANIFEST])
    lines, previous, seq, size = [], GENESIS, 0, 0
    while size < million * 1_000_000:
        seq += 1
        event = follow(
            manifest["case"],
            seq,
            datetime(2024, 1, 1, tzinfo=UTC),
            "P01",
            "advanced",
            {"step": "x" * 80},
            previous,
        )
        previous = event.hash
        lines.append(line_of(event_json(event)))
        size += len(lines[-1])
    files[EVENTS] = b"".join(lines)
    manifest |= {"events": seq, "chain_head": previous}
    manifest["files"][EVENTS] = hashlib.sha256(files[EVENTS]).hexdigest()
    files[MANIFEST] = (canonical(manifest) + "\n").encode()
    file.write_bytes(package_bytes(files))


def read_seals(file: Path) -> None:
    """Read seals that somebody kept."""
    from engine.app.audit.verify_seals import SealFileError, read_outside
    from engine.files.reading import read_file
    from engine.kernel.budget import SEALS

    try:
        read_outside(read_file(file, SEALS))
    except SealFileError:
        raise AssertionError(file) from None


def read_labels(file: Path) -> None:
    """Read labels of tickets."""
    from engine.draw.tickets import read_labels
    from engine.files.reading import read_file
    from engine.kernel.budget import LABELS

    assert read_labels(read_file(file, LABELS))


def read_csv(file: Path) -> None:
    """Read a register."""
    from engine.register.import_result import read_register

    assert read_register("objects", file).entries


def read_archive(file: Path) -> None:
    """Verify a package."""
    from engine.documents.archive_verification import verify_package

    assert verify_package(file) == []


LARGE: dict[str, tuple[Callable[[Path, float], None], Callable[[Path], None]]] = {
    "seals": (_seals, read_seals),
    "labels": (_labels, read_labels),
    "csv": (_csv, read_csv),
    "archive": (_archive, read_archive),
}


def main(name: str, million: float) -> None:
    """Make the file in another process, read it in this one, and print what it cost."""
    import subprocess

    _, read = LARGE[name]
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder) / "small.csv", Path(folder) / "large.csv"
        for file, size in ((small, 0.01), (large, million)):
            subprocess.run([sys.executable, __file__, "make", name, str(size), str(file)], check=True)
        read(small)
        before = resource.getrusage(resource.RUSAGE_SELF)
        read(large)
        after = resource.getrusage(resource.RUSAGE_SELF)
        cost = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(
            json.dumps(
                {
                    "bytes": large.stat().st_size,
                    "seconds": round(cost, 2),
                    "memory": (after.ru_maxrss - before.ru_maxrss) * 1024,
                }
            )
        )


if __name__ == "__main__":
    if sys.argv[1] == "make":
        LARGE[sys.argv[2]][0](Path(sys.argv[4]), float(sys.argv[3]))
    else:
        main(sys.argv[1], float(sys.argv[2]))
