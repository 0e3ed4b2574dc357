"""Which organisation of the directory a host is, and which it is not."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import User
from core.models import PublicModel
from opendoors.enums import LinkKind, LinkVerdict
from opendoors.models.programme import Host


class HostLink(PublicModel):
    """The team's word: this host is that record or organisation of the directory, or is not that organisation.

    The other side is named by its identifier, not by its row: the directory may merge it, and
    ``directory.standing`` says where it went. Written by ``rules.linking`` alone.
    """

    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="links")
    kind = models.CharField(_("what"), max_length=12, choices=LinkKind.choices)
    record = models.UUIDField(_("identifier in the directory"), db_index=True)
    verdict = models.CharField(_("decided"), max_length=9, choices=LinkVerdict.choices)
    decided_at = models.DateTimeField(_("decided at"), default=timezone.now)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("link of a host to the directory")
        verbose_name_plural = _("links of hosts to the directory")
        ordering = ["-decided_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["host"],
                condition=models.Q(verdict=LinkVerdict.SAME),
                name="opendoors_host_linked_once",
                violation_error_message=_("This host is already linked to the directory."),
            ),
            models.UniqueConstraint(
                fields=["host", "record"],
                name="opendoors_host_link_once",
                violation_error_message=_("This was decided already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} · {self.get_verdict_display()}"
