"""Wakes the worker after a commit, without the request ever waiting for the broker.

Ringing puts the name of a row on a list; one thread per process takes the list to the broker, at
most five times a second. So a burst of bookings costs one task instead of hundreds, and a broker that
is down or hangs delays nobody. A ring that is lost loses nothing: the rows are in the database and
the clock's sweep finds them (``core.tasks.SCHEDULE``).
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from celery import current_app
from django.db import connection, transaction

from core.middleware import NO_REQUEST, current_request_id

logger = logging.getLogger(__name__)

PAUSE = 0.2  # seconds between two trips to the broker
MUTE = 5.0  # seconds of silence after the broker did not answer
REQUEST_ID = "request_id"  # the header of a task that names the request it comes from
SINGLY = 3  # more mails or webhooks than these at once are left to one sweep


def _headers(request_id: str) -> dict[str, str]:
    return {} if request_id == NO_REQUEST else {REQUEST_ID: request_id}


class Bell:
    """The list of what must be woken, and the thread that carries it to the broker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rung = threading.Event()
        self._mails: dict[int, str] = {}  # row → the request that rang, for the worker's log lines
        self._jobs: dict[int, str] = {}
        self._hooks: dict[int, str] = {}
        self._thread: threading.Thread | None = None

    def ring(self, *, mails: tuple[int, ...] = (), jobs: tuple[int, ...] = (), hooks: tuple[int, ...] = ()) -> None:
        """Ask for a visit of the worker; returns at once."""
        with self._lock:
            request_id = current_request_id.get()
            self._mails.update(dict.fromkeys(mails, request_id))
            self._jobs.update(dict.fromkeys(jobs, request_id))
            self._hooks.update(dict.fromkeys(hooks, request_id))
            # Not alive: never started, or we are the fork of a process in which it ran.
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
                self._thread.start()
        self._rung.set()

    def _run(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            time.sleep(PAUSE if self.carry() else MUTE)

    def carry(self) -> bool:
        """Tell the broker what was rung for; False when it does not answer."""
        with self._lock:
            mails, jobs, hooks = (sorted(each.items()) for each in (self._mails, self._jobs, self._hooks))
            for each in (self._mails, self._jobs, self._hooks):
                each.clear()
        calls: list[tuple[str, tuple[int, ...], dict[str, str]]] = [
            ("core.tasks.run_job", (pk,), _headers(request_id)) for pk, request_id in jobs
        ]
        if len(mails) > SINGLY:
            calls.append(("core.tasks.deliver_due_mail", (), {}))
        else:
            calls.extend(("core.tasks.deliver_message", (pk,), _headers(request_id)) for pk, request_id in mails)
        if len(hooks) > SINGLY:
            calls.append(("core.tasks.deliver_due_webhooks", (), {}))
        else:
            calls.extend(("core.tasks.deliver_webhook", (pk,), _headers(request_id)) for pk, request_id in hooks)
        try:
            for name, arguments, headers in calls:
                current_app.send_task(name, arguments, headers=headers, retry=False, ignore_result=True)
        except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the thread lives on
            logger.warning("The broker does not answer; the next sweep will find the rows: %s", error)
            return False
        return True


bell = Bell()


class _RingForMail:
    """One ring per transaction, however many mails it writes."""

    def __init__(self, pk: int, savepoints: tuple[str, ...]) -> None:
        self.pks = [pk]
        self.savepoints = savepoints

    def __call__(self) -> None:
        bell.ring(mails=tuple(self.pks))


def ring_for_mail(pk: int) -> None:
    """Ring for the mail once the transaction is committed."""
    waiting = connection.run_on_commit
    savepoints = tuple(connection.savepoint_ids)
    if waiting:
        last = waiting[-1][1]
        # A savepoint that is rolled back takes its rings along, so they are shared within one only.
        if isinstance(last, _RingForMail) and last.savepoints == savepoints:
            last.pks.append(pk)
            return
    transaction.on_commit(_RingForMail(pk, savepoints), robust=True)


def ring_for_job(pk: int) -> None:
    """Ring for the job once the transaction is committed."""
    transaction.on_commit(lambda: bell.ring(jobs=(pk,)), robust=True)


def ring_for_hooks(pks: Sequence[int]) -> None:
    """Ring for webhooks once the transaction is committed."""
    if pks:
        transaction.on_commit(lambda: bell.ring(hooks=tuple(pks)), robust=True)
