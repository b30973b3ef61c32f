"""One process that reads many bad files: ``python fuzz_worker.py COUNT SEED READER …`` prints what came of it as JSON.

The address space is bounded before anything is read: whoever asks for too much dies, and the parent sees that.
SEED may be several, `1000-1039`: a process for each, forked from one that has read the sound files, and a line for
each. It ends with 1 when one of them has died.
"""

from __future__ import annotations

import gc
import hashlib
import io
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import traceback
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
for place in (ROOT, ROOT / "tests" / "fuzz"):
    sys.path.insert(0, str(place))

from inputs import inputs  # noqa: E402
from readers import READERS, Reader  # noqa: E402
from shapes import SHAPES  # noqa: E402

#: Bytes of address space of a worker.
ADDRESS_SPACE = 512 * 1024 * 1024


def most_memory() -> int:
    """Return the most bytes this program has held; what its parent held before it began is no part of it.

    `ru_maxrss` counts the parent's as well, which the kernel takes over from before the program was exchanged.
    """
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(count: int, seeds: range, names: list[str]) -> int:
    """Read `count` inputs with each of the readers for each seed and print the findings. Returns the exit code."""
    prepared = {name: READERS[name].seeds() for name in names}
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    if len(seeds) == 1:
        print(json.dumps(tried(count, seeds[0], prepared), ensure_ascii=False))
        return 0
    # Everything a reader imports is there before the processes part: to import it takes as long as thousands of inputs.
    for name in names:
        warm(READERS[name], prepared[name])
    for seed in seeds:
        sys.stdout.flush()
        if (child := os.fork()) == 0:
            print(json.dumps(tried(count, seed, prepared), ensure_ascii=False), flush=True)
            os._exit(0)
        if ended := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            print(f"seed {seed}: died ({ended})", file=sys.stderr)
            return 1
    return 0


def warm(reader: Reader, seeds: list[bytes]) -> None:
    """Let a reader read its sound files."""
    for number, data in enumerate(seeds):
        with (
            tempfile.TemporaryDirectory() as folder,
            redirect_stdout(io.StringIO()),
            redirect_stderr(io.StringIO()),
            suppress(Exception, SystemExit),
        ):
            (place := Path(folder) / str(number)).mkdir()
            reader.read(data, place)


def tried(count: int, seed: int, prepared: dict[str, list[bytes]]) -> dict[str, Any]:
    """Return what came of so many inputs of each reader, and the most memory of the process."""
    found: dict[str, Any] = {}
    for name, seeds in prepared.items():
        # What a command prints is no finding, and the lines of this program are.
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            found[name] = run(name, READERS[name], seeds, count, seed)
    found["memory"] = most_memory()
    return found


def run(name: str, reader: Reader, seeds: list[bytes], count: int, seed: int) -> dict[str, object]:
    """Return what came of `count` inputs: how many were refused, the dearest, and what must not have happened."""
    rng = random.Random(f"{name} {seed}")  # noqa: S311 - the same inputs every time
    wrong: list[dict[str, str]] = []
    dearest, dear, refused, number = 0.0, b"", 0, -1
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            data = inputs(seeds, number, rng, SHAPES.get(name, ()))[: reader.largest]
            place = Path(folder) / str(number)
            place.mkdir()
            before = spent()
            try:
                reader.read(data, place)
            except BaseException as problem:  # noqa: BLE001 - whatever it is, it is looked at
                if type(problem).__name__ in reader.allowed and str(problem):
                    refused += 1
                else:
                    last = traceback.extract_tb(problem.__traceback__)[-3:]
                    where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(last))
                    what = f"{type(problem).__name__}: {str(problem)[:200]}"
                    wrong.append({"what": what, "where": where, "input": kept(name, data)})
                    del problem
            cost = spent() - before
            if cost > dearest:
                dearest, dear = cost, data
            shutil.rmtree(place)
            if len(wrong) > 20:
                break
    gc.collect()
    # What is left stays to the end; the next search passes it over.
    gc.freeze()
    return {
        "tried": number + 1,
        "refused": refused,
        "wrong": wrong,
        "dearest": round(dearest, 3),
        "dear": kept(name, dear) if dearest > 1 else "",
    }


def spent() -> float:
    """Return the seconds of the processor this process has used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def kept(name: str, data: bytes) -> str:
    """Keep an input for whoever looks into it; returns where."""
    folder = Path(tempfile.gettempdir()) / "ssj-fuzz"
    folder.mkdir(exist_ok=True)
    path = folder / f"{name.replace(' ', '-')}-{hashlib.sha256(data).hexdigest()[:12]}"
    path.write_bytes(data)
    return str(path)


if __name__ == "__main__":
    first, _, last = sys.argv[2].partition("-")
    sys.exit(main(int(sys.argv[1]), range(int(first), int(last or first) + 1), sys.argv[3:]))
