"""Long jobs: a row, a worker that writes its progress there, and a file at the end.

::

    @work("opendoors.import_programme", title=_("Import of the programme"))     # in <app>/jobs.py
    def import_programme(job: LongJob, progress: Progress) -> Outcome: …

    job = start("opendoors.import_programme", params={…}, by=user, scope="sud-est", language="fr", upload=file)

The work may open one transaction for everything it does: progress is written by a thread of its own,
on a connection of its own. A worker that is killed leaves a job whose heart stops beating; the clock
has it taken up again, at most three times. The work must bear being begun anew.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from django.core.files.base import ContentFile, File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.bell import ring_for_job
from core.errors import RuleError
from core.models import LongJob
from core.spoken import BRUSSELS

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

logger = logging.getLogger(__name__)

WRITE_EVERY = 0.5  # seconds between two notes of progress
BEAT_EVERY = 10.0  # seconds between two heartbeats while nothing moves
DEAD_AFTER = dt.timedelta(seconds=60)
ATTEMPTS = 3
State = LongJob.State


class Stopped(Exception):
    """Raised by ``progress`` when the job is no longer ours: stopped by a person, or taken over."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job gives: figures for its page, a sentence, and a file to download."""

    result: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    filename: str = ""
    content: bytes = b""


Work = Callable[[LongJob, "Progress"], "Outcome | dict[str, Any] | None"]
MaySee = Callable[[HttpRequest, LongJob], bool]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: what does it, how it is called, who may see it.

    ``visible_to`` decides alone, anew at each request: who started a job may have lost the role since.
    It is given the request, because a kind for staff asks how the reader signed in. Without it a job
    is seen by whoever started it. ``template`` is shown on the job's page when it is over, with ``job``;
    ``next_url`` gives the page to go on to.
    """

    work: Work
    title: Any = ""
    template: str = ""
    visible_to: MaySee | None = None
    next_url: Callable[[LongJob], str] | None = None


_kinds: dict[str, Kind] = {}


def work(
    kind: str,
    *,
    title: Any = "",
    template: str = "",
    visible_to: MaySee | None = None,
    next_url: Callable[[LongJob], str] | None = None,
) -> Callable[[Work], Work]:
    """Register the function that does jobs of this kind; see :class:`Kind`."""

    def register(function: Work) -> Work:
        _kinds[kind] = Kind(function, title, template, visible_to, next_url)
        return function

    return register


def kind_of(job: LongJob) -> Kind | None:
    """How jobs of this kind are done and called; ``None`` when the program no longer knows them."""
    return _kinds.get(job.kind)


def _work_of(kind: str) -> Work:
    try:
        return _kinds[kind].work
    except KeyError:
        raise LookupError(f"No work is registered under {kind!r}.") from None


def may_see_job(request: HttpRequest, job: LongJob) -> bool:
    """Whether the reader may see the job, its file and its stop button; its kind decides."""
    kind = kind_of(job)
    if kind is not None and kind.visible_to is not None:
        return kind.visible_to(request, job)
    return job.started_by_id is not None and job.started_by_id == request.user.pk


def whoever_has_the_address(_request: HttpRequest, _job: LongJob) -> bool:
    """A ``visible_to`` for what the holder of a link starts: the job's UUID is told to nobody else."""
    return True


@transaction.atomic
def start(
    kind: str,
    *,
    params: dict[str, Any],
    by: AbstractBaseUser | None,
    scope: str = "",
    language: str,
    upload: File[Any] | None = None,
) -> LongJob:
    """Write the job down; the worker is woken after the commit. ``LookupError`` for an unknown kind.

    ``by`` is empty for the holder of a signed link, who has no account: such a kind says who sees its
    jobs, usually :func:`whoever_has_the_address`.
    """
    _work_of(kind)
    job = LongJob(kind=kind, params=params, started_by_id=by.pk if by else None, scope=scope, language=language)
    if upload is not None:
        job.upload.save(PurePath(upload.name or "").name or "upload", upload, save=False)
    job.save()
    ring_for_job(job.pk)
    return job


def under_way(kind: str, *, params: dict[str, Any], language: str) -> LongJob | None:
    """The same job where it waits or runs already: who presses a button twice is led to the first one."""
    same = LongJob.objects.filter(kind=kind, params=params, language=language)
    return same.filter(state__in=[State.WAITING, State.RUNNING]).order_by("created").first()


def stop(job: LongJob) -> bool:
    """Stop the job: at once when it waits, at its next step when it runs. False: it is over already."""
    open_job = LongJob.objects.filter(pk=job.pk, state__in=[State.WAITING, State.RUNNING])
    now = timezone.now()
    return bool(open_job.update(state=State.STOPPED, ended_at=now, modified=now))


@transaction.atomic
def forget_before(limit: dt.datetime) -> int:
    """Delete jobs that ended before ``limit``; their files go after the commit. Returns how many there were."""
    over = LongJob.objects.exclude(state__in=[State.WAITING, State.RUNNING]).filter(ended_at__lt=limit)
    rows = list(over.select_for_update(of=("self",)).order_by("pk"))
    for job in rows:
        job.delete()
        transaction.on_commit(partial(_delete_files, job))
    return len(rows)


def _delete_files(job: LongJob) -> None:
    """The files of a job and the folder that was made for them (there is none in an object store)."""
    for file in (job.upload, job.file):
        if file.name:
            file.storage.delete(file.name)
            with suppress(OSError):  # not empty yet: the other file is still in it
                file.storage.delete(str(PurePosixPath(file.name).parent))


