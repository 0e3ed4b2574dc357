"""Volunteers who know more about a domain, and the questions of the desk to them."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, User
from core.models import PublicModel
from helpdesk.expert_enums import OPEN_CALLS, CallState, ExpertDomain, ExpertLanguage, ExpertState, HalfDay
from helpdesk.models.tickets import Ticket


class Expert(PublicModel):
    """A volunteer of the pool. Their row is the lock of how many questions they have.

    ``organization`` names an organisation of the directory (``directory.standing`` says where it leads now), where
    theirs stands there; ``organisation`` is what they call it. No basin in ``basins``: for the whole Region. No half
    day in ``reachable``: any. ``home`` is the helpdesk that keeps in touch with them.
    """

    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    function = models.CharField(_("function"), max_length=120, blank=True)
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    organization = models.UUIDField(_("organisation in the directory"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    languages = ArrayField(
        models.CharField(max_length=2, choices=ExpertLanguage.choices), verbose_name=_("languages spoken")
    )
    domains = ArrayField(models.CharField(max_length=16, choices=ExpertDomain.choices), verbose_name=_("domains"))
    reachable = ArrayField(
        models.CharField(max_length=6, choices=HalfDay.choices),
        verbose_name=_("can be reached"),
        default=list,
        blank=True,
    )
    basins = models.ManyToManyField(Basin, verbose_name=_("basins they know"), related_name="+", blank=True)
    home = models.ForeignKey(
        Basin, models.PROTECT, verbose_name=_("helpdesk in touch with them"), related_name="helpdesk_experts"
    )
    about = models.CharField(_("in a few words"), max_length=500, blank=True)
    at_once = models.PositiveSmallIntegerField(
        _("questions at once, at most"), default=2, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    per_month = models.PositiveSmallIntegerField(
        _("questions in thirty days, at most"), default=4, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    state = models.CharField(_("state"), max_length=8, choices=ExpertState.choices, default=ExpertState.OFFERED)
    away_until = models.DateField(_("away until"), null=True, blank=True, help_text=_("This day included."))
    consented_at = models.DateTimeField(_("agreed on"), null=True, blank=True)
    admitted_at = models.DateTimeField(_("admitted"), null=True, blank=True)
    admitted_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("admitted by"), null=True, blank=True, related_name="+"
    )
    anonymised_at = models.DateTimeField(_("made anonymous"), null=True, blank=True)

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="helpdesk_expert_once"),
            models.CheckConstraint(
                name="helpdesk_expert_email_in_lower_case", condition=models.Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="helpdesk_expert_in_the_pool_has_agreed",
                condition=~models.Q(state="active")
                | (models.Q(consented_at__isnull=False, admitted_at__isnull=False) & ~models.Q(email="")),
            ),
            models.CheckConstraint(
                name="helpdesk_expert_limits_in_range",
                condition=models.Q(at_once__range=(1, 20), per_month__range=(1, 60)),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_away(self, day: dt.date) -> bool:
        return self.away_until is not None and day <= self.away_until

    @property
    def domain_labels(self) -> list[str]:
        return [str(ExpertDomain(each).label) for each in self.domains]

    @property
    def half_day_labels(self) -> list[str]:
        """When they can be reached, in the order of the week."""
        return [str(each.label) for each in HalfDay if each in self.reachable]


class ExpertCall(PublicModel):
    """A question of the desk to one expert, about one ticket: the way into it, and into no other.

    ``due_at`` is when it lapses, ``working_days`` after it was asked or said yes to.
    """

    ticket = models.ForeignKey(Ticket, models.CASCADE, verbose_name=_("ticket"), related_name="expert_calls")
    expert = models.ForeignKey(Expert, models.PROTECT, verbose_name=_("expert"), related_name="calls")
    domain = models.CharField(_("domain"), max_length=16, choices=ExpertDomain.choices)
    question = models.TextField(_("question to the expert"))
    state = models.CharField(_("state"), max_length=10, choices=CallState.choices, default=CallState.ASKED)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        User, models.SET_NULL, verbose_name=_("asked by"), null=True, blank=True, related_name="+"
    )
    working_days = models.PositiveSmallIntegerField(
        _("working days to answer"), default=3, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    due_at = models.DateTimeField(_("lapses"))
    remind_at = models.DateTimeField(_("to be reminded"))
    reminded_at = models.DateTimeField(_("reminded"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    word = models.CharField(_("why"), max_length=300, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    thanked_at = models.DateTimeField(_("thanked"), null=True, blank=True)

    class Meta:
        verbose_name = _("question to an expert")
        verbose_name_plural = _("questions to experts")
        ordering = ["asked_at", "pk"]
        indexes = [
            models.Index(fields=["expert", "-asked_at"], name="helpdesk_call_of_expert"),
            models.Index(
                fields=["due_at"],
                name="helpdesk_call_due",
                condition=models.Q(state__in=["asked", "accepted"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "expert"],
                condition=models.Q(state__in=["asked", "accepted"]),
                name="helpdesk_call_open_once",
            ),
            models.CheckConstraint(
                name="helpdesk_call_open_or_ended",
                condition=models.Q(state__in=["asked", "accepted"], ended_at__isnull=True)
                | (~models.Q(state__in=["asked", "accepted"]) & models.Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="helpdesk_call_answered_has_a_moment",
                condition=models.Q(state="answered", answered_at__isnull=False)
                | (~models.Q(state="answered") & models.Q(answered_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="helpdesk_call_thanked_for_an_answer",
                condition=models.Q(thanked_at__isnull=True) | models.Q(answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket.code} · {self.expert}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CALLS
