"""The territory: five basins, nineteen municipalities, neighbourhoods, and what a postcode can tell."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import BasinCode, Language
from core.models import PublicModel

postcode_validator = RegexValidator(r"^1[0-2]\d\d$", _("A postcode of Brussels has four digits, 1000 to 1299."))


class Basin(PublicModel):
    """A care basin (*bassin d'aide et de soins*, *hulp- en zorgzone*) and how to reach its team."""

    code = models.CharField(_("code"), max_length=20, unique=True, choices=BasinCode.choices)
    name = models.CharField(_("name"), max_length=60)
    intro = models.TextField(_("introduction"), blank=True)
    helpdesk_phone = models.CharField(_("helpdesk phone"), max_length=30, blank=True)
    helpdesk_email = models.EmailField(_("helpdesk e-mail"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("basin")
        verbose_name_plural = _("basins")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name or self.code


class Municipality(PublicModel):
    """One of the nineteen municipalities, by its NIS code (Statbel)."""

    nis_code = models.CharField(_("NIS code"), max_length=5, unique=True)
    name = models.CharField(_("name"), max_length=60)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("population counted in"), null=True, blank=True)

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["nis_code"]

    def __str__(self) -> str:
        return self.name


class Neighbourhood(PublicModel):
    """A social-health neighbourhood (*quartier social-santé*, *wijk*): the legal unit of the basins."""

    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="neighbourhoods")
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("municipality"), related_name="neighbourhoods"
    )
    name = models.CharField(_("name"), max_length=100)
    postcode = models.CharField(_("postcode"), max_length=4, blank=True, validators=[postcode_validator])

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["basin", "name"]

    def __str__(self) -> str:
        return self.name


class PostcodeArea(models.Model):
    """The part of a postcode that lies in one municipality and one basin.

    A postcode does not give the municipality, nor a municipality the basin: several rows per
    postcode are the rule for 1040, 1050, 1060 and for the City of Brussels. ``basin`` empty means
    that nobody told us; ``is_main`` marks where most of the postcode's people live.
    """

    postcode = models.CharField(_("postcode"), max_length=4, validators=[postcode_validator], db_index=True)
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("municipality"), related_name="postcode_areas"
    )
    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="postcode_areas", null=True, blank=True
    )
    is_main = models.BooleanField(_("main part"), default=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("part of a postcode")
        verbose_name_plural = _("parts of postcodes")
        ordering = ["postcode", "-is_main"]
        constraints = [
            models.UniqueConstraint(
                fields=["postcode", "municipality", "basin"],
                name="postcode_area_once",
                nulls_distinct=False,
                violation_error_message=_("This part of the postcode is already listed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.postcode} {self.municipality}"


class SiteHost(models.Model):
    """A real domain, and the basin and language its front page leads to (no basin: the Region)."""

    host = models.CharField(_("host name"), max_length=120, unique=True)
    basin = models.ForeignKey(
        Basin, models.CASCADE, verbose_name=_("basin"), related_name="hosts", null=True, blank=True
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)

    class Meta:
        verbose_name = _("site address")
        verbose_name_plural = _("site addresses")
        ordering = ["host"]
        constraints = [
            models.CheckConstraint(
                name="site_host_is_a_bare_lower_case_name",
                condition=models.Q(host__regex=r"^[a-z0-9.-]+$"),
                violation_error_message=_("Write the host name alone, in lower case, without https:// or a port."),
            )
        ]

    def __str__(self) -> str:
        return self.host
