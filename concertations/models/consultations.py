"""Consultations at large: what some hundreds of people said was missing, as the report has it.

Imported, read, searched; never edited here. A text that the report has in one language stands in that one alone.
``p`` and ``s`` are points (priority; I can help to solve it): only their order within one part means something.
None is "not asked", which is not zero.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Need
from concertations.enums_minutes import PartKind, StatementKind
from core.bilingual import text
from core.models import PublicModel


class Consultation(PublicModel):
    """One consultation. ``sessions`` as its report describes them: dates, kind, number, who took part."""

    slug = models.SlugField(_("address"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=200)
    organiser = models.CharField(_("organiser"), max_length=120, blank=True)
    held_on = models.DateField(_("first day"))
    sessions = models.JSONField(_("sessions"), default=list, blank=True)

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-held_on", "pk"]

    def __str__(self) -> str:
        return str(text(self, "title"))


class ConsultationPart(PublicModel):
    """A theme, a solution track, a gap … of the report. ``themes`` are the numbers of the themes a track is about."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, verbose_name=_("consultation"), related_name="parts")
    kind = models.CharField(_("kind"), max_length=12, choices=PartKind.choices)
    number = models.PositiveSmallIntegerField(_("number"))
    group = models.CharField(_("group"), max_length=20, blank=True)
    title = models.CharField(_("title"), max_length=200)
    words = models.TextField(_("words that were heard"), blank=True)
    definition = models.TextField(_("definition"), blank=True)
    search_text = models.TextField(_("as it is searched"), blank=True, editable=False)
    themes = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("themes"), default=list, blank=True)

    class Meta:
        verbose_name = _("part of a consultation")
        verbose_name_plural = _("parts of consultations")
        ordering = ["consultation", "kind", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "kind", "number"], name="concertations_part_once_per_consultation"
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "title"))


class ConsultationStatement(PublicModel):
    """Something that was said. ``parent`` is what it explains; ``line`` is where the report has it."""

    part = models.ForeignKey(ConsultationPart, models.CASCADE, verbose_name=_("part"), related_name="statements")
    parent = models.ForeignKey(
        "self", models.CASCADE, verbose_name=_("explains"), null=True, blank=True, related_name="details"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=StatementKind.choices)
    position = models.PositiveSmallIntegerField(_("position"))
    line = models.PositiveIntegerField(_("line of the report"), null=True, blank=True)
    cluster = models.CharField(_("cluster"), max_length=160, blank=True)
    text = models.TextField(_("text"))
    search_text = models.TextField(_("as it is searched"), blank=True, editable=False)
    rank = models.PositiveSmallIntegerField(_("rank"), null=True, blank=True)
    p = models.PositiveSmallIntegerField(_("points for priority"), null=True, blank=True)
    s = models.PositiveSmallIntegerField(_("points of who can help"), null=True, blank=True)
    need = models.ForeignKey(
        Need,
        models.SET_NULL,
        verbose_name=_("in the list of needs"),
        null=True,
        blank=True,
        related_name="concertations_consulted",
    )

    class Meta:
        verbose_name = _("statement of a consultation")
        verbose_name_plural = _("statements of consultations")
        ordering = ["part", "position"]
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="concertations_statement_once_per_place")
        ]

    def __str__(self) -> str:
        return str(text(self, "text"))
