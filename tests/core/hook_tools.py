"""A receiver of webhooks on this machine, and endpoints that lead to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from core import webhooks
from core.models import WebhookEndpoint
from core.webhooks import kinds

KIND, SCOPE, OWNER = "toy.happened", "toy:hear", "key:toy"


@contextmanager
def toy_kind() -> Iterator[None]:
    """A kind of event of its own, gone afterwards."""
    webhooks.event(KIND, scope=SCOPE, says="Something happened.")
    try:
        yield
    finally:
        kinds._kinds.pop(KIND)


class Receiver:
    """Keeps what came, answers ``status``; ``headers`` go along."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=here"


@contextmanager
def receiver() -> Iterator[Receiver]:
    found = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.calls.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def endpoint(url: str, **more: Any) -> WebhookEndpoint:
    asked: dict[str, Any] = {
        "owner": OWNER,
        "scopes": [SCOPE],
        "url": url,
        "types": [KIND],
        "contact": "farid@example.org",
        "language": "nl",
    }
    return webhooks.add(**{**asked, **more})
