"""A small HTTP client for load: keep-alive sockets, requests prepared beforehand, answers counted."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Outcome:
    """What came of a run: seconds it took, answers by status, bytes received."""

    seconds: float
    statuses: Counter[int] = field(default_factory=Counter)
    received: int = 0

    @property
    def requests(self) -> int:
        return sum(self.statuses.values())

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Connection:
    """One keep-alive connection to a server on this machine."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Send the request; gives status, head and body of the answer. A closed connection is opened anew once."""
        for attempt in (1, 2):
            try:
                connection = self._open()
                connection.sendall(request)
                return self._read(connection)
            except (ConnectionError, EOFError):
                self.close()
                if attempt == 2:
                    raise
        raise AssertionError("unreachable")

    def _open(self) -> socket.socket:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self._socket

    def _read(self, connection: socket.socket) -> tuple[int, bytes, bytes]:
        data = b""
        while b"\r\n\r\n" not in data:
            data += _more(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        lower = head.lower()
        status = int(head[9:12])
        if b"content-length:" in lower:
            length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += _more(connection)
        if b"connection: close" in lower:
            self.close()
        return status, head, body

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _more(connection: socket.socket) -> bytes:
    chunk = connection.recv(262_144)
    if not chunk:
        raise EOFError
    return chunk


def get(path: str, *, headers: str = "") -> bytes:
    """The bytes of a GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n".encode()


def post(path: str, body: str, *, headers: str = "") -> bytes:
    """The bytes of a POST of form fields."""
    content = body.encode()
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(content)}\r\n{headers}\r\n"
    ).encode() + content


def run(
    port: int,
    requests: Callable[[int], Iterator[bytes]],
    *,
    clients: int,
    seconds: float | None = None,
) -> Outcome:
    """Let ``clients`` threads send what ``requests(client)`` yields, until it ends or the time is up."""
    outcome = Outcome(0)
    lock = threading.Lock()
    gate = threading.Barrier(clients + 1)
    stop = threading.Event()

    def client(number: int) -> None:
        connection = Connection(port)
        statuses: Counter[int] = Counter()
        received = 0
        prepared = requests(number)
        gate.wait()
        for request in prepared:
            status, head, body = connection.ask(request)
            statuses[status] += 1
            received += len(head) + len(body)
            if stop.is_set():
                break
        connection.close()
        with lock:
            outcome.statuses.update(statuses)
            outcome.received += received

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    gate.wait()
    started = time.perf_counter()
    if seconds is not None:
        stop.wait(seconds)
        stop.set()
    for thread in threads:
        thread.join()
    outcome.seconds = time.perf_counter() - started
    return outcome
