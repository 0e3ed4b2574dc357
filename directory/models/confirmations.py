"""“Still right?”: what organisations were asked by mail, and what they want changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.models import PublicModel
from directory.enums import CorrectionState, RecordKind
from directory.models.organizations import Organization


class Confirmation(PublicModel):
    """One round: an organisation was asked on a day, reminded once, and answered or not. Its link carries ``uuid``."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="confirmations"
    )
    asked_on = models.DateField(_("asked on"))
    reminded_on = models.DateField(_("reminded on"), null=True, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    class Meta:
        verbose_name = _("question whether all is right")
        verbose_name_plural = _("questions whether all is right")
        ordering = ["-asked_on", "-pk"]
        indexes = [
            models.Index(
                fields=["asked_on"],
                name="directory_confirm_waiting",
                condition=models.Q(reminded_on__isnull=True, answered_on__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "asked_on"], name="directory_confirm_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.asked_on:%d/%m/%Y}"


class Proposal(PublicModel):
    """What an organisation wants changed in one of its records: a part of its document, until staff decide.

    ``before`` is what the record said of the same keys when it was sent. A newer one of the same record
    takes the place of one that still waits.
    """

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="proposals"
    )
    record_kind = models.CharField(_("what"), max_length=20, choices=RecordKind.choices, default=RecordKind.SERVICE)
    record_uuid = models.UUIDField(_("identifier of the record"))
    before = models.JSONField(_("before"), default=dict)
    values = models.JSONField(_("after"), default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=CorrectionState.choices, default=CorrectionState.RECEIVED
    )
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("settled by"), null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("change that an organisation wants")
        verbose_name_plural = _("changes that organisations want")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["record_uuid"],
                condition=models.Q(state="received"),
                name="directory_proposal_one_waits",
            ),
            models.CheckConstraint(
                name="directory_proposal_settled",
                condition=models.Q(state="received", settled_at__isnull=True)
                | (~models.Q(state="received") & models.Q(settled_at__isnull=False)),
                violation_error_message=_("What is settled has a date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organization} · {self.record_uuid}"
