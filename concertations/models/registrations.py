"""Who comes: a person of a series, and a place at one of its meetings."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from basins.enums import Language, Sector
from basins.models import PartnerKey, User
from concertations.enums import Meal, NotedBy, Presence, RegistrationState
from concertations.models.meetings import Meeting
from concertations.models.series import Series
from core.codes import spoken_code
from core.models import PublicModel


class Participant(PublicModel):
    """A person in one series, known by the mail address; without one where added at the door, by name alone.

    ``organization`` is the identifier in the directory where the team tied it, never a row: the directory may merge it.
    """

    series = models.ForeignKey(Series, models.CASCADE, verbose_name=_("series"), related_name="participants")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("function"), max_length=120, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    organization = models.UUIDField(_("identifier in the directory"), null=True, blank=True, db_index=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        ordering = ["name", "pk"]
        indexes = [models.Index(fields=["email"], name="concertations_participant_mail")]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "email"],
                condition=~models.Q(email=""),
                name="concertations_participant_once_per_series",
                violation_error_message=_("This address is known in this series already."),
            ),
            models.CheckConstraint(
                name="concertations_participant_email_in_lower_case",
                condition=models.Q(email=Lower("email")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Registration(PublicModel):
    """One person's place at one meeting, from the line to the presence. Given back rows stay, for figures."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="registrations")
    participant = models.ForeignKey(
        Participant, models.CASCADE, verbose_name=_("participant"), related_name="registrations"
    )
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=spoken_code, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=RegistrationState.choices, default=RegistrationState.CONFIRMED
    )
    motivation = models.TextField(_("motivation"), blank=True)
    expectations = models.TextField(_("expectations"), blank=True)
    meal = models.CharField(_("meal"), max_length=10, choices=Meal.choices, blank=True)
    access_needs = models.TextField(_("what helps you take part"), blank=True)
    at_distance = models.BooleanField(_("at a distance"), default=False)
    at_the_door = models.BooleanField(_("came without registration"), default=False)
    held_until = models.DateTimeField(
        _("held until"), null=True, blank=True, help_text=_("Until then its address must confirm; empty: confirmed.")
    )
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, blank=True)
    offered_until = models.DateTimeField(_("on offer until"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("given back"), null=True, blank=True)
    presence = models.CharField(_("presence"), max_length=8, choices=Presence.choices, blank=True)
    presence_at = models.DateTimeField(_("presence noted"), null=True, blank=True)
    presence_by = models.CharField(_("noted by"), max_length=12, choices=NotedBy.choices, blank=True)
    key = models.ForeignKey(
        PartnerKey, models.SET_NULL, verbose_name=_("partner"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["created", "pk"]
        indexes = [
            models.Index(fields=["meeting", "state"], name="concertations_reg_state"),
            models.Index(
                fields=["held_until"], condition=models.Q(held_until__isnull=False), name="concertations_reg_held"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "participant"],
                condition=models.Q(state__in=["waiting", "offered", "confirmed"]),
                name="concertations_registered_once",
                violation_error_message=_("This person is registered already."),
            ),
            models.CheckConstraint(
                name="concertations_reg_offer_has_an_end",
                condition=models.Q(state="offered", offered_until__isnull=False)
                | (~models.Q(state="offered") & models.Q(offered_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="concertations_reg_given_back_has_a_moment",
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                | (~models.Q(state="cancelled") & models.Q(cancelled_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="concertations_reg_is_held_or_confirmed",
                condition=models.Q(held_until__isnull=True) | models.Q(confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="concertations_reg_presence_has_a_moment_and_a_witness",
                condition=models.Q(presence="", presence_at__isnull=True, presence_by="")
                | (~models.Q(presence="") & models.Q(presence_at__isnull=False) & ~models.Q(presence_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_held(self) -> bool:
        """Whether it waits for its address to be confirmed."""
        return self.held_until is not None


class Invitation(PublicModel):
    """A letter of the team to somebody who misses in a series, sent once per meeting and address."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="invitations")
    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector.choices, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    word = models.TextField(_("a word of the team"), blank=True)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("sent by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "email"],
                name="concertations_invited_once",
                violation_error_message=_("This address is invited already."),
            ),
            models.CheckConstraint(
                name="concertations_invitation_email_in_lower_case", condition=models.Q(email=Lower("email"))
            ),
        ]

    def __str__(self) -> str:
        return self.email
