"""Records as they are sent, written beforehand: what leaves by the hundred thousand is not put together each time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from directory.models.services import Service


class HsdsCopy(models.Model):
    """A public service as HSDS has it, as text, in both languages. Written by `rules.publishing` alone.

    It counts while ``changed_seq`` is the record's own, ``shape`` the profile's, and the day before
    ``good_until`` (what was said of places fades, persons go away and come back). One that does not count is
    written anew by whoever reads, so a copy that is missing or old costs time and nothing else.
    """

    service = models.OneToOneField(
        Service, models.CASCADE, verbose_name=_("record"), related_name="hsds_copy", primary_key=True
    )
    changed_seq = models.BigIntegerField(_("number of the change"))
    shape = models.CharField(_("version of the profile"), max_length=10)
    good_until = models.DateField(_("good until"))
    brief_fr = models.TextField(_("in lists, in French"))
    brief_nl = models.TextField(_("in lists, in Dutch"))
    full_fr = models.TextField(_("in full, in French"))
    full_nl = models.TextField(_("in full, in Dutch"))

    class Meta:
        verbose_name = _("record in HSDS")
        verbose_name_plural = _("records in HSDS")

    def __str__(self) -> str:
        return f"{self.service_id} · {self.changed_seq}"
