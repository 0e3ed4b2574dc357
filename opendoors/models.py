"""An open-door week: its edition, hosts, places and visits, and who booked what.

Scarce: ``Visit.seats``. The row of the visit owns its capacity and counts what is taken; only
``rules.booking`` changes the count, with the row locked.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, Municipality, PartnerKey, User
from core.bilingual import text
from core.codes import spoken_code
from core.models import PublicModel
from opendoors.enums import BookedState, EditionState, Sector, VisitLanguage, VisitState

SEATS_AT_MOST = 500


def default_bands() -> list[list[str]]:
    """The bands of a day as the teams print them: begin and end, local wall-clock time."""
    return [["09:00", "10:30"], ["12:00", "13:30"], ["15:30", "17:00"], ["17:00", "18:30"]]


class Edition(PublicModel):
    """One open-door week of a basin. Each basin has its own name for it."""

    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="open_door_editions")
    slug = models.SlugField(_("address"), max_length=40, help_text=_("The last part of its address, e.g. 2026."))
    name = models.CharField(_("name"), max_length=80)
    intro = models.TextField(_("introduction"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    bands = ArrayField(
        ArrayField(models.CharField(max_length=5), size=2), verbose_name=_("bands of the day"), default=default_bands
    )
    signup_opens_at = models.DateTimeField(_("sign-up opens"))
    signup_closes_at = models.DateTimeField(_("sign-up closes"))
    state = models.CharField(_("state"), max_length=12, choices=EditionState.choices, default=EditionState.DRAFT)
    reminder_days_before = models.PositiveSmallIntegerField(
        _("first reminder"), default=5, help_text=_("Days before the visit; the second one goes out the day before.")
    )
    programme_version = models.PositiveIntegerField(_("version of the programme"), default=1, editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["basin", "slug"],
                name="opendoors_edition_slug_once_per_basin",
                violation_error_message=_("This basin already has an edition at this address."),
            ),
            models.CheckConstraint(
                name="opendoors_edition_ends_after_it_starts",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day cannot come before the first one."),
            ),
            models.CheckConstraint(
                name="opendoors_edition_sign_up_closes_after_it_opens",
                condition=models.Q(signup_closes_at__gt=models.F("signup_opens_at")),
                violation_error_message=_("Sign-up cannot close before it opens."),
            ),
        ]

    def __str__(self) -> str:
        return f"{text(self, 'name')} ({self.starts_on:%Y})"


class EditionStateChange(models.Model):
    """One step of an edition: who, when, from, to. Written by ``rules.editions`` alone."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="state_changes")
    from_state = models.CharField(_("from"), max_length=12, choices=EditionState.choices)
    to_state = models.CharField(_("to"), max_length=12, choices=EditionState.choices)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("by"), null=True, help_text=_("Nobody: the calendar did it.")
    )

    class Meta:
        verbose_name = _("step of an edition")
        verbose_name_plural = _("steps of an edition")
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.from_state} → {self.to_state}"


class Host(PublicModel):
    """A service that opens its doors in one edition. Its name keeps its own language."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="hosts")
    name = models.CharField(_("name"), max_length=160)
    name_language = models.CharField(_("language of the name"), max_length=2, choices=Language.choices, blank=True)
    search_name = models.CharField(_("name, folded"), max_length=160, editable=False, db_index=True)
    description = models.TextField(_("what visitors will see"), blank=True)
    contact_name = models.CharField(_("contact person"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact's e-mail"), blank=True)
    contact_phone = models.CharField(_("contact's phone"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("host")
        verbose_name_plural = _("hosts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "search_name"],
                name="opendoors_host_once_per_edition",
                violation_error_message=_("This host already takes part in this edition."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Place(PublicModel):
    """Where a host receives visitors, and how to get there and in."""

    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="places")
    street = models.CharField(_("street and number"), max_length=160, blank=True)
    postcode = models.CharField(
        _("postcode"), max_length=4, blank=True, validators=[RegexValidator(r"^\d{4}$", _("Write four digits."))]
    )
    municipality = models.ForeignKey(
        Municipality, models.PROTECT, verbose_name=_("municipality"), null=True, blank=True
    )
    wheelchair = models.BooleanField(
        _("wheelchair access"), null=True, blank=True, help_text=_("Empty: not known; we say so.")
    )
    directions = models.TextField(_("way there"), blank=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["host", "pk"]

    def __str__(self) -> str:
        return self.address or str(self.host)

    @property
    def address(self) -> str:
        """In one line, in the reader's language: ``Rue de l’Exemple 12, 1040 Etterbeek``; "" if not known."""
        town = f"{self.postcode} {text(self.municipality, 'name') if self.municipality else ''}".strip()
        return ", ".join(filter(None, [str(text(self, "street")), town]))


