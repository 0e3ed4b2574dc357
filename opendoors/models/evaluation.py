"""What visitors and hosts say afterwards, and editions that ran before this platform did."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.enums import Language
from basins.models import Basin, Need
from core.models import PublicModel
from opendoors.enums import AnswerRole, Degree
from opendoors.models.bookings import Visitor
from opendoors.models.editions import Edition
from opendoors.models.programme import Host


class Answer(PublicModel):
    """One answer to the short questionnaire, at most one per visitor and per host; empty where not answered.

    The person may be erased (``visitor`` and ``host`` are then empty), the figures stay.
    """

    edition = models.ForeignKey(Edition, models.CASCADE, verbose_name=_("edition"), related_name="answers")
    role = models.CharField(_("role"), max_length=8, choices=AnswerRole.choices)
    visitor = models.OneToOneField(
        Visitor, models.SET_NULL, verbose_name=_("visitor"), null=True, blank=True, related_name="answer"
    )
    host = models.OneToOneField(
        Host, models.SET_NULL, verbose_name=_("host"), null=True, blank=True, related_name="answer"
    )
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    rating = models.PositiveSmallIntegerField(
        _("rating"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    knows_better = models.CharField(_("knows the service better"), max_length=6, choices=Degree.choices, blank=True)
    will_contact = models.CharField(_("will get in touch"), max_length=6, choices=Degree.choices, blank=True)
    again = models.CharField(_("would do it again"), max_length=6, choices=Degree.choices, blank=True)
    best = models.TextField(_("what was good"), blank=True)
    missing = models.TextField(_("what is missing in the basin"), blank=True)
    may_quote = models.BooleanField(_("may be quoted without a name"), default=False)
    is_quoted = models.BooleanField(_("quoted in public"), default=False)
    need = models.ForeignKey(
        Need, models.SET_NULL, verbose_name=_("need it became"), null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("answer to the questionnaire")
        verbose_name_plural = _("answers to the questionnaire")
        ordering = ["-created"]
        constraints = [
            models.CheckConstraint(
                name="opendoors_answer_rating_is_one_to_five",
                condition=models.Q(rating__isnull=True) | models.Q(rating__gte=1, rating__lte=5),
            ),
            models.CheckConstraint(
                name="opendoors_answer_quoted_with_leave",
                condition=models.Q(is_quoted=False) | models.Q(may_quote=True),
                violation_error_message=_("This person did not agree to be quoted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.get_role_display()}"


class PastEdition(PublicModel):
    """Figures of an edition that ran without the platform, to stand beside ours; empty: nobody counted."""

    basin = models.ForeignKey(Basin, models.PROTECT, verbose_name=_("basin"), related_name="past_open_door_editions")
    name = models.CharField(_("name"), max_length=80)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    hosts = models.PositiveIntegerField(_("hosts"), null=True, blank=True)
    visits = models.PositiveIntegerField(_("visits"), null=True, blank=True)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    visitors = models.PositiveIntegerField(_("visitors"), null=True, blank=True)
    made = models.PositiveIntegerField(_("visits made"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("earlier edition")
        verbose_name_plural = _("earlier editions")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["basin", "starts_on"], name="opendoors_past_edition_once"),
            models.CheckConstraint(
                name="opendoors_past_edition_ends_after_it_starts",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("The last day cannot come before the first one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.starts_on:%Y})"
