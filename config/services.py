"""The two services everything needs: PostgreSQL and Redis.

``DATABASE_URL`` and ``REDIS_URL`` name running ones; what is not named is started here, embedded.
``python -m config.services run -- COMMAND`` runs COMMAND with both and throws the embedded ones away
afterwards; the demo (``config.demo.launch``) keeps its data.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config import embedded
from config.processes import CannotStartError, Child, StopRequested, exit_code, stop_signals_raise

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
USAGE = "Usage: python -m config.services run [--durable] -- COMMAND [ARGUMENT …]"


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of a PostgreSQL and a Redis that answer."""

    database_url: str
    redis_url: str
    children: tuple[Child, ...] = ()  # the embedded servers among them, for who keeps watch

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """``base`` (or our own environment) with the two addresses in it."""
        own = os.environ if base is None else base
        return {**own, "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@contextlib.contextmanager
def running_services(*, keep: Path | None = None, durable: bool = False) -> Iterator[Services]:
    """PostgreSQL and Redis for as long as the context lasts.

    ``keep`` is the folder whose ``postgres`` holds the data and survives (and is then ``durable``);
    without it the data are thrown away. ``durable`` keeps PostgreSQL's promises to the disk, which
    tests do not need and benchmarks do.

    Raises ``CannotStartError`` with a sentence for people when a service does not answer.
    """
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if database_url:
        _probe_database(database_url)
    if redis_url:
        _probe_redis(redis_url)
    children: list[Child] = []
    with contextlib.ExitStack() as stack:
        if not (database_url and redis_url):
            run = stack.enter_context(embedded.run_folder())
            places = embedded.Places(postgres=(keep or run) / "postgres", logs=LOCAL / "logs", run=run)
        if not database_url:
            options = embedded.DURABLE if keep or durable else embedded.FAST
            database_url, child = stack.enter_context(embedded.postgres(places, options=options))
            children.append(child)
        if not redis_url:
            redis_url, child = stack.enter_context(embedded.redis_server(places))
            children.append(child)
        yield Services(database_url, redis_url, tuple(children))


def _refuse_another_kind(url: str, name: str, *schemes: str) -> None:
    """An address of another product is not one that does not answer."""
    if not url.startswith(schemes):
        raise CannotStartError(
            f"{name} is {without_password(url)}: it must start with {' or '.join(schemes)}. "
            f"Correct it, or unset {name} to use the embedded one."
        )


def _probe_database(url: str) -> None:
    _refuse_another_kind(url, "DATABASE_URL", "postgresql://", "postgres://")
    if not embedded.postgres_answers(url):
        raise CannotStartError(
            f"PostgreSQL does not answer at {without_password(url)} (DATABASE_URL). "
            "Start it, correct the address, or unset DATABASE_URL to use the embedded one."
        )


def _probe_redis(url: str) -> None:
    _refuse_another_kind(url, "REDIS_URL", "redis://", "rediss://", "unix://")
    if not embedded.redis_answers(url):
        raise CannotStartError(
            f"Redis does not answer at {without_password(url)} (REDIS_URL). "
            "Start it, correct the address, or unset REDIS_URL to use the embedded one."
        )


def without_password(url: str) -> str:
    """The address as it may be shown in a terminal or a log."""
    try:
        password = urlsplit(url).password
    except ValueError:
        return "an address that cannot be read"
    return url.replace(f":{password}@", ":…@", 1) if password else url


# --- Command line --------------------------------------------------------------------------------


def run_command(command: Sequence[str], env: Mapping[str, str]) -> int:
    """Run ``command`` in our place: it keeps the terminal, gets our stop signals, gives our exit code."""
    try:
        process = subprocess.Popen(command, env=dict(env))
    except OSError as error:
        raise CannotStartError(f"{command[0]} cannot be started: {error.strerror}.") from None
    while True:
        try:
            return exit_code(process.wait())
        except StopRequested as stop:
            # A terminal sends Ctrl-C to the command itself, too; a second one would cut its tidying up short.
            if not (stop.args[0] == signal.SIGINT and sys.stdin.isatty()):
                process.send_signal(stop.args[0])


def main(arguments: Sequence[str]) -> int:
    """The command line; see the module's docstring."""
    if not arguments or arguments[0] != "run" or "--" not in arguments:
        print(USAGE, file=sys.stderr)
        return 2
    split = arguments.index("--")
    options, command = arguments[1:split], arguments[split + 1 :]
    if not command or set(options) - {"--durable"}:
        print(USAGE, file=sys.stderr)
        return 2
    os.environ.setdefault("APP_ENV", "test")
    try:
        with stop_signals_raise(), running_services(durable="--durable" in options) as services:
            return run_command(command, services.environment())
    except CannotStartError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except StopRequested as stop:
        return 128 + int(stop.args[0])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
