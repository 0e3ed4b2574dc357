"""An open-door week of a basin, and the steps it takes."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from basins.models import Basin, User
from core.bilingual import text
from core.models import PublicModel
from opendoors.enums import EditionState

OFFER_HOURS_AT_MOST = 168


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
    call_text = models.TextField(_("call to hosts"), blank=True, help_text=_("Why, for whom, what you ask of them."))
    call_opens_at = models.DateTimeField(_("call to hosts opens"), null=True, blank=True)
    call_closes_at = models.DateTimeField(_("call to hosts closes"), null=True, blank=True)
    visits_per_visitor = models.PositiveSmallIntegerField(
        _("visits per visitor"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("At most so many; empty: no limit."),
    )
    seats_per_organisation = models.PositiveSmallIntegerField(
        _("seats per organisation and visit"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("At most so many; empty: no limit."),
    )
    offer_hours = models.PositiveSmallIntegerField(
        _("hours to accept a freed seat"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(OFFER_HOURS_AT_MOST)],
        help_text=_("Shorter by itself when the visit is near."),
    )
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
            models.CheckConstraint(
                name="opendoors_edition_call_has_both_dates_in_order",
                condition=models.Q(call_opens_at__isnull=True, call_closes_at__isnull=True)
                | models.Q(call_closes_at__gt=models.F("call_opens_at")),
                violation_error_message=_("The call to hosts has two dates: it closes after it opens."),
            ),
            models.CheckConstraint(
                name="opendoors_edition_limits_are_at_least_one",
                condition=(models.Q(visits_per_visitor__isnull=True) | models.Q(visits_per_visitor__gte=1))
                & (models.Q(seats_per_organisation__isnull=True) | models.Q(seats_per_organisation__gte=1))
                & models.Q(offer_hours__gte=1, offer_hours__lte=OFFER_HOURS_AT_MOST),
                violation_error_message=_("A limit is at least 1."),
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
