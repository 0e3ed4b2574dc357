"""What hangs on a record: hours, phones, languages, places free, prices, papers, links."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.bilingual import text
from directory.enums import PhoneKind, ScheduleFrequency
from directory.models.base import Record, just_one
from directory.models.organizations import Organization
from directory.models.people import Contact
from directory.models.places import Location
from directory.models.services import Service, ServiceAtLocation
from directory.models.taxonomies import TaxonomyTerm
from directory.numbers import spoken_phone

DAY = r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)"


class Schedule(Record):
    """When something is open, after RFC 5545. ``is_closed`` makes it an exception: closed on those days.

    ``closes_at`` at or before ``opens_at`` is on the next day; both at midnight mean day and night. No
    hours mean that only the days are known. Without ``freq`` there is no rhythm: it is each day from
    ``valid_from`` to ``valid_to`` (that one day alone where the end is open), e.g. the dates of a training, or
    what ``description`` says and no more.
    """

    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="schedules", null=True, blank=True
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        verbose_name=_("service at a place"),
        related_name="schedules",
        null=True,
        blank=True,
    )
    location = models.ForeignKey(
        Location, models.CASCADE, verbose_name=_("place"), related_name="schedules", null=True, blank=True
    )
    freq = models.CharField(
        _("repeats"),
        max_length=8,
        choices=ScheduleFrequency.choices,
        default=ScheduleFrequency.WEEKLY,
        blank=True,
    )
    interval = models.PositiveSmallIntegerField(_("every"), default=1, validators=[MinValueValidator(1)])
    byday = models.CharField(
        _("days"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(rf"^{DAY}(,{DAY})*$", _("Write days as MO,TU,WE,TH,FR,SA,SU, e.g. MO,WE or 1TH."))],
    )
    bymonthday = models.CharField(
        _("days of the month"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(r"^-?\d{1,2}(,-?\d{1,2})*$", _("Write days of the month as 1,15 or -1."))],
    )
    opens_at = models.TimeField(_("opens at"), null=True, blank=True)
    closes_at = models.TimeField(_("closes at"), null=True, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    is_closed = models.BooleanField(_("closed then"), default=False)
    by_appointment = models.BooleanField(_("by appointment"), default=False)
    description = models.CharField(_("in words"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="directory_schedule_of_one",
                condition=just_one("service", "service_at_location", "location"),
                violation_error_message=_("Opening hours belong to one record or one place."),
            ),
            models.CheckConstraint(
                name="directory_schedule_both_hours",
                condition=models.Q(opens_at__isnull=True, closes_at__isnull=True)
                | models.Q(opens_at__isnull=False, closes_at__isnull=False),
                violation_error_message=_("Say when it opens and when it closes."),
            ),
            models.CheckConstraint(
                name="directory_schedule_dates_in_order",
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
                violation_error_message=_("The last day cannot come before the first one."),
            ),
            models.CheckConstraint(
                name="directory_schedule_once_has_dates",
                condition=~models.Q(freq="")
                | models.Q(valid_from__isnull=False)
                | (models.Q(description_fr__isnull=False) & ~models.Q(description_fr=""))
                | (models.Q(description_nl__isnull=False) & ~models.Q(description_nl="")),
                violation_error_message=_("What does not repeat has a date, or is said in words."),
            ),
        ]

    @property
    def last_day(self) -> dt.date | None:
        """The last day it holds; ``None``: until further notice."""
        return self.valid_to if self.freq or self.valid_to else self.valid_from

    def __str__(self) -> str:
        hours = f"{self.opens_at:%H:%M}-{self.closes_at:%H:%M}" if self.opens_at and self.closes_at else ""
        return " ".join(filter(None, [self.byday, hours]))


class Phone(Record):
    """A phone number in one form (`numbers.phone_number`); short numbers (112, 1733, 107) as they are."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="phones", null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="phones", null=True, blank=True
    )
    location = models.ForeignKey(
        Location, models.CASCADE, verbose_name=_("place"), related_name="phones", null=True, blank=True
    )
    service_at_location = models.ForeignKey(
        ServiceAtLocation,
        models.CASCADE,
        verbose_name=_("service at a place"),
        related_name="phones",
        null=True,
        blank=True,
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, verbose_name=_("person to turn to"), related_name="phones", null=True, blank=True
    )
    number = models.CharField(_("number"), max_length=20, db_index=True)
    extension = models.CharField(_("extension"), max_length=10, blank=True, validators=[RegexValidator(r"^\d+$")])
    kind = models.CharField(_("kind"), max_length=10, choices=PhoneKind.choices, default=PhoneKind.VOICE)
    description = models.CharField(_("what for"), max_length=200, blank=True)
    professionals_only = models.BooleanField(_("shown to professionals only"), default=False)

    class Meta:
        verbose_name = _("phone")
        verbose_name_plural = _("phones")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="directory_phone_of_one",
                condition=just_one("organization", "service", "location", "service_at_location", "contact"),
                violation_error_message=_("A phone belongs to one record."),
            ),
            models.CheckConstraint(
                name="directory_phone_form",
                condition=models.Q(number__regex=r"^(\+[0-9]{6,15}|[0-9]{3,6})$"),
                violation_error_message=_("Store phones as +3221234567, short numbers as they are."),
            ),
        ]

    def __str__(self) -> str:
        return self.spoken

    @property
    def spoken(self) -> str:
        """As Belgians read it: ``02 318 60 58``."""
        return spoken_phone(self.number)


