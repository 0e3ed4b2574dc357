"""Guided ways: “this problem → these services”, composed by staff; some of them are crises."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Basin
from core.bilingual import text
from core.models import PublicModel
from directory.enums import CallTime, CrisisKind


class GuidedWay(PublicModel):
    """A page that leads from a problem to services, in both languages. ``basin``: for one basin alone."""

    slug = models.SlugField(_("word in the address"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    lead = models.CharField(_("first sentence"), max_length=300, blank=True)
    crisis = models.CharField(_("kind of crisis"), max_length=14, choices=CrisisKind.choices, blank=True)
    basin = models.ForeignKey(
        Basin, models.CASCADE, verbose_name=_("basin"), null=True, blank=True, related_name="guided_ways"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    is_published = models.BooleanField(_("published"), default=False)
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)

    class Meta:
        verbose_name = _("guided way")
        verbose_name_plural = _("guided ways")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="directory_way_published_in_both",
                condition=models.Q(is_published=False) | ~(models.Q(title_fr="") | models.Q(title_nl="")),
                violation_error_message=_("What is published has a title in both languages."),
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))


class WayStep(PublicModel):
    """A step: a question or an act, then any of words, a number to call, a search, another way."""

    way = models.ForeignKey(GuidedWay, models.CASCADE, verbose_name=_("guided way"), related_name="steps")
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    question = models.CharField(_("question or act"), max_length=160)
    words = models.TextField(_("what to do"), max_length=1000, blank=True)
    phone = models.CharField(_("number to call"), max_length=20, blank=True)
    answers = models.CharField(_("it answers"), max_length=12, choices=CallTime.choices, default=CallTime.UNKNOWN)
    query = models.CharField(
        _("search"), max_length=1000, blank=True, help_text=_("What stands behind the ? in the address of a search.")
    )
    leads_to = models.ForeignKey(
        GuidedWay, models.SET_NULL, verbose_name=_("leads to"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("step of a guided way")
        verbose_name_plural = _("steps of guided ways")
        ordering = ["way", "position", "pk"]

    def __str__(self) -> str:
        return str(text(self, "question"))
