"""Our own words for what people look for: small lists in two languages, with synonyms."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import text
from directory.models.base import Record


def synonyms_field(label: Any) -> ArrayField[Any, Any]:
    """Words people use for a term in one language, never shown as its name."""
    return ArrayField(models.CharField(max_length=120), verbose_name=label, default=list, blank=True)


class Taxonomy(Record):
    """A list of terms, e.g. the themes. ``depth`` is how many levels it may have."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    depth = models.PositiveSmallIntegerField(
        _("levels"), default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    version = models.CharField(_("version"), max_length=20, blank=True)
    external_ref = models.URLField(_("web address of the list"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("taxonomy")
        verbose_name_plural = _("taxonomies")
        ordering = ["code"]

    def __str__(self) -> str:
        return str(text(self, "name"))


class TaxonomyTerm(Record):
    """One term. ``external_ref`` is how another list calls the same, e.g. ``"snomed:722164000"`` or an address."""

    taxonomy = models.ForeignKey(Taxonomy, models.PROTECT, verbose_name=_("taxonomy"), related_name="terms")
    parent = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("broader term"), related_name="children", null=True, blank=True
    )
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    description = models.TextField(_("description"), blank=True)
    synonyms_fr = synonyms_field(_("synonyms in French"))
    synonyms_nl = synonyms_field(_("synonyms in Dutch"))
    external_ref = models.CharField(_("in other lists"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered for choice"), default=True)

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["taxonomy", "position", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["taxonomy", "code"],
                name="directory_term_code_once",
                violation_error_message=_("This taxonomy has a term with this code already."),
            ),
            models.CheckConstraint(
                name="directory_term_not_below_itself",
                condition=~models.Q(parent=models.F("pk")),
                violation_error_message=_("A term cannot stand below itself."),
            ),
        ]

    def __str__(self) -> str:
        return str(text(self, "name")) or self.code
