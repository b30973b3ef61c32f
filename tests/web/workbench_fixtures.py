"""A workbench on the small bureau, in memory: a client that signs in, and looks at pages."""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from small_bureau import BUREAU, ERRAND, NOTE, SHANGHAI, VISIT, SmallBureau, small_bureau

from engine.app.commands import Caller
from engine.app.commands.migration.migrate_cases import migrate
from engine.app.commands.publish_definitions import Published, publish
from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.ports.documents import TEMPLATES
from engine.app.sign_in.tokens import create_token
from engine.definition.library import load_files
from engine.deployment.entropy import SystemEntropy
from engine.kernel.refusal import Refusal
from engine.web.asgi import make_app
from engine.web.workbench import Workbench

with warnings.catch_warnings():
    # It would rather have the next major version of httpx, which is not out of its tests yet.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://workbench.example"
GOOD = {"q.found": "漏签合同", "q.count": "3"}


@dataclass
class Desk:
    """The bureau, its workbench, and one browser."""

    bureau: SmallBureau
    bench: Workbench
    client: TestClient

    def sign_in(self, person: str = "clerk-1") -> None:
        """Enter as a person by a new one-time link."""
        key = make_set_up_link(self.bureau.application)
        answer = self.post("/set-up", at=f"/set-up?key={key}", key=key, person=person)
        assert answer.status_code == 303, answer.text

    def post(self, path: str, /, at: str | None = None, **typed: Any) -> Any:
        """Send a form from the page `at` (else the one at `path`), with its token."""
        token = token_of(self.client.get(at or path).text)
        return self.client.post(path, data={"form_token": token, **typed})

    def publish_alone(self) -> None:
        """Let one person publish, where no second administrator is named, another text of the visits."""
        files = {
            "bureau.yaml": BUREAU,
            "note.yaml": NOTE,
            "visit.yaml": f"{VISIT}# 改\n",
            "errand.yaml": ERRAND,
        }
        published = publish(self.bureau.application, Caller("head-1"), load_files(files))
        assert isinstance(published, Published)
        assert published.new == {"visit": 2}

    def publish_template_alone(self, text: str) -> None:
        """Let one person publish the template of the notes, and nothing else."""
        files = {"bureau.yaml": BUREAU, "note.yaml": NOTE, "visit.yaml": VISIT, "errand.yaml": ERRAND}
        loaded = replace(load_files(files), files={f"{TEMPLATES}note.html": text})
        published = publish(self.bureau.application, Caller("head-1"), loaded)
        assert isinstance(published, Published)
        assert published.new == {}

    def other_form(self, note: str) -> None:
        """Publish another text of the form of the visits, and let all visits go by it."""
        files = {"bureau.yaml": BUREAU, "note.yaml": note, "visit.yaml": VISIT, "errand.yaml": ERRAND}
        assert isinstance(publish(self.bureau.application, Caller("head-1"), load_files(files)), Published)
        assert not isinstance(migrate(self.bureau.application, Caller("head-1"), "visit"), Refusal)

    def get(self, path: str) -> Any:
        """Return a page."""
        return self.client.get(path)

    def token(self, person: str = "clerk-1", *scopes: str) -> dict[str, str]:
        """Return the header with a new token of a person."""
        application = self.bureau.application
        with application.store.write() as transaction:
            text, _ = create_token(
                transaction, application.clock.now(), person, "", 1, person, scopes=scopes or ("all",)
            )
        return {"Authorization": f"Bearer {text}"}


class MemoryFiles:
    """A store of files in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep bytes; return their SHA-256."""
        digest = hashlib.sha256(content).hexdigest()
        self._kept[digest] = content
        return digest

    def get(self, sha256: str) -> bytes | None:
        """Return what is kept under a digest."""
        return self._kept.get(sha256)

    def remove(self, sha256: str) -> None:
        """Remove what is kept under a digest."""
        self._kept.pop(sha256, None)


def desk(site: Path = Path("/nonexistent"), **how: Any) -> Desk:
    """Return a new workbench."""
    bureau = small_bureau()
    bureau.application.entropy = SystemEntropy.take
    bench = Workbench(bureau.application, site, SHANGHAI, **how)
    return Desk(bureau, bench, client_of(bench))


def client_of(bench: Workbench) -> TestClient:
    """Return a browser at a workbench, which follows no redirect by itself."""
    return TestClient(make_app(bench), base_url=BASE, follow_redirects=False)


def token_of(text: str) -> str:
    """Return the token of the first form of a page."""
    found = re.search(r'name="form_token" value="([0-9a-f]*)"', text)
    assert found is not None, text
    return found[1]


def heading(text: str) -> str:
    """Return the heading of a page."""
    found = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert found is not None, text
    return found[1]
