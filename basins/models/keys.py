"""Partners' keys to the API: hashed, limited to scopes and basins, revocable."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models.people import User
from basins.models.territory import Basin
from core.models import PublicModel


class PartnerKey(PublicModel):
    """A key that a partner's program sends; only its SHA-256 is kept (256 random bits need no salt)."""

    name = models.CharField(_("name"), max_length=120, help_text=_("Who uses it, and for what."))
    contact_email = models.EmailField(_("contact"))
    prefix = models.CharField(_("first characters"), max_length=12, unique=True, editable=False)
    digest = models.CharField(_("digest"), max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=60), verbose_name=_("scopes"), default=list)
    basins = models.ManyToManyField(Basin, verbose_name=_("basins"), related_name="partner_keys")
    created_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("created by"), null=True, editable=False, related_name="+"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("revoked by"), null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = _("partner's key")
        verbose_name_plural = _("partners' keys")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
