"""Communities of practice: a series of its own kind, in cycles of some ten sessions, with members who commit.

The sessions are meetings like all others (`models.meetings`), one row each; ``CycleSession`` says which day the
rule had planned. Scarce: the places of a cycle. Its row owns them and counts what is taken; only
``rules.communities`` changes the count, with the row locked.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import User
from concertations.enums_communities import (
    MEMBERS_AT_MOST,
    MODERATORS_AT_MOST,
    MemberRole,
    MembershipState,
    Rhythm,
)
from concertations.models.meetings import Meeting
from concertations.models.registrations import Participant
from concertations.models.series import Series
from core.models import PublicModel


class CommunityCycle(PublicModel):
    """One round of a community, e.g. September to June, with the rule that its sessions follow.

    ``begins`` and ``ends`` are of the clock in Brussels: ten past two stays ten past two in winter.
    """

    series = models.ForeignKey(Series, models.PROTECT, verbose_name=_("series"), related_name="cycles")
    name = models.CharField(_("cycle"), max_length=40, help_text=_("For example 2026-2027."))
    call = models.TextField(_("what it is about"), blank=True)
    commitment = models.TextField(_("what members promise"), blank=True)
    recruitment_opens_at = models.DateTimeField(_("applications open"), null=True, blank=True)
    recruitment_closes_at = models.DateTimeField(_("applications close"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(
        _("places"),
        default=MEMBERS_AT_MOST,
        validators=[MinValueValidator(MODERATORS_AT_MOST), MaxValueValidator(MEMBERS_AT_MOST)],
        help_text=_("With the two moderators; 14 at most."),
    )
    places_taken = models.PositiveSmallIntegerField(_("places taken"), default=0, editable=False)
    first_day = models.DateField(_("first session"))
    begins = models.TimeField(_("begins"))
    ends = models.TimeField(_("ends"))
    rhythm = models.CharField(_("rhythm"), max_length=12, choices=Rhythm.choices, default=Rhythm.MONTHLY)
    sessions_planned = models.PositiveSmallIntegerField(
        _("sessions"), default=10, validators=[MinValueValidator(1), MaxValueValidator(40)]
    )
    skips_holidays = models.BooleanField(
        _("no session on a public holiday, nor in school holidays of either community"), default=True
    )

    class Meta:
        verbose_name = _("cycle of a community")
        verbose_name_plural = _("cycles of communities")
        ordering = ["-first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "name"],
                name="concertations_cycle_name_once",
                violation_error_message=_("This community has a cycle of this name already."),
            ),
            models.CheckConstraint(
                name="concertations_cycle_never_overfull",
                condition=models.Q(places_taken__lte=models.F("places"), places__lte=MEMBERS_AT_MOST),
                violation_error_message=_("More places are taken than this."),
            ),
            models.CheckConstraint(
                name="concertations_cycle_ends_after_it_begins",
                condition=models.Q(ends__gt=models.F("begins")),
                violation_error_message=_("A session ends after it begins, on the same day."),
            ),
            models.CheckConstraint(
                name="concertations_cycle_recruits_in_order",
                condition=models.Q(recruitment_opens_at__isnull=True, recruitment_closes_at__isnull=True)
                | models.Q(recruitment_closes_at__gt=models.F("recruitment_opens_at")),
                violation_error_message=_("Applications have two dates: they close after they open."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.name}"

    @property
    def places_left(self) -> int:
        return max(self.places - self.places_taken, 0)


class CycleException(PublicModel):
    """A day on which the cycle does not meet, though the rule says so; the session goes to the next day that fits."""

    cycle = models.ForeignKey(CommunityCycle, models.CASCADE, verbose_name=_("cycle"), related_name="exceptions")
    day = models.DateField(_("day"))

    class Meta:
        verbose_name = _("day without a session")
        verbose_name_plural = _("days without a session")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "day"],
                name="concertations_exception_once",
                violation_error_message=_("This day is left out already."),
            )
        ]

    def __str__(self) -> str:
        return self.day.isoformat()


class CycleSession(PublicModel):
    """Which meeting is which session of a cycle, and on which day the rule had put it."""

    cycle = models.ForeignKey(CommunityCycle, models.CASCADE, verbose_name=_("cycle"), related_name="sessions")
    meeting = models.OneToOneField(Meeting, models.CASCADE, verbose_name=_("meeting"), related_name="cycle_session")
    position = models.PositiveSmallIntegerField(_("session"))
    planned_for = models.DateField(_("planned for"))

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["cycle", "position"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "position"], name="concertations_session_position_once"),
            models.UniqueConstraint(fields=["cycle", "planned_for"], name="concertations_session_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} {self.position}"


class Membership(PublicModel):
    """A person in a cycle: applies, is taken in, commits to the whole of it; ``moderator_place`` is 1 or 2."""

    cycle = models.ForeignKey(CommunityCycle, models.CASCADE, verbose_name=_("cycle"), related_name="memberships")
    participant = models.ForeignKey(
        Participant, models.CASCADE, verbose_name=_("participant"), related_name="memberships"
    )
    state = models.CharField(_("state"), max_length=8, choices=MembershipState.choices, default=MembershipState.APPLIED)
    motivation = models.TextField(_("motivation"), blank=True)
    expectations = models.TextField(_("expectations"), blank=True)
    wants_to_moderate = models.BooleanField(_("would moderate"), default=False)
    moderator_place = models.PositiveSmallIntegerField(_("moderator"), null=True, blank=True)
    committed_at = models.DateTimeField(_("committed"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["created", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "participant"],
                name="concertations_member_once",
                violation_error_message=_("This person is in this cycle already."),
            ),
            models.UniqueConstraint(fields=["cycle", "moderator_place"], name="concertations_two_moderators"),
            models.CheckConstraint(
                name="concertations_moderator_is_a_member",
                condition=models.Q(moderator_place__isnull=True)
                | models.Q(moderator_place__gte=1, moderator_place__lte=MODERATORS_AT_MOST, state="accepted"),
            ),
            models.CheckConstraint(
                name="concertations_who_commits_is_taken_in",
                condition=models.Q(committed_at__isnull=True) | models.Q(state__in=["accepted", "left"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant} · {self.cycle}"

    @property
    def role(self) -> MemberRole:
        return MemberRole.MODERATOR if self.moderator_place else MemberRole.MEMBER
