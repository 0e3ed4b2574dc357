"""``make demo``: the whole platform in one foreground process.

Services, migrations, demo data, web server, worker and clock. Ctrl-C stops all of it; a part that
dies stops all of it, too, with a sentence that says which. What was entered is kept in ``.local/``.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from config import embedded
from config.demo import database
from config.demo.console import Step, banner, say
from config.processes import CannotStartError, Child, StopRequested, start_child, stop_signals_raise, tail
from config.services import LOCAL, ROOT, Services, running_services

HOST = "127.0.0.1"
LOGS = LOCAL / "logs"
KEPT = ("mails", "files", "demo.json")  # beside the database: what `RESET=1` removes
PATIENCE = 90.0  # seconds until the site must answer
UNRELATED = {"__pycache__", "tests", "docs", "benchmarks"}
YES = {"1", "true", "yes", "on"}


def main(environ: Mapping[str, str]) -> int:
    """Run the demo until somebody stops it; 0 then, 1 after a fault."""
    try:
        with stop_signals_raise():
            return _run(environ)
    except CannotStartError as error:
        print(f"\nError: {error}", file=sys.stderr)
        return 1
    except StopRequested:
        say("\nStopped.")
        return 0


def _run(environ: Mapping[str, str]) -> int:
    port = wanted_port(environ.get("PORT", ""))
    reset = environ.get("RESET", "").strip().lower() in YES
    url = f"http://localhost:{port}"
    with only_demo_of_this_checkout(url):
        refuse_taken_port(port)
        if reset:
            forget_kept_data(embedded_database=not environ.get("DATABASE_URL"))
        with contextlib.ExitStack() as stack:
            with Step("PostgreSQL and Redis"):
                services = stack.enter_context(running_services(keep=LOCAL))
            database.claim(services.database_url, reset=reset)
            env = demo_environment(services, environ, url=url)
            bring_up_to_date(services.database_url, env, state_of_checkout(url))
            site, clock = programs(port)
            with Step("Web server and worker"):
                children = [*services.children, *stack.enter_context(running(site, env))]
                wait_for_health(f"http://{HOST}:{port}/health/", children)
            children += stack.enter_context(running(clock, env))
            say(banner(url, LOCAL / "demo.json", LOCAL / "mails"))
            watch(children)
    return 0


# --- Before anything starts ----------------------------------------------------------------------


def wanted_port(text: str) -> int:
    """The port to listen on. Raises ``CannotStartError`` for what is no port."""
    text = text.strip() or "8000"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise CannotStartError(f"PORT is '{text}': it must be a number between 1 and 65535.")
    return int(text)


def refuse_taken_port(port: int) -> None:
    """Raise ``CannotStartError`` when nobody can listen on ``port``."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EACCES:
                reason = f"Port {port} needs more rights than you have"
            else:
                reason = f"Port {port} is taken by another program"
            other = port + 1 if 1024 <= port < 65535 else 8001
            raise CannotStartError(f"{reason}. Choose another one: make demo PORT={other}") from None


@contextlib.contextmanager
def only_demo_of_this_checkout(url: str, local: Path = LOCAL) -> Iterator[None]:
    """Hold the checkout's lock. The lock goes with the process, so a killed demo leaves none behind."""
    local.mkdir(parents=True, exist_ok=True)
    with (local / "demo.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CannotStartError(
                f"A demo of this checkout is running already: {lock.read().strip() or 'still starting'}. "
                "Stop it with Ctrl-C first, or make another checkout."
            ) from None
        lock.truncate(0)
        lock.write(f"{url}/ (process {os.getpid()})")
        lock.flush()
        yield


def forget_kept_data(*, embedded_database: bool, local: Path = LOCAL) -> None:
    """Remove what the demo kept. A database of somebody's own is emptied by ``database.claim``."""
    if embedded_database:
        embedded.remove_data(local / "postgres")
    for name in KEPT:
        path = local / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def demo_environment(services: Services, environ: Mapping[str, str], *, url: str) -> dict[str, str]:
    """The environment of all programs of the demo; what the person set stays set."""
    return services.environment({"SITE_URL": url, **environ, "APP_ENV": "demo", "PYTHONUNBUFFERED": "1"})


