"""What every floor stores in the same way: public rows, outgoing mail, long jobs, idempotent calls."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PublicModel(models.Model):
    """A row that may be named outside: by UUID, with the moment of its last change.

    ``modified`` is what partners page by (`core.api.pagination`); a bulk update must set it itself.
    """

    uuid = models.UUIDField(_("identifier"), default=uuid.uuid4, unique=True, editable=False)
    created = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    modified = models.DateTimeField(_("modified"), auto_now=True, editable=False)

    class Meta:
        abstract = True


class OutboxMessage(PublicModel):
    """A mail that must go out, written in the transaction of the change that calls for it.

    What is said is rendered by the worker and frozen in the row before the first attempt, so that
    each retry sends the same words under the same Message-ID.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENT = "sent", _("sent")
        PARKED = "parked", _("parked")
        DROPPED = "dropped", _("dropped")

    key = models.CharField(
        _("key"), max_length=200, unique=True, help_text=_("One message per key, however often it is asked for.")
    )
    kind = models.CharField(_("kind"), max_length=100)
    params = models.JSONField(_("parameters"), default=dict)
    scope = models.CharField(_("scope"), max_length=40, blank=True, help_text=_("Whose staff may see it."))
    to = models.EmailField(_("to"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    rendered = models.BinaryField(_("rendered message"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_error = models.TextField(_("last error"), blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mails")
        ordering = ["-created"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="outbox_due", condition=models.Q(state="queued")),
            models.Index(fields=["to"], name="outbox_to"),
            models.Index(fields=["scope", "-created"], name="outbox_scope"),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_sent_has_a_moment",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.to}"


def job_file_path(job: LongJob, filename: str) -> str:
    return f"jobs/{job.uuid}/{filename}"


class LongJob(PublicModel):
    """Work that takes longer than a request: its progress, its outcome and the file at its end."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        STOPPED = "stopped", _("stopped")

    kind = models.CharField(_("kind"), max_length=100)
    params = models.JSONField(_("parameters"), default=dict)
    scope = models.CharField(_("scope"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("started by"), related_name="jobs"
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    steps_done = models.PositiveIntegerField(_("steps done"), default=0)
    steps_total = models.PositiveIntegerField(_("steps in all"), default=0)
    note = models.CharField(_("note"), max_length=300, blank=True)
    result = models.JSONField(_("result"), default=dict)
    upload = models.FileField(_("input"), upload_to=job_file_path, blank=True)
    file = models.FileField(_("file"), upload_to=job_file_path, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("long job")
        verbose_name_plural = _("long jobs")
        ordering = ["-created"]
        indexes = [
            models.Index(fields=["heartbeat_at"], name="job_open", condition=models.Q(state__in=["waiting", "running"]))
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.state})"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.STOPPED}


class IdempotencyRecord(models.Model):
    """The answer given to a creating call, kept so that the same call gets the same answer.

    After draft-ietf-httpapi-idempotency-key-header: ``owner`` is who called, ``fingerprint`` the
    SHA-256 of method, path and body.
    """

    owner = models.CharField(_("owner"), max_length=80)
    key = models.CharField(_("key"), max_length=200)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"), default=b"")
    created = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("idempotent call")
        verbose_name_plural = _("idempotent calls")
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="idempotency_one_per_owner_and_key")]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"
