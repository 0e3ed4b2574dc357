"""“This is wrong”: what readers of a record tell the team."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import User
from core.models import PublicModel
from directory.enums import CorrectionState
from directory.models.base import just_one
from directory.models.organizations import Organization
from directory.models.places import Location
from directory.models.services import Service


class Correction(PublicModel):
    """A reader's words about a record, without an account; the address is kept to thank them, and can be forgotten."""

    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="corrections", null=True, blank=True
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="corrections", null=True, blank=True
    )
    location = models.ForeignKey(
        Location, models.CASCADE, verbose_name=_("place"), related_name="corrections", null=True, blank=True
    )
    words = models.TextField(_("what is wrong"), max_length=2000)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=CorrectionState.choices, default=CorrectionState.RECEIVED
    )
    settled_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("settled by"), null=True, blank=True, related_name="+"
    )
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["-created", "-pk"]
        indexes = [models.Index(fields=["state", "-created"], name="directory_correction_state")]
        constraints = [
            models.CheckConstraint(
                name="directory_correction_settled",
                condition=models.Q(state="received", settled_at__isnull=True)
                | (~models.Q(state="received") & models.Q(settled_at__isnull=False)),
                violation_error_message=_("What is settled has a date."),
            ),
            models.CheckConstraint(
                name="directory_correction_of_one", condition=just_one("service", "organization", "location")
            ),
        ]

    def __str__(self) -> str:
        return self.words[:80]

    @property
    def record(self) -> Service | Organization | Location:
        """What it is about."""
        record = self.service or self.organization or self.location
        if record is None:
            raise ValueError("A correction is about one record.")  # the database says so, too
        return record