def state_of_checkout(url: str, root: Path = ROOT) -> str:
    """A fingerprint of all that the preparation depends on: our files, today's date and the address."""
    state = hashlib.sha256(f"{url} {datetime.now().astimezone().date()}".encode())
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in UNRELATED)
        for name in sorted(names):
            status = os.stat(os.path.join(folder, name))  # noqa: PTH116, PTH118 - hundreds of files at each start
            state.update(f"{folder}/{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return state.hexdigest()


def bring_up_to_date(database_url: str, env: Mapping[str, str], state: str) -> None:
    """Prepare, unless this database was prepared for this very checkout: a second start takes no time for it."""
    if database.prepared_for(database_url) == state and (LOCAL / "demo.json").exists():
        return
    prepare(env)
    database.note_prepared(database_url, state)


def prepare(env: Mapping[str, str], command: Sequence[str] = (sys.executable, "-m", "config.demo.prepare")) -> None:
    """Migrations, static files, demo data. Raises ``CannotStartError`` with the last lines of what failed."""
    log = LOGS / "prepare.log"
    log.parent.mkdir(parents=True, exist_ok=True)  # with both services outside, nobody made it yet
    with log.open("wb") as errors:
        process = subprocess.Popen(command, env=dict(env), cwd=ROOT, stderr=errors, start_new_session=True)
        try:
            code = process.wait()
        finally:
            Child("Preparation", process, log).stop()
    if code != 0:
        raise CannotStartError(
            f"The demo's data could not be prepared: {tail(log, 1)}\nThe whole story: {log}. "
            "`make demo RESET=1` begins anew."
        )


# --- The programs --------------------------------------------------------------------------------


def programs(port: int) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Name and command of our programs: those the site needs, and the clock, which may come a second later."""
    python = [sys.executable, "-m"]
    web = [*python, "gunicorn", "--config=config/gunicorn.py", "config.wsgi", f"--bind={HOST}:{port}"]
    web += ["--workers=2", "--preload", "--access-logfile=-", "--graceful-timeout=3"]  # loaded once and then forked
    celery = [*python, "celery", "--app=config", "--quiet"]
    # It is the only worker: there are no others to greet, which would take a second.
    worker = [*celery, "worker", "--pool=threads", "--concurrency=2", "--loglevel=INFO"]
    worker += ["--without-mingle", "--without-gossip"]
    clock = [*celery, "beat", f"--schedule={LOCAL / 'clock'}", "--pidfile=", "--loglevel=INFO"]
    return {"web": web, "worker": worker}, {"clock": clock}


@contextlib.contextmanager
def running(commands: Mapping[str, Sequence[str]], env: Mapping[str, str]) -> Iterator[list[Child]]:
    """The programs, for as long as the context lasts; at the end all are asked at once and then waited for."""
    children: list[Child] = []
    try:
        for name, command in commands.items():
            children.append(start_child(name, command, log=LOGS / f"{name}.log", env=env, cwd=ROOT))
        yield children
    finally:
        for child in children:
            if child.is_alive():
                child.process.send_signal(signal.SIGTERM)
        for child in children:
            child.stop(patience=8)


def refuse_dead(children: Sequence[Child]) -> None:
    """Raise ``CannotStartError`` naming the first program that ended although nobody asked it to."""
    for child in children:
        if not child.is_alive():
            said = "\n".join(f"  {line}" for line in child.last_words(6).splitlines())
            raise CannotStartError(
                f"{child.name} ended by itself (exit code {child.process.returncode}), so everything was stopped. "
                f"Its last words:\n{said}\nThe whole story: {child.log}"
            )


def wait_for_health(url: str, children: Sequence[Child], *, patience: float = PATIENCE) -> None:
    """Return when the site says that all of it is well."""
    deadline = time.monotonic() + patience
    while (complaint := health_complaint(url)) is not None:
        refuse_dead(children)
        if time.monotonic() > deadline:
            raise CannotStartError(f"The site is not well after {patience:.0f} s: {complaint}. See the logs in {LOGS}.")
        time.sleep(0.1)


def health_complaint(url: str) -> str | None:
    """What is not well yet, or None."""
    try:
        with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
            return None
    except urllib.error.HTTPError as answer:
        body = answer.read(2000)
        try:
            return f"{url} answers {answer.code} {json.dumps(json.loads(body))}"
        except ValueError:
            return f"{url} answers {answer.code}"
    except OSError:
        return f"{url} does not answer"


def watch(children: Sequence[Child]) -> None:
    """Wait until somebody stops us, or until a program ends by itself."""
    while True:
        refuse_dead(children)
        time.sleep(0.3)


if __name__ == "__main__":
    sys.exit(main(os.environ))
