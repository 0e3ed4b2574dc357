"""What was said in a ticket, and the directory's records as they were sent."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import User
from core.models import PublicModel
from helpdesk.enums import Channel, MessageKind, RecordKind
from helpdesk.models.tickets import Ticket


class Message(PublicModel):
    """Words in a ticket. Of a mail: what was written anew in ``body``, what it quoted in ``quoted``.

    ``message_id`` is the mail's own, with its angle brackets: of what came in and of what went out. A mail that
    comes twice is one message. ``call``: of an expert's words, which question of the desk they answer.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="messages")
    kind = models.CharField(_("kind"), max_length=14, choices=MessageKind.choices)
    channel = models.CharField(_("came"), max_length=8, choices=Channel.choices)
    author = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("written by"), null=True, blank=True, related_name="+"
    )
    call = models.ForeignKey(
        "helpdesk.ExpertCall",
        models.SET_NULL,
        verbose_name=_("question to an expert"),
        null=True,
        blank=True,
        related_name="messages",
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    body = models.TextField(_("words"), blank=True)
    quoted = models.TextField(_("quoted"), blank=True)
    said_at = models.DateTimeField(_("said"), default=timezone.now)
    message_id = models.CharField(_("Message-ID"), max_length=300, blank=True)
    in_reply_to = models.CharField(_("in reply to"), max_length=300, blank=True)
    references = ArrayField(models.CharField(max_length=300), verbose_name=_("references"), default=list, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["said_at", "pk"]
        indexes = [models.Index(fields=["ticket", "said_at"], name="helpdesk_message_thread")]
        constraints = [
            models.UniqueConstraint(
                fields=["message_id"], condition=~models.Q(message_id=""), name="helpdesk_message_id_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.get_kind_display()}"


class SentLetter(models.Model):
    """The Message-ID of a mail that went out about a ticket: what an answer to it refers to.

    The outbox forgets what such a letter said once it is sent; this says that there was one.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="letters")
    kind = models.CharField(_("kind"), max_length=60)
    message_id = models.CharField(_("Message-ID"), max_length=300, unique=True)
    posted_at = models.DateTimeField(_("written"), default=timezone.now)

    class Meta:
        verbose_name = _("letter about a ticket")
        verbose_name_plural = _("letters about tickets")
        ordering = ["posted_at", "pk"]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.kind}"


class AnswerRecord(models.Model):
    """A record of the directory in an answer, frozen as it was sent.

    ``record`` is its identifier there (``directory.standing`` says where it leads now); ``snapshot`` what the
    asker read, so that a phone number found wrong later tells who got it.
    """

    message = models.ForeignKey(Message, models.CASCADE, verbose_name=_("message"), related_name="records")
    kind = models.CharField(_("what"), max_length=12, choices=RecordKind.choices)
    record = models.UUIDField(_("identifier in the directory"), db_index=True)
    snapshot = models.JSONField(_("as it was sent"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("record in an answer")
        verbose_name_plural = _("records in answers")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "record"], name="helpdesk_answer_names_a_record_once")
        ]

    def __str__(self) -> str:
        return f"{self.message} · {self.record}"