def _dead() -> Q:
    silent = timezone.now() - DEAD_AFTER
    return Q(state=State.RUNNING, heartbeat_at__lt=silent)


def left_behind() -> list[int]:
    """Jobs nobody has in hand: never begun for a minute, or begun by a worker that died."""
    never_begun = Q(state=State.WAITING, created__lt=timezone.now() - DEAD_AFTER)
    return list(LongJob.objects.filter(never_begun | _dead()).order_by("created").values_list("pk", flat=True))


class Progress:
    """Handed to the work, which calls it as often as it likes: ``progress(3, 51, "Import of the hosts")``.

    Raises :class:`Stopped` when the work shall end.
    """

    def __init__(self, job: LongJob) -> None:
        self._row = LongJob.objects.filter(pk=job.pk, state=State.RUNNING, attempts=job.attempts)
        self._pk, self._attempt = job.pk, job.attempts
        self._lock = threading.Lock()
        self._said: tuple[int, int, str] | None = None
        self._over = threading.Event()
        self._not_ours = threading.Event()
        self._thread = threading.Thread(target=self._report, name=f"job-{job.pk}", daemon=True)
        self.last = (job.steps_done, job.steps_total, job.note)

    def __call__(self, done: int, total: int = 0, note: str = "") -> None:
        """Note that ``done`` of ``total`` steps are behind us (0: unknown how many)."""
        if self._not_ours.is_set():
            raise Stopped
        with self._lock:
            self._said = self.last = (done, total, note[:300])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join(timeout=5)

    def _report(self) -> None:
        try:
            silent = 0.0
            while not self._over.wait(WRITE_EVERY):
                silent += WRITE_EVERY
                with self._lock:
                    said, self._said = self._said, None
                if said is not None or silent >= BEAT_EVERY:
                    silent = 0.0
                    self._write(said)
                else:
                    self._look()
        except (DatabaseError, InterfaceError) as error:
            # The heart stops beating; if the work goes on to the end, its outcome is still written.
            logger.warning("The progress of job %s cannot be written: %s", self._pk, error)
        finally:
            connection.close()

    def _write(self, said: tuple[int, int, str] | None) -> None:
        now = timezone.now()
        values: dict[str, Any] = {"heartbeat_at": now, "modified": now}
        if said is not None:
            values["steps_done"], values["steps_total"], values["note"] = said
        if not self._row.update(**values):
            self._look()

    def _look(self) -> None:
        """Whether the row says that the job is no longer ours."""
        seen = LongJob.objects.filter(pk=self._pk).values_list("state", "attempts").first()
        if seen is not None and seen != (State.RUNNING, self._attempt):
            self._not_ours.set()


def _claim(pk: int) -> LongJob | None:
    """Take the job in hand, unless it is over or somebody's heart beats for it."""
    with transaction.atomic():
        job = (
            LongJob.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(Q(state=State.WAITING) | _dead(), pk=pk)
            .first()
        )
        if job is None:
            return None
        if job.attempts >= ATTEMPTS:
            with translation.override(job.language):
                _end(job, State.FAILED, note=_("It was interrupted three times. Start it again, or tell us."))
            return None
        now = timezone.now()
        job.state, job.attempts, job.heartbeat_at = State.RUNNING, F("attempts") + 1, now
        job.save(update_fields=["state", "attempts", "heartbeat_at", "modified"])
    job.refresh_from_db()
    return job


def _end(job: LongJob, state: str, **values: Any) -> bool:
    """Close the job, if it is still ours."""
    now = timezone.now()
    ours = LongJob.objects.filter(pk=job.pk, attempts=job.attempts, state=State.RUNNING)
    return bool(ours.update(state=state, ended_at=now, heartbeat_at=now, modified=now, **values))


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    """Dates, UUIDs and lazy texts as the row can keep them."""
    plain: dict[str, Any] = json.loads(json.dumps(result, cls=DjangoJSONEncoder))
    return plain


def run(pk: int) -> None:
    """Do the job, in the worker. What goes wrong is said in the row, in the language of who started it."""
    job = _claim(pk)
    if job is None:
        return
    with translation.override(job.language), timezone.override(BRUSSELS):
        try:
            with Progress(job) as progress:
                outcome = _work_of(job.kind)(job, progress)
        except Stopped:
            logger.info("Job %s was stopped", pk)
        except RuleError as error:
            _end(job, State.FAILED, note=str(error.message)[:300], result=_plain({"code": error.code, **error.extra}))
        except (OperationalError, InterfaceError):
            # The database went away: the job stays as it is, and is taken up again once it is back.
            logger.warning("Job %s lost its database", pk, exc_info=True)
        except Exception:
            logger.exception("Job %s (%s) failed", pk, job.kind)
            _end(job, State.FAILED, note=_("A fault in the program stopped it. Nothing was changed; we were told."))
        else:
            _finish(job, outcome, progress)


def _finish(job: LongJob, outcome: Outcome | dict[str, Any] | None, progress: Progress) -> None:
    if not isinstance(outcome, Outcome):
        outcome = Outcome(result=outcome or {})
    done, total, note = progress.last
    name = ""
    if outcome.filename:
        job.file.save(outcome.filename, ContentFile(outcome.content), save=False)
        name = job.file.name or ""
    values = {"steps_done": max(done, total), "steps_total": total, "note": (outcome.note or note)[:300]}
    if not _end(job, State.DONE, result=_plain(outcome.result), file=name, **values) and name:
        job.file.storage.delete(name)  # stopped in the last moment: nobody will ask for the file
