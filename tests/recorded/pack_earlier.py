"""Makes what `earlier/` holds, with the program as it is now: ``python tests/recorded/pack_earlier.py``.

It was run once, with ddd8a91. What a later program makes proves nothing about what an earlier one made: add files
beside these, and do not replace them.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from replaying import HOME, replay  # noqa: E402


def main() -> None:
    """Replay the scene ``earlier`` and pack its folder; refuse to replace what is there."""
    with tempfile.TemporaryDirectory() as folder:
        outcomes = replay(["earlier"], Path(folder))
        for name, one in outcomes.items():
            sys.stdout.write(f"{name}: {one.code} {one.out[:60]!r} {one.err[:60]!r}\n")
        place = Path(folder) / "earlier"
        _pack(HERE / "earlier/deployment.zip", place, sorted((place / HOME).rglob("*")))
        _pack(HERE / "earlier/backup.zip", place, [place / "backup.zip"])


def _pack(target: Path, place: Path, paths: list[Path]) -> None:
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for path in paths:
            package.write(path, path.relative_to(place))


if __name__ == "__main__":
    main()