class Language(Record):
    """A language in which a service can be had: a term of the taxonomy *languages*."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="languages")
    term = models.ForeignKey(TaxonomyTerm, models.PROTECT, verbose_name=_("language"), related_name="language_rows")
    note = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("language of a record")
        verbose_name_plural = _("languages of records")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "term"],
                name="directory_language_once",
                violation_error_message=_("This language is already listed."),
            )
        ]

    def __str__(self) -> str:
        return str(self.term)


class ServiceCapacity(Record):
    """Places free and waiting time, **as said on a day**. Older than the setting, nobody should rely on it."""

    service = models.OneToOneField(Service, models.CASCADE, verbose_name=_("record"), related_name="capacity")
    places_free = models.PositiveSmallIntegerField(_("places free"), null=True, blank=True)
    places_in_all = models.PositiveSmallIntegerField(_("places in all"), null=True, blank=True)
    waiting_weeks = models.PositiveSmallIntegerField(_("weeks of waiting"), null=True, blank=True)
    takes_new_people = models.BooleanField(_("takes new people"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    said_on = models.DateField(_("said on"))

    class Meta:
        verbose_name = _("places and waiting time")
        verbose_name_plural = _("places and waiting times")
        ordering = ["pk"]
        indexes = [models.Index(fields=["said_on"], name="directory_capacity_said_on")]
        constraints = [
            models.CheckConstraint(
                name="directory_capacity_says_something",
                condition=models.Q(places_free__isnull=False)
                | models.Q(waiting_weeks__isnull=False)
                | models.Q(takes_new_people__isnull=False),
                violation_error_message=_("Say places free, weeks of waiting, or whether new people are taken."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} ({self.said_on:%d/%m/%Y})"

    def fades_on(self) -> dt.date:
        """The first day on which it no longer counts."""
        return self.said_on + dt.timedelta(days=settings.DIRECTORY_CAPACITY_DAYS)

    def still_counts(self, today: dt.date) -> bool:
        return today < self.fades_on()

    def has_places(self, today: dt.date) -> bool | None:
        """Whether somebody new can come now; ``None`` where nobody said so lately."""
        if not self.still_counts(today):
            return None
        if self.takes_new_people is not None:
            return self.takes_new_people
        if self.places_free is not None:
            return self.places_free > 0
        return self.waiting_weeks == 0


class CostOption(Record):
    """One price of a service."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="costs")
    option = models.CharField(_("for whom, for what"), max_length=200, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=8, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    note = models.CharField(_("remark"), max_length=300, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return " ".join(filter(None, [str(text(self, "option")), f"{self.amount} {self.currency}"]))


class RequiredDocument(Record):
    """A paper that is asked for."""

    service = models.ForeignKey(Service, models.CASCADE, verbose_name=_("record"), related_name="documents")
    document = models.CharField(_("document"), max_length=200)
    url = models.URLField(_("web address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("document asked for")
        verbose_name_plural = _("documents asked for")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(text(self, "document"))


class Url(Record):
    """A further web address of an organisation or a record."""

    organization = models.ForeignKey(
        Organization, models.CASCADE, verbose_name=_("organisation"), related_name="urls", null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.CASCADE, verbose_name=_("record"), related_name="urls", null=True, blank=True
    )
    label = models.CharField(_("label"), max_length=120, blank=True)
    url = models.URLField(_("web address"), max_length=500)

    class Meta:
        verbose_name = _("web address")
        verbose_name_plural = _("web addresses")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="directory_url_of_one",
                condition=just_one("organization", "service"),
                violation_error_message=_("A web address belongs to one record."),
            )
        ]

    def __str__(self) -> str:
        return self.url
