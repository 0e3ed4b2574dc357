"""What the desk works with: sentences to reuse, the time it gives itself, mail that waits to be looked at."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from basins.models import Basin, User
from core.bilingual import text
from core.models import PublicModel
from helpdesk.enums import HeldReason, HeldState
from helpdesk.models.messages import Message
from helpdesk.models.tickets import Ticket


class Snippet(PublicModel):
    """Sentences a desk writes again and again, in both languages. No basin: for all five."""

    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="helpdesk_snippets", null=True, blank=True
    )
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("words"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(pgettext_lazy("sentence to reuse", "offered"), default=True)

    class Meta:
        verbose_name = _("snippet")
        verbose_name_plural = _("snippets")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))


class ServiceTarget(PublicModel):
    """Within how many working hours a basin wants to give its first answer, and to come back after a reply."""

    basin = models.OneToOneField(Basin, models.CASCADE, verbose_name=_("basin"), related_name="helpdesk_target")
    first_answer_hours = models.PositiveSmallIntegerField(
        _("working hours until the first answer"),
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
    )
    reply_hours = models.PositiveSmallIntegerField(
        _("working hours until the answer to a reply"),
        default=16,
        validators=[MinValueValidator(1), MaxValueValidator(400)],
    )

    class Meta:
        verbose_name = _("target of a basin")
        verbose_name_plural = _("targets of basins")
        ordering = ["basin"]
        constraints = [
            models.CheckConstraint(
                name="helpdesk_target_in_range",
                condition=models.Q(first_answer_hours__range=(1, 400), reply_hours__range=(1, 400)),
            )
        ]

    def __str__(self) -> str:
        return str(self.basin)


class HeldMail(PublicModel):
    """A mail that is not taken into a ticket by itself: somebody looks at it first.

    National register numbers were taken out before it was written. ``ticket`` is the one it named.
    """

    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="helpdesk_held_mails", null=True, blank=True
    )
    ticket = models.ForeignKey(
        Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="held_mails", null=True, blank=True
    )
    reason = models.CharField(_("why"), max_length=16, choices=HeldReason.choices)
    state = models.CharField(_("state"), max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    from_name = models.CharField(_("name"), max_length=160, blank=True)
    from_email = models.EmailField(_("from"), max_length=254, blank=True)
    to_email = models.EmailField(_("to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=300, blank=True)
    body = models.TextField(_("words"), blank=True)
    quoted = models.TextField(_("quoted"), blank=True)
    attachments = ArrayField(models.CharField(max_length=200), verbose_name=_("attachments left out"), default=list)
    message_id = models.CharField(_("Message-ID"), max_length=300, blank=True)
    in_reply_to = models.CharField(_("in reply to"), max_length=300, blank=True)
    references = ArrayField(models.CharField(max_length=300), verbose_name=_("references"), default=list, blank=True)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    became = models.OneToOneField(
        Message, models.SET_NULL, verbose_name=_("message it became"), null=True, blank=True, related_name="held_mail"
    )

    class Meta:
        verbose_name = _("mail to be looked at")
        verbose_name_plural = _("mails to be looked at")
        ordering = ["-received_at", "-pk"]
        indexes = [models.Index(fields=["basin", "state", "-received_at"], name="helpdesk_held_of_basin")]
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], condition=~models.Q(message_id=""), name="helpdesk_held_mail_once"
            ),
            models.CheckConstraint(
                name="helpdesk_held_mail_decided_has_a_moment",
                condition=models.Q(state="waiting", decided_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.from_email
