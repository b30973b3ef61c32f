"""What is read after an act that leads to another page is the whole of that page."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import chromium
import pytest

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="no Chromium on this machine"),
]


class SlowPages(BaseHTTPRequestHandler):
    """One page with a way to another, whose second half comes late."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        if not self.path.startswith("/second"):
            self.wfile.write(b"<form action=/second><button>go</button></form>")
            return
        self.wfile.write(b"<p>first half</p>" + b" " * 4096)
        self.wfile.flush()
        # Long enough that an unfinished page is read where nothing waits for its end.
        time.sleep(0.5)
        self.wfile.write(b"<p id=rest>second half</p>")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize("act", ["page", "locator", "key"])
def test_an_act_returns_when_the_next_page_is_whole(act: str) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), SlowPages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with chromium.opened() as browser:
            page = browser.new_context().new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/")
            if act == "page":
                page.click("button")
            elif act == "locator":
                page.locator("button").click()
            else:
                page.locator("button").press("Enter")
            assert page.locator("#rest").count() == 1
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
