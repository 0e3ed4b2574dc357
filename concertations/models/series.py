"""Series of meetings: what brings the same people together again, under one of the basins or the Region."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from concertations.enums import SeriesKind
from core.bilingual import text
from core.models import PublicModel


class Theme(PublicModel):
    """A theme of the concertations. ``meetings_per_year``: how many the law asks of each basin, 0 where none.

    Source: the joint decree and ordinance (COCOF-COCOM): three meetings a year for each compulsory theme.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    meetings_per_year = models.PositiveSmallIntegerField(
        _("meetings a year"), default=0, help_text=_("How many the law asks of each basin; 0: none.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("theme of concertations")
        verbose_name_plural = _("themes of concertations")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return str(text(self, "name"))


class Series(PublicModel):
    """Meetings that belong together, e.g. on mental health in Sud-Est. Without a basin: the Region's."""

    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="concertation_series", null=True, blank=True
    )
    slug = models.SlugField(
        _("address"), max_length=60, help_text=_("The last part of its address, e.g. mental-health.")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=SeriesKind.choices)
    theme = models.ForeignKey(
        Theme, models.PROTECT, verbose_name=_("theme"), related_name="series", null=True, blank=True
    )
    name = models.CharField(_("name"), max_length=120)
    intro = models.TextField(_("introduction"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=30, blank=True)
    is_over = models.BooleanField(_("over"), default=False, help_text=_("No more meetings; what was said stays."))

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["is_over", "name_fr", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["basin", "slug"],
                nulls_distinct=False,
                name="concertations_series_slug_once_per_basin",
                violation_error_message=_("There is a series at this address already."),
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "name"))

    @property
    def is_closed_group(self) -> bool:
        """A community of practice is a closed group: whom it took in meets, and reads what is its own."""
        return self.kind == SeriesKind.COMMUNITY
