"""What every floor stores in the same way: public rows, outgoing mail, long jobs, idempotent calls, webhooks."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
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


class TakenMail(models.Model):
    """A mail that came in was taken: once, whichever way and however often it comes. Nothing of it stands here."""

    digest = models.CharField(_("digest"), max_length=64, unique=True)
    channel = models.CharField(_("way"), max_length=10)
    mailbox = models.CharField(_("mailbox"), max_length=40, blank=True)
    outcome = models.CharField(_("what became of it"), max_length=40, blank=True)
    taken_at = models.DateTimeField(_("taken"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("mail that was taken")
        verbose_name_plural = _("mails that were taken")
        ordering = ["-taken_at"]

    def __str__(self) -> str:
        return f"{self.digest[:12]} · {self.outcome}"


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
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("started by"),
        null=True,
        blank=True,
        related_name="jobs",
        help_text=_("Nobody: the holder of a link, who has no account."),
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


class WebhookEndpoint(PublicModel):
    """An address to which somebody's program wants to be told what happens.

    ``owner`` is who asked for it, as the API names callers (``key:<uuid>``); only what is theirs is sent there.
    ``secret`` signs, so it must be kept as it is. After a change the one before signs along until ``old_secret_until``.
    """

    class Disabled(models.TextChoices):
        GONE = "gone", _("It answered that it is gone (410)")
        FAILING = "failing", _("It answered nothing good for days")
        BY_STAFF = "by_staff", _("Stopped by the team")
        KEY_REVOKED = "key_revoked", _("The key was revoked")

    owner = models.CharField(_("owner"), max_length=80)
    url = models.CharField(_("address"), max_length=500)
    types = ArrayField(models.CharField(max_length=60), verbose_name=_("kinds of events"))
    contact = models.EmailField(_("contact"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    secret = models.CharField(_("secret"), max_length=100, editable=False)
    old_secret = models.CharField(_("secret before"), max_length=100, blank=True, editable=False)
    old_secret_until = models.DateTimeField(_("signs along until"), null=True, editable=False)
    failing_since = models.DateTimeField(_("fails since"), null=True, blank=True)
    disabled_at = models.DateTimeField(_("stopped"), null=True, blank=True)
    disabled_why = models.CharField(_("why"), max_length=12, choices=Disabled.choices, blank=True)

    class Meta:
        verbose_name = _("webhook address")
        verbose_name_plural = _("webhook addresses")
        ordering = ["pk"]
        indexes = [models.Index(fields=["owner"], name="webhook_of_owner")]
        constraints = [
            models.UniqueConstraint(fields=["owner", "url"], name="webhook_address_once_per_owner"),
            models.CheckConstraint(
                name="webhook_stopped_says_why",
                condition=models.Q(disabled_at__isnull=True, disabled_why="")
                | (models.Q(disabled_at__isnull=False) & ~models.Q(disabled_why="")),
            ),
            models.CheckConstraint(
                name="webhook_old_secret_has_an_end",
                condition=models.Q(old_secret="", old_secret_until__isnull=True)
                | (~models.Q(old_secret="") & models.Q(old_secret_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookDelivery(PublicModel):
    """Something that happened, on its way to one endpoint: written with the change, sent after the commit.

    ``body`` are the bytes of every attempt; the identifier is the ``webhook-id`` by which a receiver knows them again.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waits")
        SENT = "sent", _("arrived")
        PARKED = "parked", _("given up")

    endpoint = models.ForeignKey(
        WebhookEndpoint, models.CASCADE, verbose_name=_("webhook address"), related_name="deliveries"
    )
    type = models.CharField(_("kind of event"), max_length=60)
    body = models.TextField(_("what is sent"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    last_status = models.PositiveSmallIntegerField(_("last answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)
    sent_at = models.DateTimeField(_("arrived at"), null=True, blank=True)

    class Meta:
        verbose_name = _("webhook event")
        verbose_name_plural = _("webhook events")
        ordering = ["-created", "-pk"]
        indexes = [
            models.Index(fields=["next_attempt_at"], name="webhook_due", condition=models.Q(state="queued")),
            models.Index(fields=["endpoint", "-created"], name="webhook_of_endpoint"),
        ]
        constraints = [
            models.CheckConstraint(
                name="webhook_sent_has_a_moment",
                condition=models.Q(state="sent", sent_at__isnull=False)
                | (~models.Q(state="sent") & models.Q(sent_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} → {self.endpoint_id}"

    @property
    def message_id(self) -> str:
        """The ``webhook-id``: letters and digits only, for it is signed between full stops."""
        return f"msg_{self.uuid.hex}"
