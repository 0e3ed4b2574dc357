"""Who booked what: visitors, their bookings, the seats they hold."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from basins.enums import Language, Sector
from basins.models import PartnerKey
from core.codes import spoken_code
from core.models import PublicModel
from opendoors.enums import Attendance, BookedState, NotedBy
from opendoors.models.editions import Edition
from opendoors.models.programme import Visit

GROUP_AT_MOST = 10


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
    companions = models.TextField(
        _("who comes along"), blank=True, help_text=_("Names, one per line, for the host's list.")
    )
    held_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("Until then its address must confirm; empty: confirmed.")
    )
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    key = models.ForeignKey(
        PartnerKey, models.SET_NULL, verbose_name=_("partner"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        ordering = ["-created"]
        indexes = [
            models.Index(
                fields=["held_until"], condition=models.Q(held_until__isnull=False), name="opendoors_booking_held"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="opendoors_booking_is_held_or_confirmed",
                condition=models.Q(held_until__isnull=True) | models.Q(confirmed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_held(self) -> bool:
        """Whether its seats wait for the address to be confirmed."""
        return self.held_until is not None


class BookedVisit(PublicModel):
    """One visit of a booking, for one person or a team. Given back rows stay, for figures and the visitor's page."""

    booking = models.ForeignKey(Booking, models.CASCADE, verbose_name=_("booking"), related_name="booked")
    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="booked")
    state = models.CharField(_("state"), max_length=10, choices=BookedState.choices, default=BookedState.CONFIRMED)
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(GROUP_AT_MOST)]
    )
    cancelled_at = models.DateTimeField(_("given back"), null=True, blank=True)

    attendance = models.CharField(_("attendance"), max_length=8, choices=Attendance.choices, blank=True)
    attendance_at = models.DateTimeField(_("attendance noted"), null=True, blank=True)
    attendance_by = models.CharField(_("noted by"), max_length=8, choices=NotedBy.choices, blank=True)
    came = models.PositiveSmallIntegerField(
        _("how many came"), null=True, blank=True, help_text=_("Of a team of which not all came; empty: all of them.")
    )

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
                name="opendoors_booked_visit_seats_in_range",
                condition=models.Q(seats__gte=1, seats__lte=GROUP_AT_MOST),
            ),
            models.CheckConstraint(
                name="opendoors_booked_visit_attendance_has_a_moment_and_a_witness",
                condition=models.Q(attendance="", attendance_at__isnull=True, attendance_by="")
                | (~models.Q(attendance="") & models.Q(attendance_at__isnull=False) & ~models.Q(attendance_by="")),
            ),
            models.CheckConstraint(
                name="opendoors_booked_visit_came_is_part_of_a_team_that_is_present",
                condition=models.Q(came=None) | models.Q(attendance="present", came__gte=1, came__lt=models.F("seats")),
            ),
            models.CheckConstraint(
                name="opendoors_booked_visit_given_back_has_a_moment",
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                | models.Q(state="confirmed", cancelled_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.booking} · {self.visit}"

    @property
    def people_came(self) -> int | None:
        """How many of them came; ``None`` as long as nobody said whether they did."""
        if not self.attendance:
            return None
        return (self.came or self.seats) if self.attendance == Attendance.PRESENT else 0

    @property
    def is_not_whole(self) -> bool:
        """Whether it is a team of which some came and some did not."""
        return self.came is not None

    @property
    def may_have_come(self) -> Sequence[int]:
        """How many of a team may have come, all of it first; empty for one person alone."""
        return range(self.seats, 0, -1) if self.seats > 1 else ()
