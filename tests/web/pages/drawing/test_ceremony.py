"""The ceremony on the screen and the second device, of the public draw of a shipped bureau."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from draws_fixtures import ZONE
from public_fixtures import PublicDesk
from workbench_fixtures import BASE, token_of

from engine.app.commands.sign_in.web_sessions import make_set_up_link
from engine.app.queries.draws import CODE_LENGTH
from engine.deployment.home import find_home
from engine.deployment.open import open_application
from engine.web.asgi import make_app
from engine.web.pages.drawing import ceremony, check
from engine.web.workbench import Workbench

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

OPENED = datetime(2026, 3, 2, 9, tzinfo=ZONE)


class Room:
    """One deployment with a batch that is committed to, and the people around it."""

    def __init__(self, desk: PublicDesk, bench: Workbench) -> None:
        self.desk, self.bench = desk, bench

    def person(self, name: str) -> TestClient:
        """Return the browser of somebody who has signed in."""
        client = TestClient(make_app(self.bench), base_url=BASE, follow_redirects=False)
        key = make_set_up_link(self.bench.application)
        token = token_of(client.get(f"/set-up?key={key}").text)
        client.post("/set-up", data={"form_token": token, "key": key, "person": name})
        return client


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    home = tmp_path_factory.mktemp("room") / "bureau"
    with pytest.MonkeyPatch.context() as patched:
        desk = PublicDesk(home, OPENED, patched)
        desk.done("init", home, "--sample")
        settings = home / "settings.yaml"
        settings.write_text(settings.read_text("utf-8").replace("FULL", "NORMAL"), encoding="utf-8")
        desk.planned().committed()
        found = find_home(str(home))
        application = open_application(found)
        with contextlib.closing(application.store):
            yield Room(desk, Workbench(application, Path("/nonexistent"), ZoneInfo("Asia/Shanghai")))


def step(client: TestClient, name: str, **typed: str) -> str:
    path = f"/cases/batch-1/steps/{name}"
    token = token_of(client.get(path).text)
    sent = {"form_token": token, **{f"q.{key}": text for key, text in typed.items()}}
    answer = client.post(path, data={**sent, "do": "confirm", "request_id": f"{name}-1"})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_from_the_commitment_to_the_people_and_a_second_device(room: Room) -> None:
    drawer, witness = room.person("drawer"), room.person("witness")
    stranger = TestClient(make_app(room.bench), base_url=BASE, follow_redirects=False)
    screen = "/draws/batch-1/1/ceremony"
    code = room.desk.draw(1).name[:CODE_LENGTH]
    text = drawer.get(screen).text
    assert f"/check/batch-1/1/{code}" in text
    assert 'aria-current="step">公开随机数' in text
    seen = stranger.get(f"/check/batch-1/1/{code}")
    assert seen.status_code == 200
    assert "还没有录入" in seen.text
    assert stranger.get(f"/check/batch-1/1/{code}/kit.zip").status_code == 404
    for wrong in ("0" * CODE_LENGTH, code[:-1], "x"):
        assert stranger.get(f"/check/batch-1/1/{wrong}").status_code == 404
    room.desk.to_the_day()
    drawer, witness = room.person("drawer"), room.person("witness")
    results = room.desk.results()
    step(drawer, "type_entropy", entropy=results, source="开奖公告")
    step(witness, "draw_objects", entropy=results, seen_original="true")
    text = drawer.get(screen).text
    assert 'aria-current="step">人员' in text
    assert "票号从小到大" in text
    seen = stranger.get(f"/check/batch-1/1/{code}")
    assert "核验通过" in seen.text
    # A stranger sees tickets and no names.
    assert not re.search("示例.{0,20}公司", seen.text)
    kit = zipfile.ZipFile(io.BytesIO(stranger.get(f"/check/batch-1/1/{code}/kit.zip").content))
    assert {"verify.py", "verify.html", "manifest.sha256"} <= set(kit.namelist())
    alone = stranger.get(f"/check/batch-1/1/{code}/verify.html")
    assert "default-src 'none'" in alone.headers["content-security-policy"]
    assert stranger.get(f"/check/batch-1/1/{code}/settings.yaml").status_code == 404
    token = token_of(drawer.get(screen).text)
    assert drawer.post(screen, data={"form_token": token}).status_code == 303
    assert "笔录" in drawer.get("/cases/batch-1").text


def test_what_is_no_draw(room: Room) -> None:
    client = room.person("leading")
    assert client.get("/draws/batch-1/x/ceremony").status_code == 404
    assert client.get("/draws/batch-1/9/ceremony").status_code == 404
    assert client.get("/check/batch-1/x/0").status_code == 404
    assert ceremony.show is not None
    assert check.show is not None
