"""A deployment with the shipped definitions and a batch to be drawn by ssj-draw/2, through the real command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from draws_fixtures import BATCH, CHIEF, ZONE, Desk, Said

from engine.app.draws.v2 import stored
from engine.app.draws.v2.issues import format_results
from engine.authoring.simulate.draw_results import made_up_result
from engine.draw.v2.acts import Draw
from engine.draw.v2.heads import sign_head
from engine.draw.v2.log import PublicLog
from engine.kernel import ed25519

#: The key of a party that is not made up.
SECRET = bytes(range(32))
NOTARY = "示例市公证处"
KEY = ed25519.public_key(SECRET).hex()


class PublicDesk(Desk):
    """A `Desk` whose batch is drawn by lotteries named by issue."""

    def plan(self, **other: Any) -> dict[str, Any]:
        body = super().plan(**{"sources": ["ssq", "dlt"], **other})
        return {
            name: value for name, value in body.items() if name not in ("entropy_rule", "entropy_sources")
        }

    def draw(self, number: int | None = None) -> Draw:
        return stored.draw_of(self.row(number))

    def log(self) -> PublicLog:
        with self.look() as transaction:
            return stored.read_log(transaction)

    def to_the_day(self, hour: int = 22) -> PublicDesk:
        """Let time go by until all results are known."""
        day = date.fromisoformat(self.shown()["known_on"])
        self.clock.set(max(self.clock.now(), datetime.combine(day, time(hour), ZONE)))
        return self

    def shown(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.done("draw", "show", BATCH, "--json", "--as", "leading"))
        return found

    def results(self, seed: str = "1") -> str:
        sources: Sequence[Any] = self.draw().commitment["sources"]
        return format_results(sources, [made_up_result(source, seed) for source in sources])

    def type_results(self, seed: str = "1", person: str = "drawer") -> Said:
        return self.step("type_entropy", person, {"entropy": self.results(seed), "source": "开奖公告"})

    def confirm_results(self, seed: str = "1", person: str = "witness") -> Said:
        return self.step("draw_objects", person, {"entropy": self.results(seed), "seen_original": True})

    def drawn_objects(self) -> PublicDesk:
        """Bring the batch from its plan to the drawn objects."""
        self.committed()
        self.to_the_day()
        for said in (self.type_results(), self.confirm_results()):
            assert said.code == 0, said.err
        return self

    def drawn_people(self) -> PublicDesk:
        """Bring the batch from its plan to the drawn inspectors."""
        self.drawn_objects()
        self.takes("confirm_list", CHIEF, {"checked": True})
        self.takes("draw_inspectors", "drawer")
        return self

    def real_party(self) -> PublicDesk:
        """List a party whose key is its own, and publish that."""
        file = self.home / "workflows" / "bureau.yaml"
        lines = file.read_text("utf-8").splitlines()
        place = next(number for number, line in enumerate(lines) if "密钥公开" in line)
        lines[place] = f'    - {{title: {NOTARY}, key: "{KEY}"}}'
        file.write_text("\n".join(lines) + "\n", "utf-8")
        self.done("workflow", "publish", "--as", "leading")
        return self

    def signed(self, secret: bytes = SECRET, party: str = NOTARY, at: datetime | None = None) -> Path:
        """Return a signature over the head of the log as it is now."""
        self._papers += 1
        head, out = (self.home.parent / f"{name}-{self._papers}.json" for name in ("head", "signed"))
        self.done("draw", "anchor", BATCH, "--export", head, "--as", "leading")
        found = sign_head(head.read_bytes(), party, secret, at or self.clock.now())
        out.write_text(json.dumps(found.as_json(), ensure_ascii=False), "utf-8")
        return out

    def anchor(self, file: Path) -> Said:
        return self.ssj("draw", "anchor", BATCH, "--import", file, "--as", "drawer")


def public_copy(home: Path, folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> PublicDesk:
    """Return a copy of a deployment that was prepared once."""
    import shutil

    shutil.copytree(home, folder / "bureau")
    return PublicDesk(folder / "bureau", now, monkeypatch)
