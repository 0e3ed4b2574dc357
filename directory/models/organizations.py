"""Who offers something: organisations, group practices, independents."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Language as TextLanguage
from core.bilingual import text
from directory.enums import OrganizationKind, RecordStatus
from directory.models.base import Record, TextRecord
from directory.models.taxonomies import TaxonomyTerm


def names_field(label: Any) -> ArrayField[Any, Any]:
    """Names in whatever language they are: people search by all of them."""
    return ArrayField(models.CharField(max_length=200), verbose_name=label, default=list, blank=True)


class Organization(TextRecord):
    """HSDS *organization*. One that merged into another stays as a row, so that its name is found."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=OrganizationKind.choices, default=OrganizationKind.ORGANISATION
    )
    status = models.CharField(_("status"), max_length=20, choices=RecordStatus.choices, default=RecordStatus.ACTIVE)
    name = models.CharField(_("name"), max_length=200)
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True)
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    alternate_names = names_field(_("other names"))
    former_names = names_field(_("former names"))
    description = models.TextField(_("description"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    kbo_number = models.CharField(_("enterprise number"), max_length=10, blank=True, db_index=True)
    establishment_number = models.CharField(_("establishment number"), max_length=10, blank=True, db_index=True)
    sector = models.ForeignKey(
        TaxonomyTerm, models.PROTECT, verbose_name=_("sector"), related_name="organizations", null=True, blank=True
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), related_name="merged", null=True, blank=True
    )
    # Whom the mail that asks "still right?" goes to, how often, in which language. Never published.
    confirm_email = models.EmailField(_("address for confirmation"), blank=True)
    confirm_language = models.CharField(
        _("language of the mail"), max_length=2, choices=TextLanguage.choices, default=TextLanguage.FR
    )
    confirm_every_days = models.PositiveSmallIntegerField(
        _("to be confirmed every … days"), default=365, validators=[MinValueValidator(7), MaxValueValidator(1100)]
    )
    assured_on = models.DateField(_("last checked on"), null=True, blank=True)
    folded_names = names_field(_("names, folded"))

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["modified", "uuid"], name="directory_org_page"),
            models.Index(fields=["confirm_email"], name="directory_org_confirm", condition=~models.Q(confirm_email="")),
            GinIndex(fields=["folded_names"], name="directory_org_names"),
        ]
        constraints = [
            models.CheckConstraint(
                name="directory_org_not_merged_into_itself",
                condition=~models.Q(merged_into=models.F("pk")),
                violation_error_message=_("An organisation cannot be merged into itself."),
            ),
            models.CheckConstraint(
                name="directory_org_kbo_form",
                condition=models.Q(kbo_number__regex=r"^([01][0-9]{9})?$"),
                violation_error_message=_("An enterprise number has ten digits, beginning with 0 or 1."),
            ),
            models.CheckConstraint(
                name="directory_org_establishment_form",
                condition=models.Q(establishment_number__regex=r"^([2-8][0-9]{9})?$"),
                violation_error_message=_("An establishment number has ten digits, beginning with 2 to 8."),
            ),
        ]

    def __str__(self) -> str:
        return str(text(self, "name"))


class OrganizationIdentifier(Record):
    """A number under which others know an organisation, e.g. that of the health insurance (INAMI/RIZIV)."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="identifiers"
    )
    scheme = models.CharField(_("list"), max_length=80, help_text=_("E.g. INAMI-RIZIV."))
    identifier = models.CharField(_("number"), max_length=120)

    class Meta:
        verbose_name = _("number of an organisation")
        verbose_name_plural = _("numbers of organisations")
        ordering = ["scheme", "identifier"]
        indexes = [models.Index(fields=["scheme", "identifier"], name="directory_identifier")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "scheme", "identifier"],
                name="directory_identifier_once",
                violation_error_message=_("This number is already listed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.identifier}"
