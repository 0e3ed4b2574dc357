"""A document that the desk asked who asked for: the one way in which a file comes to the helpdesk."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from basins.models import User
from core.models import PublicModel
from helpdesk.enums import DocumentKind
from helpdesk.models.messages import Message
from helpdesk.models.tickets import Ticket


class AskedDocument(PublicModel):
    """One request for one file, and the file once it came. Of a ticket one request is open at a time.

    ``asked_in`` is the word to who asked. The name that the file had is not kept (:attr:`name` is neutral); the file
    is in the row, so that it goes with the words in one transaction (``docs/decisions/asked-documents.md``).
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="documents")
    asked_in = models.OneToOneField(Message, models.CASCADE, verbose_name=_("asked in"), related_name="document")
    asked_by = models.ForeignKey(
        User,
        models.SET_NULL,
        verbose_name=pgettext_lazy("document", "asked by"),
        null=True,
        blank=True,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked for"), default=timezone.now)
    taken_back_at = models.DateTimeField(pgettext_lazy("document", "taken back"), null=True, blank=True)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    kind = models.CharField(_("kind of file"), max_length=4, choices=DocumentKind.choices, blank=True)
    size = models.PositiveIntegerField(_("size"), default=0, help_text=_("In bytes."))
    file = models.BinaryField(_("file"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("document asked for")
        verbose_name_plural = _("documents asked for")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=models.Q(received_at=None, taken_back_at=None),
                name="helpdesk_document_one_open_per_ticket",
            ),
            models.CheckConstraint(
                name="helpdesk_document_received_has_its_file",
                condition=models.Q(received_at__isnull=True, file__isnull=True, kind="", size=0)
                | (models.Q(received_at__isnull=False, file__isnull=False, size__gt=0) & ~models.Q(kind="")),
            ),
            models.CheckConstraint(
                name="helpdesk_document_received_or_taken_back",
                condition=models.Q(received_at__isnull=True) | models.Q(taken_back_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.asked_at:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.received_at is None and self.taken_back_at is None

    @property
    def name(self) -> str:
        """What the file is called where it is saved: nothing of the name it came with. "" before it came."""
        if self.received_at is None:
            return ""
        return f"{self.ticket.code}-{timezone.localtime(self.received_at):%Y%m%d-%H%M%S}.{self.kind}"
