"""Where something is (*seat*), as opposed to what it serves (`models.services.ServiceArea`)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from basins.models import Municipality, Neighbourhood
from core.bilingual import text
from directory.enums import AccessFeature, LocationKind
from directory.models.base import Record, TextRecord
from directory.models.organizations import Organization


class Location(TextRecord):
    """A place of an organisation. ``hides_address`` is for shelters: nobody but staff sees where it is."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="locations"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=LocationKind.choices, default=LocationKind.PHYSICAL)
    is_seat = models.BooleanField(pgettext_lazy("of an organisation", "seat"), default=False)
    name = models.CharField(_("name"), max_length=200, blank=True)
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    box = models.CharField(_("box, floor"), max_length=60, blank=True)
    postcode = models.CharField(_("postcode"), max_length=10, blank=True, db_index=True)
    city = models.CharField(
        _("town"), max_length=80, blank=True, help_text=_("Only where it is not one of the nineteen municipalities.")
    )
    municipality = models.ForeignKey(
        Municipality,
        models.PROTECT,
        verbose_name=_("municipality"),
        related_name="directory_locations",
        null=True,
        blank=True,
    )
    neighbourhood = models.ForeignKey(
        Neighbourhood,
        models.PROTECT,
        verbose_name=_("neighbourhood"),
        related_name="directory_locations",
        null=True,
        blank=True,
    )
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    step_free = models.BooleanField(
        _("step-free access"), null=True, blank=True, help_text=_("Leave it open where nobody knows.")
    )
    transport = models.TextField(_("how to get there"), blank=True)
    hides_address = models.BooleanField(_("address is not shown"), default=False)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["pk"]
        indexes = [models.Index(fields=["modified", "uuid"], name="directory_location_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(is_seat=True),
                name="directory_location_one_seat",
                violation_error_message=_("An organisation has one seat."),
            ),
            models.CheckConstraint(
                name="directory_location_both_coordinates",
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        street = str(text(self, "street"))
        return ", ".join(filter(None, [street, self.postcode])) or str(text(self, "name"))


class Accessibility(Record):
    """One thing that makes a place accessible, or does not."""

    location = models.ForeignKey(Location, models.CASCADE, verbose_name=_("place"), related_name="accessibility")
    feature = models.CharField(_("arrangement"), max_length=14, choices=AccessFeature.choices)
    is_there = models.BooleanField(_("is there"), default=True)
    description = models.CharField(_("description"), max_length=300, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("accessibility of a place")
        verbose_name_plural = _("accessibility of places")
        ordering = ["feature", "pk"]

    def __str__(self) -> str:
        return self.get_feature_display()
