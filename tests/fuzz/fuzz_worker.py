"""One process that reads many bad files: ``python fuzz_worker.py COUNT SEED READER …`` prints what came of it as JSON.

The address space is bounded before anything is read: whoever asks for too much dies, and the parent sees that.
"""

from __future__ import annotations

import gc
import hashlib
import json
import random
import resource
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
for place in (ROOT, ROOT / "tests" / "fuzz"):
    sys.path.insert(0, str(place))

from inputs import inputs  # noqa: E402
from readers import READERS, Reader  # noqa: E402

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


def main(count: int, seed: int, names: list[str]) -> None:
    """Read `count` inputs with each of the readers and print the findings."""
    prepared = {name: READERS[name].seeds() for name in names}
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    found: dict[str, Any] = {}
    for name in names:
        found[name] = run(name, READERS[name], prepared[name], count, seed)
    found["memory"] = most_memory()
    print(json.dumps(found, ensure_ascii=False))


def run(name: str, reader: Reader, seeds: list[bytes], count: int, seed: int) -> dict[str, object]:
    """Return what came of `count` inputs: how many were refused, the dearest, and what must not have happened."""
    rng = random.Random(f"{name} {seed}")  # noqa: S311 - the same inputs every time
    wrong: list[dict[str, str]] = []
    dearest, dear, refused = 0.0, b"", 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            data = inputs(seeds, number, rng)[: reader.largest]
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
        "tried": count,
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
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
