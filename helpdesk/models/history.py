"""What happened to a ticket, who read it, and when its clock stood still."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.models import PublicModel
from helpdesk.enums import EventKind
from helpdesk.models.tickets import Ticket


class TicketEvent(PublicModel):
    """Who did what to a ticket, when, from what to what. Nobody: the asker, a partner, a program.

    ``before`` and ``after`` are codes: states, basins' codes, people's identifiers, ticket codes.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="events")
    kind = models.CharField(_("what"), max_length=12, choices=EventKind.choices)
    at = models.DateTimeField(_("when"), default=timezone.now)
    by = models.ForeignKey(User, models.SET_NULL, verbose_name=_("who"), null=True, blank=True, related_name="+")
    before = models.CharField(_("before"), max_length=60, blank=True)
    after = models.CharField(_("after"), max_length=60, blank=True)
    note = models.CharField(_("in words"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("event of a ticket")
        verbose_name_plural = _("events of tickets")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["ticket", "at"], name="helpdesk_event_of_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.get_kind_display()}"


class TicketRead(models.Model):
    """A member of staff read a ticket, or took the document that came with it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="reads")
    reader = models.ForeignKey(User, models.SET_NULL, verbose_name=_("read by"), null=True, related_name="+")
    read_at = models.DateTimeField(_("when"), default=timezone.now)
    took_document = models.BooleanField(_("took its document"), default=False)

    class Meta:
        verbose_name = _("reading of a ticket")
        verbose_name_plural = _("readings of tickets")
        ordering = ["-read_at", "-pk"]
        indexes = [
            models.Index(fields=["ticket", "-read_at"], name="helpdesk_read_of_ticket"),
            models.Index(fields=["reader", "-read_at"], name="helpdesk_read_by"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.reader}"


class WaitingPause(models.Model):
    """The ticket waited for its asker: the basin's clock stood still. An open pause has no end."""

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="pauses")
    started_at = models.DateTimeField(_("from"), default=timezone.now)
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"], condition=models.Q(ended_at=None), name="helpdesk_pause_one_open_per_ticket"
            ),
            models.CheckConstraint(
                name="helpdesk_pause_ends_after_it_begins",
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.started_at:%Y-%m-%d %H:%M}"