class Visit(PublicModel):
    """One opening of a host's door: a time, a number of seats, the languages spoken."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="visits")
    host = models.ForeignKey(Host, models.CASCADE, verbose_name=_("host"), related_name="visits")
    place = models.ForeignKey(Place, models.PROTECT, verbose_name=_("place"), related_name="visits")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    seats = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(SEATS_AT_MOST)]
    )
    seats_taken = models.PositiveSmallIntegerField(_("seats taken"), default=0, editable=False)
    languages = ArrayField(
        models.CharField(max_length=4, choices=VisitLanguage.choices), verbose_name=_("languages"), default=list
    )
    state = models.CharField(_("state"), max_length=10, choices=VisitState.choices, default=VisitState.PLANNED)
    sequence = models.PositiveIntegerField(_("revision"), default=0, editable=False)

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["edition", "starts_at"], name="opendoors_visit_by_edition"),
            models.Index(fields=["modified", "uuid"], name="opendoors_visit_feed"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["host", "starts_at"],
                name="opendoors_visit_once_per_host_and_time",
                violation_error_message=_("This host already has a visit at this time."),
            ),
            models.CheckConstraint(
                name="opendoors_visit_ends_after_it_starts",
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                violation_error_message=_("The visit cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="opendoors_visit_never_overbooked",
                condition=models.Q(seats_taken__lte=models.F("seats")),
                violation_error_message=_("More seats are taken than there would be."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.host} {timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def seats_left(self) -> int:
        return self.seats - self.seats_taken

    @property
    def language_words(self) -> str:
        """``French, Dutch`` in the reader's language, main language first."""
        return ", ".join(str(VisitLanguage(code).label) for code in self.languages)

    @property
    def is_cancelled(self) -> bool:
        return self.state == VisitState.CANCELLED

    @property
    def has_free_seat(self) -> bool:
        return self.seats_left > 0 and not self.is_cancelled


class Visitor(PublicModel):
    """An address in one edition. Its row is locked while it books: one person is at one place at a time."""

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="visitors")
    email = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "email"], name="opendoors_visitor_once_per_edition"),
            models.CheckConstraint(
                name="opendoors_visitor_email_in_lower_case",
                condition=models.Q(email=Lower("email")),
            ),
        ]
        indexes = [models.Index(fields=["email"], name="opendoors_visitor_email")]

    def __str__(self) -> str:
        return self.email


class Booking(PublicModel):
    """One act of booking: several visits at once, under one reference."""

    visitor = models.ForeignKey(Visitor, models.CASCADE, verbose_name=_("visitor"), related_name="bookings")
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=spoken_code, editable=False)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    access_needs = models.BooleanField(_("needs wheelchair access"), default=False)
    key = models.ForeignKey(
        PartnerKey, models.SET_NULL, verbose_name=_("partner"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-created"]

    def __str__(self) -> str:
        return self.reference


class BookedVisit(PublicModel):
    """One visit of a booking. Given back rows stay, for the figures and for the visitor's page."""

    booking = models.ForeignKey(Booking, models.CASCADE, verbose_name=_("booking"), related_name="booked")
    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="booked")
    state = models.CharField(_("state"), max_length=10, choices=BookedState.choices, default=BookedState.CONFIRMED)
    cancelled_at = models.DateTimeField(_("given back"), null=True, blank=True)

    class Meta:
        verbose_name = _("booked visit")
        verbose_name_plural = _("booked visits")
        ordering = ["visit__starts_at"]
        indexes = [models.Index(fields=["visit", "state"], name="opendoors_booked_visit_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "visit"],
                condition=models.Q(state="confirmed"),
                name="opendoors_booked_visit_once_per_booking",
            ),
            models.CheckConstraint(
                name="opendoors_booked_visit_given_back_has_a_moment",
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                | models.Q(state="confirmed", cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking} · {self.visit}"
