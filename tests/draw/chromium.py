"""A headless Chromium, driven over its DevTools protocol: enough to open a page, give it files and read it."""

from __future__ import annotations

import base64
import contextlib
import functools
import json
import os
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import websocket

from tests.hung_run import HUNG

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
#: Nothing leaves the machine: no update, no sync, no first-run pages.
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
)
PATIENCE = HUNG


def find() -> str | None:
    """Return the browser of this machine; None where there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


#: What a person does at a page that may lead to another one, by the class of Playwright.
ACTS = {
    "Page": ("click", "dblclick", "press", "check", "uncheck", "select_option", "set_input_files"),
    "Locator": ("click", "dblclick", "press", "check", "uncheck", "select_option", "set_input_files"),
}


@contextlib.contextmanager
def opened() -> Iterator[Any]:
    """Yield a browser of Playwright; the test is skipped where Playwright is not installed.

    An act that leads to another page returns when that page is there whole. Playwright itself waits only until the
    answer has begun, so what is read next might be half a page on a busy machine.
    """
    sync_api = pytest.importorskip("playwright.sync_api")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with pytest.MonkeyPatch.context() as patched, sync_api.sync_playwright() as playwright:
        for name, acts in ACTS.items():
            kind = getattr(sync_api, name)
            for act in acts:
                patched.setattr(kind, act, _whole(getattr(kind, act)))
        patched.setattr(sync_api.Browser, "new_context", _patient(sync_api.Browser.new_context))
        started = playwright.chromium.launch(
            executable_path=find(), args=["--disable-gpu", *(["--no-sandbox"] if root else [])]
        )
        yield started
        started.close()


def _patient(new_context: Any) -> Any:
    @functools.wraps(new_context)
    def carried_out(*args: Any, **named: Any) -> Any:
        context = new_context(*args, **named)
        # Playwright's own bound is half a minute, which says something about speed.
        context.set_default_timeout(PATIENCE * 1000)
        return context

    return carried_out


def _whole(act: Any) -> Any:
    @functools.wraps(act)
    def carried_out(at: Any, *args: Any, **named: Any) -> Any:
        found = act(at, *args, **named)
        page = getattr(at, "page", at)
        if not page.is_closed():
            page.wait_for_load_state("load")
        return found

    return carried_out


class BrowserPage:
    """One page of a browser of its own, which ends with it."""

    def __init__(self, program: str, profile: Path) -> None:
        self._process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            port = self._port(profile / "DevToolsActivePort")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                tabs = json.load(answer)
            address = next(tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page")
            self._socket = websocket.create_connection(address, timeout=PATIENCE)
        except BaseException:
            self._process.kill()
            self._process.wait(PATIENCE)
            raise
        self._number = 0

    def close(self) -> None:
        """End the browser."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(PATIENCE)

    def call(self, method: str, **parameters: Any) -> Any:
        """Ask the browser one thing and return its answer."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, file: Path) -> None:
        """Show a page from the disk."""
        self.call("Page.navigate", url=file.as_uri())
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def value(self, expression: str) -> Any:
        """Return what an expression is in the page."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def wait(self, condition: str) -> None:
        """Wait until a condition holds in the page."""
        end = time.monotonic() + PATIENCE
        while not self.value(condition):
            assert time.monotonic() < end, condition
            time.sleep(0.01)

    def give(self, selector: str, files: Sequence[Path]) -> None:
        """Choose files in a file input, as a person does in the dialogue."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", files=[str(file) for file in files], nodeId=node)

    def shoot(self, file: Path, width: int = 900, height: int = 1200) -> None:
        """Save a picture of the page."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        file.write_bytes(base64.b64decode(data))

    def _port(self, file: Path) -> int:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if file.is_file() and (lines := file.read_text().split()):
                return int(lines[0])
            assert self._process.poll() is None, "the browser did not start"
            time.sleep(0.05)
        raise AssertionError("the browser opened no port")
