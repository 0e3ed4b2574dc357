"""A server of map pictures on this machine: each a plain colour with an edge, and a list of what was asked for."""

from __future__ import annotations

import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def picture(size: int = 256) -> bytes:
    """A square of paper with a grey edge, as PNG."""
    edge, paper = bytes((150, 150, 150)), bytes((235, 230, 215))
    rows = [edge * size if y in {0, size - 1} else edge + paper * (size - 2) + edge for y in range(size)]
    body = zlib.compress(b"".join(b"\0" + row for row in rows))
    parts = ((b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


class TileServer(ThreadingHTTPServer):
    """``asked``: the pictures that were fetched, each with the referrer it was fetched with."""

    asked: list[tuple[str, str]]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/{{z}}/{{x}}/{{y}}.png"


class _Handler(BaseHTTPRequestHandler):
    tile = picture()

    def do_GET(self) -> None:
        assert isinstance(self.server, TileServer)
        self.server.asked.append((self.path, self.headers.get("Referer", "")))
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(self.tile)))
        self.end_headers()
        self.wfile.write(self.tile)

    def log_message(self, *_words: object) -> None:
        """What was asked is in the list."""


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """The server, while the block runs."""
    with TileServer(("127.0.0.1", 0), _Handler) as server:
        server.asked = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
