"""Persons to turn to (*référents*): by organisation, function and problem. Never patients."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import Text, current_language, text
from directory.models.base import Record
from directory.models.organizations import Organization
from directory.models.services import Service
from directory.models.taxonomies import TaxonomyTerm


class Contact(Record):
    """A person in a function. Shown only with consent, by the function unless they want their name shown."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="contacts"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="contacts", null=True, blank=True
    )
    function = models.CharField(_("function"), max_length=120)
    department = models.CharField(_("department"), max_length=120, blank=True)
    problem = models.CharField(_("for which problem"), max_length=200, blank=True)
    themes = models.ManyToManyField(TaxonomyTerm, verbose_name=_("themes"), related_name="contacts", blank=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    show_name = models.BooleanField(
        _("show the name"), default=False, help_text=_("Otherwise the function stands in its place.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    professionals_only = models.BooleanField(_("shown to professionals only"), default=True)
    deputy_of = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("deputy of"), related_name="deputies", null=True, blank=True
    )
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    consent_on = models.DateField(_("consent given on"), null=True, blank=True)
    consent_how = models.CharField(_("how consent was given"), max_length=200, blank=True)
    is_published = models.BooleanField(_("published"), default=False)

    class Meta:
        verbose_name = _("person to turn to")
        verbose_name_plural = _("persons to turn to")
        ordering = ["pk"]
        indexes = [models.Index(fields=["email"], name="directory_contact_email")]
        constraints = [
            models.CheckConstraint(
                name="directory_contact_published_with_consent",
                condition=models.Q(is_published=False) | models.Q(consent_on__isnull=False),
                violation_error_message=_("A person is published only with their consent: say when it was given."),
            ),
            models.CheckConstraint(
                name="directory_contact_away_in_order",
                condition=models.Q(away_from__isnull=True)
                | models.Q(away_until__isnull=True)
                | models.Q(away_from__lte=models.F("away_until")),
                violation_error_message=_("An absence ends after it begins."),
            ),
            models.CheckConstraint(
                name="directory_contact_not_own_deputy",
                condition=~models.Q(deputy_of=models.F("pk")),
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return str(text(self, "function"))

    @property
    def shown_as(self) -> Text:
        """The name where the person wants it, else the function."""
        if self.show_name and self.name:
            return Text(self.name, current_language(), is_fallback=False)
        return text(self, "function")

    def is_away(self, today: dt.date) -> bool:
        """Whether the deputy answers on that day. An absence without an end lasts."""
        if self.away_from is None:
            return False
        return self.away_from <= today and (self.away_until is None or today <= self.away_until)
