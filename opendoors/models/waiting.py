"""The waiting list: who asked for which visits, in what order, and what became of it.

One request may name several visits of which the visitor wants some ("any two of these five"). Each visit
named is a wish of its own with its place in that visit's line; the line's order is that of the requests.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Sector
from basins.models import PartnerKey
from core.codes import spoken_code
from core.models import PublicModel
from opendoors.enums import WaitingState, WishState
from opendoors.models.bookings import GROUP_AT_MOST, BookedVisit, Visitor
from opendoors.models.programme import Visit


class WaitingRequest(PublicModel):
    """Somebody in line: for ``wanted`` of the visits wished for, ``seats`` seats in each."""

    visitor = models.ForeignKey(Visitor, models.CASCADE, verbose_name=_("visitor"), related_name="waiting")
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=spoken_code, editable=False)
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    access_needs = models.BooleanField(_("needs wheelchair access"), default=False)
    companions = models.TextField(_("who comes along"), blank=True)
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=1, validators=[MinValueValidator(1), MaxValueValidator(GROUP_AT_MOST)]
    )
    wanted = models.PositiveSmallIntegerField(_("how many of these visits"), validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=10, choices=WaitingState.choices, default=WaitingState.WAITING)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    held_until = models.DateTimeField(
        _("held until"),
        null=True,
        blank=True,
        help_text=_("Until then its address must confirm, and nothing is offered; empty: confirmed."),
    )
    key = models.ForeignKey(
        PartnerKey, models.SET_NULL, verbose_name=_("partner"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("request on the waiting list")
        verbose_name_plural = _("requests on the waiting list")
        ordering = ["created", "pk"]
        indexes = [
            models.Index(
                fields=["held_until"], condition=models.Q(held_until__isnull=False), name="opendoors_waiting_held"
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="opendoors_waiting_seats_in_range",
                condition=models.Q(seats__gte=1, seats__lte=GROUP_AT_MOST, wanted__gte=1),
            ),
            models.CheckConstraint(
                name="opendoors_waiting_ended_has_a_moment",
                condition=models.Q(state="waiting", ended_at__isnull=True)
                | (~models.Q(state="waiting") & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_held(self) -> bool:
        """Whether its place in line waits for the address to be confirmed."""
        return self.held_until is not None


class Wish(PublicModel):
    """One visit of a request, with what became of it. ``offered`` holds seats until ``expires_at``."""

    request = models.ForeignKey(WaitingRequest, models.CASCADE, verbose_name=_("request"), related_name="wishes")
    visit = models.ForeignKey(Visit, models.PROTECT, verbose_name=_("visit"), related_name="wishes")
    state = models.CharField(_("state"), max_length=10, choices=WishState.choices, default=WishState.WAITING)
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    expires_at = models.DateTimeField(_("offered until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    booked = models.OneToOneField(
        BookedVisit, models.SET_NULL, verbose_name=_("booked visit"), null=True, blank=True, related_name="wish"
    )

    class Meta:
        verbose_name = _("wish on the waiting list")
        verbose_name_plural = _("wishes on the waiting list")
        ordering = ["request__created", "request", "pk"]
        indexes = [
            models.Index(fields=["visit", "state"], name="opendoors_wish_line"),
            models.Index(fields=["expires_at"], condition=models.Q(state="offered"), name="opendoors_wish_on_offer"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "visit"], name="opendoors_wish_once_per_request"),
            models.CheckConstraint(
                name="opendoors_wish_on_offer_has_an_end",
                condition=~models.Q(state="offered")
                | models.Q(offered_at__isnull=False, expires_at__gt=models.F("offered_at")),
            ),
            models.CheckConstraint(
                name="opendoors_wish_ended_has_a_moment",
                condition=models.Q(state__in=["waiting", "offered"], ended_at__isnull=True)
                | (~models.Q(state__in=["waiting", "offered"]) & models.Q(ended_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request} · {self.visit}"
