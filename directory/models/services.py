"""The record people search: what is offered, for whom, how one gets there, where, and for which territory."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, Municipality, Neighbourhood, User
from core.bilingual import text
from directory.enums import (
    Authority,
    CareLine,
    ExchangeFormat,
    ExchangeMode,
    Frequency,
    Price,
    RecordStatus,
    ServiceKind,
    Visibility,
)
from directory.models.base import Record, TextRecord, just_one
from directory.models.organizations import Organization, names_field
from directory.models.places import Location
from directory.models.taxonomies import TaxonomyTerm


class Service(TextRecord):
    """HSDS *service*, and everything else of which people ask "who does this?"."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("organisation"), related_name="services"
    )
    kind = models.CharField(_("kind"), max_length=16, choices=ServiceKind.choices, default=ServiceKind.SERVICE)
    status = models.CharField(_("status"), max_length=20, choices=RecordStatus.choices, default=RecordStatus.ACTIVE)
    visibility = models.CharField(_("visible to"), max_length=14, choices=Visibility.choices, default=Visibility.PUBLIC)
    name = models.CharField(_("name"), max_length=200)
    alternate_names = names_field(_("other names"))
    former_names = names_field(_("former names"))
    short_description = models.CharField(_("in one sentence"), max_length=300, blank=True)
    description = models.TextField(_("description"), blank=True)
    alert = models.CharField(
        _("message of the moment"), max_length=300, blank=True, help_text=_("E.g. closed until the first of August.")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)

    # --- How one gets there
    how_to_refer = models.TextField(_("how to refer"), blank=True)
    who_may_refer = models.TextField(_("who may refer"), blank=True)
    eligibility = models.TextField(_("for whom"), blank=True)
    refusal_grounds = models.TextField(_("grounds of refusal"), blank=True)
    min_age = models.PositiveSmallIntegerField(_("from the age of"), null=True, blank=True)
    max_age = models.PositiveSmallIntegerField(
        _("up to the age of"), null=True, blank=True, validators=[MaxValueValidator(130)]
    )
    no_appointment = models.BooleanField(_("without an appointment"), default=False)
    no_request = models.BooleanField(_("without having to explain a request"), default=False)
    no_papers = models.BooleanField(_("without papers"), default=False)
    no_payment = models.BooleanField(_("without payment"), default=False)
    home_visits = models.BooleanField(_("home visits"), default=False)
    outreach = models.BooleanField(_("outreach"), default=False)
    goes_along = models.BooleanField(_("goes along with the person"), default=False)
    interpreter = models.BooleanField(_("interpreter"), default=False)
    interpretation = models.CharField(_("interpreting, in words"), max_length=300, blank=True)
    price = models.CharField(_("price"), max_length=10, choices=Price.choices, blank=True)
    fees = models.TextField(_("price, in words"), blank=True)
    care_line = models.CharField(_("line of care"), max_length=3, choices=CareLine.choices, blank=True)
    authority = models.CharField(
        _("recognised by"),
        max_length=10,
        choices=Authority.choices,
        blank=True,
        help_text=_("Only where it changes who has access."),
    )
    accreditations = models.TextField(_("accreditations"), blank=True)

    # --- Exchange spaces, trainings, activities
    exchange_mode = models.CharField(_("form of exchange"), max_length=14, choices=ExchangeMode.choices, blank=True)
    exchange_format = models.CharField(_("format"), max_length=8, choices=ExchangeFormat.choices, blank=True)
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency.choices, blank=True)
    organised_with = names_field(_("organised with"))

    # --- Freshness
    assured_on = models.DateField(_("last checked on"), null=True, blank=True)
    assured_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("last checked by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("record")
        verbose_name_plural = _("records")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["modified", "uuid"], name="directory_service_page"),
            models.Index(fields=["visibility", "status", "kind"], name="directory_service_visible"),
            models.Index(fields=["assured_on"], name="directory_service_assured"),
        ]
        constraints = [
            models.CheckConstraint(
                name="directory_service_ages_in_order",
                condition=models.Q(min_age__isnull=True)
                | models.Q(max_age__isnull=True)
                | models.Q(min_age__lte=models.F("max_age")),
                violation_error_message=_("The lowest age cannot be above the highest."),
            )
        ]

    def __str__(self) -> str:
        return str(text(self, "name"))

    @property
    def is_low_threshold(self) -> bool:
        """Nothing stands between the person and the door: no appointment, and no papers or no payment asked."""
        return self.no_appointment and (self.no_papers or self.no_payment or self.no_request)


class ServiceAtLocation(Record):
    """A service at one place, with what is different there."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="at_locations")
    location = models.ForeignKey(Location, models.CASCADE, verbose_name=_("place"), related_name="at_services")
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("service at a place")
        verbose_name_plural = _("services at places")
        ordering = ["pk"]
        indexes = [models.Index(fields=["modified", "uuid"], name="directory_at_location_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location"],
                name="directory_service_once_at_a_place",
                violation_error_message=_("This record is already at this place."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.location}"


class ServiceArea(Record):
    """A part of the territory a service *serves*, wherever its seat is: the Region, or one of its parts."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="areas")
    whole_region = models.BooleanField(_("the whole Region"), null=True, blank=True)
    basin = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("basin"), related_name="directory_areas", null=True, blank=True
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        verbose_name=_("municipality"),
        related_name="directory_areas",
        null=True,
        blank=True,
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        verbose_name=_("neighbourhood"),
        related_name="directory_areas",
        null=True,
        blank=True,
    )

    class Meta:
        verbose_name = _("territory served")
        verbose_name_plural = _("territories served")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="directory_area_is_one_thing",
                condition=just_one("whole_region", "basin", "municipality", "neighbourhood"),
                violation_error_message=_("Choose the Region, a basin, a municipality or a neighbourhood."),
            ),
            models.UniqueConstraint(
                fields=["service", "whole_region", "basin", "municipality", "neighbourhood"],
                name="directory_area_once",
                nulls_distinct=False,
                violation_error_message=_("This territory is already listed."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.basin or self.municipality or self.neighbourhood or _("the whole Region"))


class ServiceTerm(models.Model):
    """A term that a service carries: a theme, an audience, a sector."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="service_terms")
    term = models.ForeignKey(TaxonomyTerm, models.PROTECT, verbose_name=_("term"), related_name="service_terms")

    class Meta:
        verbose_name = _("term of a record")
        verbose_name_plural = _("terms of records")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "term"],
                name="directory_service_term_once",
                violation_error_message=_("This record already carries this term."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.term}"
