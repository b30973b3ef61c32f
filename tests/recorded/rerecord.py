"""Records commands anew: ``python tests/recorded/rerecord.py [--scene NAME] [ID --what TEXT --why TEXT]``.

With the id of a command, its new bytes go to ``changed.yaml`` with what changed and why; the recording of the program
before stays. ``--scene NAME`` records a whole scene anew, and ``--show`` prints the outcomes instead.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

sys.path[:0] = [
    str(Path(__file__).parents[depth] / place) for depth, place in ((0, ""), (1, ""), (1, "app"), (2, ""))
]

from recording import as_json, read_changed, read_recorded, write_changed, write_recorded  # noqa: E402
from replaying import Outcome, replay  # noqa: E402
from scenes import scene_names  # noqa: E402


def main() -> None:
    """Do what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("id", nargs="*")
    parser.add_argument("--scene", action="append", choices=scene_names(), default=[])
    parser.add_argument("--what")
    parser.add_argument("--why")
    parser.add_argument("--show", action="store_true")
    asked = parser.parse_args()
    if asked.id and not asked.show and not (asked.what and asked.why):
        parser.error("--what and --why say what changed, and why")
    scenes = sorted({*asked.scene, *(one.split("/")[0] for one in asked.id)})
    with tempfile.TemporaryDirectory() as folder:
        outcomes = replay(scenes, Path(folder))
    if unknown := set(asked.id) - set(outcomes):
        parser.error(f"no such command: {sorted(unknown)}")
    if asked.show:
        for name, one in outcomes.items():
            if not asked.id or name in asked.id:
                sys.stdout.write(
                    f"=== {name}: {one.code}\n{one.out}--- err\n{one.err}{json.dumps(one.files)}\n"
                )
    elif asked.id:
        _change(asked.id, outcomes, asked.what, asked.why)
    else:
        for scene in asked.scene:
            mine = {name: one for name, one in outcomes.items() if name.startswith(f"{scene}/")}
            write_recorded(scene, mine)


def _change(ids: list[str], outcomes: Mapping[str, Outcome], what: str, why: str) -> None:
    changed = read_changed()
    for name in ids:
        recorded = read_recorded(name.split("/")[0]).get(name)
        if recorded is not None and as_json(recorded) == as_json(outcomes[name]):
            changed.pop(name, None)
        else:
            changed[name] = {"id": name, "what": what, "why": why, "bytes": outcomes[name]}
    write_changed(changed)


if __name__ == "__main__":
    main()
