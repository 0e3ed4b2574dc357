"""A database of our own on the server that is there, and web servers started like the demo's."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from benchmarks.client import Connection, get

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """Create a database for this run and drop it afterwards; gives its URL."""
    name = f"bench_{os.getpid()}"
    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    try:
        scheme, place, _, query, fragment = urlsplit(server_url)
        yield urlunsplit((scheme, place, f"/{name}", query, fragment))
    finally:
        with psycopg.connect(server_url, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(wsgi: str, *, workers: int = WORKERS, ready: str = "/") -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """A web server on a free port, with the settings of the demo's; gives the port and its process."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config=config/gunicorn.py", wsgi, f"--bind=127.0.0.1:{port}"]
    command += [f"--workers={workers}", "--log-level=error"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(port, ready)
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, path: str, *, seconds: float = 60) -> float:
    """Wait until the server answers ``path`` at all; gives the seconds it took."""
    started = time.perf_counter()
    while time.perf_counter() - started < seconds:
        try:
            Connection(port).ask(get(path))
        except (OSError, EOFError):
            time.sleep(0.02)
        else:
            return time.perf_counter() - started
    raise TimeoutError(f"No answer on port {port} within {seconds} s")


def children_of(pid: int) -> list[int]:
    """Processes started by ``pid``."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found


def resident_megabytes(pid: int) -> float:
    """Memory a process holds, in MB (VmRSS: what it shares with others counts in full)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0
